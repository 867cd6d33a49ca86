package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.virtugrid.jobs.api.Job;
import tools.jackson.databind.JsonNode;

/** Folds slices of inline input with a job; the result is one partial. */
final class InlineWork extends UnitWork {
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final Map<String, String> parameters;
    private final String json;
    private final byte[] begin;

    InlineWork(TaskRecord task, String json, byte[] begin) {
        this.operation = task.operation();
        this.parameters = task.parameters();
        this.json = json;
        this.begin = begin;
    }

    /** The values of some of the slices that a list is cut into, as a JSON array. */
    static String slices(List<JsonNode> values, int[] parts, int slices) {
        List<JsonNode> chosen = new ArrayList<>();
        for (int part : parts) {
            int from = (int) ((long) values.size() * part / slices);
            int to = (int) ((long) values.size() * (part + 1) / slices);
            chosen.addAll(values.subList(from, to));
        }
        return ResultJson.write(chosen);
    }

    @Override
    Serializable run(WorkerRuntime worker, Unit unit) throws Exception {
        Job<Serializable> job = worker.job(operation);
        UnitContext context = worker.context(parameters, true, unit);
        Serializable partial = begin == null ? job.create(context) : Partials.read(begin, worker.jobLoader());
        return job.fold(context, partial, ResultJson.records(ResultJson.array(json)));
    }
}
