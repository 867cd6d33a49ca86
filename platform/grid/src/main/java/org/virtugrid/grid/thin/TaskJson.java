package org.virtugrid.grid.thin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.virtugrid.grid.compute.TaskProgress;
import org.virtugrid.grid.compute.TaskRecord;
import org.virtugrid.grid.compute.TaskState;
import org.virtugrid.grid.compute.Tasks;
import org.virtugrid.grid.fault.GridException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.RawValue;

/** Tasks as JSON text, with the fields that REST has. */
final class TaskJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private TaskJson() {}

    /** The task as it is now. */
    static String of(Tasks tasks, String id) {
        return write(tasks, require(tasks, id));
    }

    /** The task once it has ended, null before. */
    static String ofEnded(Tasks tasks, String id) {
        TaskRecord task = require(tasks, id);
        return task.state().ended() ? write(tasks, task) : null;
    }

    private static TaskRecord require(Tasks tasks, String id) {
        return tasks.find(id).orElseThrow(() -> GridException.notFound("task", id, "give the id of one"));
    }

    private static String write(Tasks tasks, TaskRecord task) {
        TaskProgress progress = task.state() == TaskState.RUNNING
                ? tasks.progress(task)
                : new TaskProgress(task.state() == TaskState.SUCCEEDED ? 1 : 0, Map.of());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("taskId", task.id());
        json.put("type", task.type());
        json.put("operation", task.operation());
        json.put("dataset", task.dataset());
        json.put("saveAs", task.saveAs());
        json.put("parameters", task.parameters());
        json.put("state", task.state().name());
        json.put("progress", progress.ratio());
        json.put("attempts", task.attempt());
        json.put("vmIds", task.vmIds());
        json.put("running", progress.running());
        json.put("createdAt", text(task.createdAt()));
        json.put("startedAt", text(task.startedAt()));
        json.put("finishedAt", text(task.finishedAt()));
        json.put("result", task.resultJson() == null ? null : new RawValue(task.resultJson()));
        json.put("error", task.error());
        json.put("history", history(task));
        return JSON.writeValueAsString(json);
    }

    private static List<Map<String, Object>> history(TaskRecord task) {
        List<Map<String, Object>> history = new ArrayList<>();
        for (TaskRecord.Step step : task.history()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("time", text(step.time()));
            json.put("event", step.event());
            json.put("vmId", step.vmId());
            json.put("detail", step.detail());
            history.add(json);
        }
        return history;
    }

    private static String text(Instant time) {
        return time == null ? null : time.toString();
    }
}
