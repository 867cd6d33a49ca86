package org.virtugrid.grid.dataset;

/**
 * One upload. Bytes go in, in order; nothing is visible before {@link #commit}. Used by one thread. Closing without a
 * commit keeps what is stored for a later resume; {@link #abort} removes it.
 */
public interface DatasetUpload extends AutoCloseable {

    /** Bytes taken so far, including those of the upload that this one resumes. */
    long receivedBytes();

    /**
     * Takes bytes. Blocks while too much is on its way to the workers.
     *
     * @throws org.virtugrid.grid.fault.GridException UNAVAILABLE when the workers cannot store it; call abort then
     */
    void write(byte[] source, int offset, int length);

    /** Stores the rest, waits until every copy is there, publishes the dataset. */
    DatasetInfo commit();

    /** Removes everything this upload stored. */
    void abort();

    /** Ends the upload; without a commit it can be resumed. */
    @Override
    void close();
}
