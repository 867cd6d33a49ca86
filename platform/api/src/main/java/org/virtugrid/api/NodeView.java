package org.virtugrid.api;

/**
 * A member of the grid.
 *
 * @param role control or worker
 * @param load 0 to 1, or null where it is not measured yet
 * @param queueDepth tasks waiting for this node
 */
public record NodeView(
        String id,
        String vmId,
        String role,
        String host,
        Double cpuUsage,
        Long memoryUsedBytes,
        Double load,
        Integer queueDepth) {}
