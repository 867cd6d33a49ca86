package org.virtugrid.grid.compute;

import java.util.Map;
import java.util.TreeMap;
import org.virtugrid.jobs.api.JobParameters;

/** What the platform itself takes from a task's parameters, before the job sees them. */
final class TaskParameters {
    private static final java.util.Set<String> OF_PLATFORM = java.util.Set.of("cpu", "memory");

    private TaskParameters() {}

    /** The parameters that are meant for the job. */
    static JobParameters ofJob(Map<String, String> all) {
        Map<String, String> own = new TreeMap<>(all);
        own.keySet().removeAll(OF_PLATFORM);
        return new JobParameters(own);
    }
}
