package org.virtugrid.control.vm;

import java.util.Map;

/**
 * What a VM shall be.
 *
 * @param name unique among the VMs of a platform
 * @param cpus processors it may use at most
 * @param memoryBytes memory it may use
 * @param diskBytes disk it is planned to use
 * @param labels words for selecting it
 * @param gpu PCI address of the GPU of its host that it has to itself, as in 0000:65:00.0; null for none
 */
public record VmSpec(String name, int cpus, long memoryBytes, long diskBytes, Map<String, String> labels, String gpu) {
    /** A VM without a GPU. */
    public VmSpec(String name, int cpus, long memoryBytes, long diskBytes, Map<String, String> labels) {
        this(name, cpus, memoryBytes, diskBytes, labels, null);
    }

    /** Copies the labels. */
    public VmSpec {
        labels = Map.copyOf(labels);
    }
}
