package org.virtugrid.grid.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteDataStreamer;
import org.virtugrid.grid.fault.CacheTrouble;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.SlotAffinity;

/**
 * Sends chunks to the workers, a bounded number of bytes at a time, and keeps the chunk table of what is stored. A page
 * of the table is written once its chunks have all their copies, so that an upload can continue after a crash.
 */
final class ChunkWriter implements ChunkSink, AutoCloseable {
    private static final int BYTES_UNDER_WAY = 32 << 20;
    private static final int BUFFERED_PER_NODE = 2;
    private static final int BATCHES_PER_NODE = 4;

    private final DatasetCatalogue catalogue;
    private final String uid;
    private final IgniteDataStreamer<Long, byte[]> streamer;
    private final Semaphore underWay = new Semaphore(BYTES_UNDER_WAY);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<ChunkRow> rows;
    /** By page of the table, how many of its chunks have not all their copies yet. */
    private final Map<Integer, AtomicInteger> waiting = new HashMap<>();

    private int pagesWritten;

    ChunkWriter(Ignite ignite, DatasetCatalogue catalogue, DatasetInfo info, List<ChunkRow> stored) {
        this.catalogue = catalogue;
        this.uid = info.uid();
        this.rows = new ArrayList<>(stored);
        this.pagesWritten = stored.size() / ChunkPage.ROWS;
        this.streamer = ignite.dataStreamer(info.cacheName());
        // Overwriting goes through the primary and its backups, so that a change of topology in mid-upload is safe.
        streamer.allowOverwrite(true);
        streamer.perNodeBufferSize(BUFFERED_PER_NODE);
        streamer.perNodeParallelOperations(BATCHES_PER_NODE);
    }

    @Override
    public void take(int slot, byte[] value, int size, int skip, ChunkRow.Kind kind) {
        failIfFailed();
        int number = rows.size();
        long key = SlotAffinity.key(number, slot);
        rows.add(new ChunkRow(key, size, skip, Checksums.crc(value), kind));
        int permits = Math.min(Math.max(1, value.length), BYTES_UNDER_WAY);
        acquire(permits);
        AtomicInteger waitingInPage = waiting.computeIfAbsent(number / ChunkPage.ROWS, page -> new AtomicInteger());
        waitingInPage.incrementAndGet();
        try {
            streamer.addData(key, value).listen(done -> {
                underWay.release(permits);
                try {
                    done.get();
                    waitingInPage.decrementAndGet();
                } catch (RuntimeException e) {
                    failure.compareAndSet(null, e);
                }
            });
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
            failIfFailed();
        }
        writeFullPages();
    }

    private void acquire(int permits) {
        try {
            while (!underWay.tryAcquire(permits, 50, TimeUnit.MILLISECONDS)) {
                failIfFailed();
                streamer.tryFlush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GridException.unavailable("the upload was interrupted", "put the dataset again");
        }
    }

    private void writeFullPages() {
        while ((pagesWritten + 1) * ChunkPage.ROWS <= rows.size()) {
            AtomicInteger left = waiting.get(pagesWritten);
            if (left != null && left.get() > 0) {
                return;
            }
            waiting.remove(pagesWritten);
            catalogue.putPage(uid, pagesWritten, page(pagesWritten));
            pagesWritten++;
        }
    }

    private ChunkPage page(int number) {
        int from = number * ChunkPage.ROWS;
        return new ChunkPage(rows.subList(from, Math.min(rows.size(), from + ChunkPage.ROWS)));
    }

    private void flush() {
        try {
            streamer.flush();
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
        failIfFailed();
    }

    private void failIfFailed() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw CacheTrouble.of(cause)
                    .orElseGet(() -> new GridException(
                            GridException.Kind.UNAVAILABLE,
                            null,
                            "the workers could not store a chunk: " + cause.getMessage(),
                            "see status, then put the dataset again",
                            cause));
        }
    }

    /** Waits until everything taken so far has its copies and stands in the table; the rows. */
    List<ChunkRow> store() {
        flush();
        int pages = (rows.size() + ChunkPage.ROWS - 1) / ChunkPage.ROWS;
        for (; pagesWritten < pages; pagesWritten++) {
            catalogue.putPage(uid, pagesWritten, page(pagesWritten));
        }
        return rows;
    }

    @Override
    public void close() {
        try {
            streamer.close(failure.get() != null);
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }
}
