package org.virtugrid.control.rest;

import java.util.List;
import java.util.Map;
import org.virtugrid.api.TaskView;
import org.virtugrid.grid.compute.TaskProgress;
import org.virtugrid.grid.compute.TaskRecord;
import org.virtugrid.grid.compute.TaskState;
import org.virtugrid.grid.compute.Tasks;
import tools.jackson.databind.util.RawValue;

/** Tasks as users see them. */
final class TaskViews {
    /** Live progress is asked for so many tasks of one list; the newest, that is. */
    private static final int LIVE = 50;

    private final Tasks tasks;

    TaskViews(Tasks tasks) {
        this.tasks = tasks;
    }

    TaskView of(TaskRecord task) {
        TaskProgress progress = task.state() == TaskState.RUNNING
                ? tasks.progress(task)
                : new TaskProgress(task.state() == TaskState.SUCCEEDED ? 1 : 0, Map.of());
        return of(task, progress);
    }

    List<TaskView> of(List<TaskRecord> list) {
        int[] live = {0};
        return list.stream()
                .map(task -> task.state() == TaskState.RUNNING && live[0]++ >= LIVE
                        ? of(task, new TaskProgress(0, Map.of()))
                        : of(task))
                .toList();
    }

    private static TaskView of(TaskRecord task, TaskProgress progress) {
        return new TaskView(
                task.id(),
                task.type(),
                task.operation(),
                task.dataset(),
                task.saveAs(),
                task.parameters(),
                task.state().name(),
                progress.ratio(),
                task.attempt(),
                task.vmIds(),
                progress.running(),
                task.createdAt(),
                task.startedAt(),
                task.finishedAt(),
                task.resultJson() == null ? null : new RawValue(task.resultJson()),
                task.error(),
                task.history().stream()
                        .map(step -> new TaskView.Step(step.time(), step.event(), step.vmId(), step.detail()))
                        .toList());
    }
}
