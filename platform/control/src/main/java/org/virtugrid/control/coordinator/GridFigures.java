package org.virtugrid.control.coordinator;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.virtugrid.api.StatusView;
import org.virtugrid.grid.compute.TaskState;
import org.virtugrid.grid.compute.Tasks;
import org.virtugrid.grid.compute.VmWork;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.grid.dataset.Datasets;

/** Figures about tasks and datasets that the grid is asked for; older ones while it does not answer in time. */
final class GridFigures implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "grid-figures");
        thread.setDaemon(true);
        return thread;
    });
    private final Fresh<StatusView.Tasks> tasks;
    private final Fresh<List<String>> datasets;
    private final Fresh<List<String>> lossy;
    private final Fresh<Map<String, Long>> chunkBytes;
    private final Fresh<Map<String, VmWork>> work;

    /** Both suppliers fail while the grid is not ready. */
    GridFigures(Supplier<Tasks> taskSource, Supplier<Datasets> datasetSource) {
        this.tasks = new Fresh<>(
                threads, () -> tasksOf(taskSource.get().counts()), PATIENCE, new StatusView.Tasks(0, 0, 0, 0, 0));
        this.datasets = new Fresh<>(
                threads,
                () -> datasetSource.get().list().stream().map(DatasetInfo::name).toList(),
                PATIENCE,
                List.of());
        this.lossy = new Fresh<>(
                threads,
                () -> datasetSource.get().list().stream()
                        .map(DatasetInfo::name)
                        .filter(name -> !datasetSource.get().lostChunks(name).isEmpty())
                        .toList(),
                PATIENCE,
                List.of());
        this.chunkBytes = new Fresh<>(
                threads,
                () -> datasetSource.get().list().stream()
                        .collect(Collectors.toMap(
                                DatasetInfo::name, info -> info.sizeBytes() / Math.max(1, info.chunks()))),
                PATIENCE,
                Map.of());
        this.work = new Fresh<>(threads, () -> taskSource.get().workByVm(), PATIENCE, Map.of());
    }

    private static StatusView.Tasks tasksOf(Map<TaskState, Long> counts) {
        return new StatusView.Tasks(
                counts.getOrDefault(TaskState.QUEUED, 0L),
                counts.getOrDefault(TaskState.RUNNING, 0L),
                counts.getOrDefault(TaskState.SUCCEEDED, 0L),
                counts.getOrDefault(TaskState.FAILED, 0L),
                counts.getOrDefault(TaskState.CANCELLED, 0L));
    }

    StatusView.Tasks tasks() {
        return tasks.get();
    }

    int datasets() {
        return datasets.get().size();
    }

    List<String> datasetsWithLoss() {
        return lossy.get();
    }

    /** How big a chunk of each dataset is on average. */
    Map<String, Long> chunkBytes() {
        return chunkBytes.get();
    }

    Map<String, VmWork> workByVm() {
        return work.get();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
