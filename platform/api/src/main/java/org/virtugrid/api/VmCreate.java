package org.virtugrid.api;

import java.util.Map;

/** Request to create a VM; null or zero sizes take the configured defaults. */
public record VmCreate(String name, Integer cpus, Long memoryBytes, Long diskBytes, Map<String, String> labels) {
    /** The least memory a VM may have: below it the JVM alone leaves too little for data and jobs. */
    public static final long LEAST_MEMORY_BYTES = 512L << 20;
}
