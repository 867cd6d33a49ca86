package org.virtugrid.grid.dataset;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * The datasets of the grid. Safe for use by several threads; every call may block for the time the grid takes, and fails
 * with {@link org.virtugrid.grid.fault.GridException}. Needs an active grid.
 */
public interface Datasets {

    /**
     * Begins an upload.
     *
     * <p>An upload of the same name that broke off is dropped. A READY dataset of that name may stay: {@code commit}
     * then succeeds if the bytes and the options are the same, and fails with CONFLICT, leaving the old one, if not.
     */
    DatasetUpload create(UploadOptions options);

    /** Continues an upload that broke off, after its last stored byte. NOT_FOUND when there is none. */
    DatasetUpload resume(String name);

    /** SHA-256, lower-case hex, of the bytes of an unfinished upload that are stored; the upload continues after them. */
    PartialUpload partial(String name);

    /** How far an unfinished upload has come. */
    record PartialUpload(DatasetInfo info, long receivedBytes, String prefixSha256) {}

    /** The dataset by that name, in any state but DELETING. */
    Optional<DatasetInfo> find(String name);

    /** All datasets by name, in any state but DELETING, unfinished uploads included. */
    List<DatasetInfo> list();

    /** Removes a dataset or an unfinished upload and frees its space; false when there is none. */
    boolean delete(String name);

    /** Writes the dataset's bytes in order, each chunk checked against its checksum. */
    void read(String name, OutputStream out) throws IOException;

    /** Where every copy of every chunk lies now, by index. */
    List<ChunkLocation> chunks(String name);

    /** Indexes of chunks that have no copy left, at most 1000. */
    List<Integer> lostChunks(String name);
}
