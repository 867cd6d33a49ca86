package org.virtugrid.api;

import java.util.Map;

/** Request to create a VM; null or zero sizes take the configured defaults. */
public record VmCreate(String name, Integer cpus, Long memoryBytes, Long diskBytes, Map<String, String> labels) {}
