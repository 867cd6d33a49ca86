package org.virtugrid.control.rest;

import java.util.List;
import java.util.Locale;
import org.virtugrid.api.ChunkView;
import org.virtugrid.api.DatasetView;
import org.virtugrid.grid.dataset.ChunkLocation;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.grid.dataset.DatasetState;
import org.virtugrid.grid.dataset.Datasets;
import org.virtugrid.grid.dataset.PartitionStrategy;

/** Datasets as users see them. */
final class DatasetViews {
    private final Datasets datasets;

    DatasetViews(Datasets datasets) {
        this.datasets = datasets;
    }

    DatasetView of(DatasetInfo info) {
        List<Integer> lost = info.state() == DatasetState.LOSSY ? datasets.lostChunks(info.name()) : List.of();
        boolean byKey = info.strategy() == PartitionStrategy.KEY;
        return new DatasetView(
                info.name(),
                info.state().name(),
                info.sizeBytes(),
                info.chunks(),
                info.backups(),
                info.strategy().label(),
                info.chunkSizeBytes(),
                info.sha256(),
                info.seconds(),
                info.createdAt(),
                lost,
                info.producedBy(),
                byKey ? info.keyColumn() : null,
                byKey ? Character.toString(info.delimiter()) : null);
    }

    static ChunkView of(String dataset, ChunkLocation chunk) {
        List<String> vms = chunk.vmIds();
        return new ChunkView(
                dataset + "#" + chunk.index(),
                chunk.index(),
                chunk.sizeBytes(),
                String.format(Locale.ROOT, "%08x", chunk.checksum()),
                vms.isEmpty() ? null : vms.get(0),
                vms.isEmpty() ? List.of() : vms.subList(1, vms.size()),
                vms.size());
    }
}
