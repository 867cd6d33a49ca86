package org.virtugrid.grid.dataset;

/** Takes chunks in the order of the dataset. */
@FunctionalInterface
interface ChunkSink {

    /**
     * Takes one chunk.
     *
     * @param slot the partition it goes to
     * @param value what is stored; belongs to the sink from now on
     * @param size how many of its bytes are the dataset's
     * @param skip how many of its first bytes belong to an earlier line
     */
    void take(int slot, byte[] value, int size, int skip, ChunkRow.Kind kind);
}
