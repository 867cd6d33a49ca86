package org.virtugrid.api;

import java.util.Map;

/** Request to create a VM; null or zero sizes take the configured defaults, and no {@code gpu} is none. */
public record VmCreate(
        String name, Integer cpus, Long memoryBytes, Long diskBytes, Map<String, String> labels, String gpu) {
    /** The least memory a VM may have: below it the JVM alone leaves too little for data and jobs. */
    public static final long LEAST_MEMORY_BYTES = 512L << 20;

    /** A VM without a GPU. */
    public VmCreate(String name, Integer cpus, Long memoryBytes, Long diskBytes, Map<String, String> labels) {
        this(name, cpus, memoryBytes, diskBytes, labels, null);
    }
}
