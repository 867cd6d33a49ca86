package org.virtugrid.control.vm;

import java.util.List;

/**
 * A graphics processor of a host that can be handed to one VM.
 *
 * @param host name of the machine it is in
 * @param address its PCI address there, as in 0000:65:00.0
 * @param product what it calls itself
 * @param iommuGroup number of the group that is handed over as one; null where the host's IOMMU is off, and then it can't be
 * @param group PCI addresses of all devices of the group that go with it, itself included
 */
public record VmGpu(String host, String address, String product, Integer iommuGroup, List<String> group) {
    /** Copies the group. */
    public VmGpu {
        group = List.copyOf(group);
    }
}
