package org.virtugrid.grid.dataset;

import java.time.Clock;
import java.util.List;
import org.apache.ignite.Ignite;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.Caches;

/** Datasets that tasks make: begun by a task's first attempt, taken over by its later ones, published once. */
public final class TaskOutputs {
    private static final int CHUNK_BYTES = 1 << 20;

    private final Ignite ignite;
    private final Clock clock;
    private final DatasetCatalogue catalogue;

    /** The outputs of this grid's tasks. */
    public TaskOutputs(Ignite ignite, Clock clock) {
        this.ignite = ignite;
        this.clock = clock;
        this.catalogue = new DatasetCatalogue(ignite);
    }

    /** Begins the output of a task, or finds what an earlier attempt began. */
    public DatasetInfo begin(String name, String taskId, PartitionStrategy strategy, int backups) {
        DatasetInfo published = catalogue.find(name);
        if (published != null && taskId.equals(published.producedBy())) {
            return published;
        }
        DatasetInfo upload = catalogue.upload(name);
        if (upload != null && taskId.equals(upload.producedBy())) {
            ignite.getOrCreateCache(Caches.dataset(upload.cacheName(), upload.backups()));
            return upload;
        }
        if (published != null) {
            throw new GridException(
                    GridException.Kind.CONFLICT,
                    "saveAs",
                    "dataset " + name + " is there already",
                    "choose another name, or delete it first");
        }
        UploadOptions options = new UploadOptions(name, strategy, CHUNK_BYTES, backups, 1, (byte) '\t', taskId);
        DatasetInfo info = DatasetInfo.uploading("task-" + taskId, options, clock.instant());
        catalogue.begin(info, "saveAs");
        ignite.getOrCreateCache(Caches.dataset(info.cacheName(), info.backups()));
        return info;
    }

    /** Stores that an output is whole, for {@link #publish}; the dataset as it will be. */
    public DatasetInfo complete(DatasetInfo output, List<ChunkRow> rows) {
        if (output.state() == DatasetState.READY) {
            return output;
        }
        catalogue.putTable(output.uid(), rows);
        long bytes = rows.stream().mapToLong(ChunkRow::size).sum();
        double seconds = (clock.millis() - output.createdAt().toEpochMilli()) / 1000.0;
        DatasetInfo whole = output.withContent(DatasetState.UPLOADING, bytes, rows.size(), null, seconds);
        // Somebody may have discarded this output, and begun to put a dataset of that name
        catalogue.change(output.name(), true, now -> now.uid().equals(output.uid()) ? whole : now);
        return output.withContent(DatasetState.READY, bytes, rows.size(), null, seconds);
    }

    /**
     * Makes an output visible that is whole. Idempotent.
     *
     * @return false when somebody has removed it meanwhile
     */
    public boolean publish(String name, String taskId) {
        return catalogue.publishOutput(name, taskId);
    }

    /** Removes an output that will not be completed. */
    public void discard(String name, String taskId) {
        DatasetInfo upload = catalogue.upload(name);
        if (upload != null && taskId.equals(upload.producedBy())) {
            ignite.destroyCache(upload.cacheName());
            catalogue.removeTable(upload.uid(), 0);
            catalogue.removeUpload(upload);
        }
    }
}
