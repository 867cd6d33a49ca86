package org.virtugrid.cli.doctor;

import java.util.Map;

/**
 * What a start is going to take.
 *
 * @param ports by use, as they are going to be in the settings
 * @param workersToStart workers that don't run yet
 * @param running whether the control process of this home is alive, so that its ports are rightly busy
 * @param adopting whether workers of this home are alive, so that inner ports may be theirs
 */
public record StartPlan(
        int workersToStart, long workerMemoryBytes, Map<String, Integer> ports, boolean running, boolean adopting) {
    public StartPlan {
        ports = Map.copyOf(ports);
    }
}
