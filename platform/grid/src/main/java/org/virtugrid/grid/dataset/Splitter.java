package org.virtugrid.grid.dataset;

import org.virtugrid.grid.topology.SlotAffinity;

/** Cuts a stream of bytes into chunks. Pure but for its sink; used by one thread. */
interface Splitter {

    /** Takes the next bytes of the stream. */
    void write(byte[] source, int offset, int length);

    /** Hands over what is left. */
    void finish();

    /** The splitter for a strategy, to continue after {@code chunksBefore} chunks, the last of which ended a line or not. */
    static Splitter of(UploadOptions options, ChunkSink sink, int chunksBefore, boolean atLineStart) {
        return switch (options.strategy()) {
            case SIZE ->
                new SizeSplitter(
                        options.chunkSizeBytes(),
                        sink,
                        number -> number / SizeSplitter.NEIGHBOURS % SlotAffinity.PARTITIONS,
                        chunksBefore,
                        atLineStart);
            case ROUND_ROBIN ->
                new SizeSplitter(
                        options.chunkSizeBytes(),
                        sink,
                        number -> number % SlotAffinity.PARTITIONS,
                        chunksBefore,
                        atLineStart);
            case LINES -> new LineSplitter(options.chunkSizeBytes(), sink, chunksBefore, atLineStart);
            case KEY -> new KeySplitter(options.keyColumn(), options.delimiter(), sink, chunksBefore);
        };
    }
}
