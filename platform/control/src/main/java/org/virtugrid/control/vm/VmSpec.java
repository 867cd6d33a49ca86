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
 */
public record VmSpec(String name, int cpus, long memoryBytes, long diskBytes, Map<String, String> labels) {
    /** Copies the labels. */
    public VmSpec {
        labels = Map.copyOf(labels);
    }
}
