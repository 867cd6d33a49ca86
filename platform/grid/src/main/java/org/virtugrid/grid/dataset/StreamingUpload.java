package org.virtugrid.grid.dataset;

import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import org.virtugrid.grid.fault.GridException;

/** An upload under way: hash, cut, store, publish. */
final class StreamingUpload implements DatasetUpload {
    private final DatasetService service;
    private final DatasetCatalogue catalogue;
    private final DatasetInfo info;
    private final ChunkWriter writer;
    private final Splitter splitter;
    private final MessageDigest digest;
    private final Clock clock;
    private final long begunAtMillis;
    private long received;
    private boolean ended;

    StreamingUpload(
            DatasetService service,
            DatasetCatalogue catalogue,
            DatasetInfo info,
            ChunkWriter writer,
            Splitter splitter,
            MessageDigest digest,
            long received,
            Clock clock) {
        this.service = service;
        this.catalogue = catalogue;
        this.info = info;
        this.writer = writer;
        this.splitter = splitter;
        this.digest = digest;
        this.received = received;
        this.clock = clock;
        this.begunAtMillis = clock.millis();
    }

    @Override
    public long receivedBytes() {
        return received;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        digest.update(source, offset, length);
        splitter.write(source, offset, length);
        received += length;
    }

    @Override
    public DatasetInfo commit() {
        splitter.finish();
        List<ChunkRow> rows = writer.store();
        writer.close();
        String sha256 = HexFormat.of().formatHex(digest.digest());
        double seconds = (clock.millis() - begunAtMillis) / 1000.0;
        DatasetInfo complete = info.withContent(DatasetState.READY, received, rows.size(), sha256, seconds);
        DatasetInfo there = catalogue.publish(complete, old -> old.state() != DatasetState.READY);
        if (there == null) {
            end();
            return complete;
        }
        abort();
        if (sha256.equals(there.sha256()) && there.sizeBytes() == received) {
            return there;
        }
        throw new GridException(
                GridException.Kind.CONFLICT,
                "datasetId",
                "dataset " + info.name() + " is there already with other bytes",
                "choose another name, or delete it first");
    }

    @Override
    public void abort() {
        if (!ended) {
            writer.close();
            service.discard(info);
            end();
        }
    }

    @Override
    public void close() {
        if (!ended) {
            try {
                writer.store();
            } finally {
                writer.close();
                end();
            }
        }
    }

    private void end() {
        ended = true;
        service.ended(info);
    }
}
