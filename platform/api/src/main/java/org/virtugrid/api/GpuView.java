package org.virtugrid.api;

import java.util.List;

/**
 * A graphics processor of a host.
 *
 * @param address its PCI address, as {@code vm create --gpu} takes it
 * @param iommuGroup what is handed to a VM as one; null where the host's IOMMU is off, and then it can't be
 * @param group PCI addresses of all devices that go with it
 * @param vmId the VM that has it or a device of its group, null when it is free
 */
public record GpuView(
        String host,
        String address,
        String product,
        Integer iommuGroup,
        List<String> group,
        String vmId,
        String vmName) {}
