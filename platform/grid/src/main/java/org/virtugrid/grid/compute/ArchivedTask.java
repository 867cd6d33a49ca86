package org.virtugrid.grid.compute;

import java.util.List;
import java.util.Map;

/**
 * A task as a backup holds it: everything but where it was running.
 *
 * @param state name of a {@link TaskState}
 * @param createdAtMillis times are milliseconds since the epoch, 0 for none
 * @param inputJson its inline input as JSON text, or null
 * @param resultJson its result as JSON text, or null
 */
public record ArchivedTask(
        String id,
        String type,
        String operation,
        Map<String, String> parameters,
        String dataset,
        String inputJson,
        String saveAs,
        String state,
        int attempts,
        List<String> vmIds,
        long createdAtMillis,
        long startedAtMillis,
        long finishedAtMillis,
        String resultJson,
        String error,
        List<Step> history) {

    /** One step in its life. */
    public record Step(long timeMillis, String event, String vmId, String detail) {}
}
