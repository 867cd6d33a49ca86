package org.virtugrid.api;

import java.time.Instant;
import java.util.List;

/**
 * A dataset.
 *
 * @param state READY, UPLOADING (an upload that broke off and can be resumed, or is under way) or LOSSY
 * @param strategy size, lines, round-robin or key
 * @param chunks number of chunks
 * @param sha256 of all bytes in order, lower-case hex
 * @param seconds how long the upload took
 * @param lostChunks indexes of chunks of which no copy is left, at most 1000 of them, empty when nothing is lost
 * @param producedBy the task whose output this is, else null
 * @param column the column that is the key, from 1; null unless the strategy is key
 * @param delimiter what separates columns, one character; null unless the strategy is key
 */
public record DatasetView(
        String datasetId,
        String state,
        long sizeBytes,
        int chunks,
        int backups,
        String strategy,
        long chunkSizeBytes,
        String sha256,
        double seconds,
        Instant createdAt,
        List<Integer> lostChunks,
        String producedBy,
        Integer column,
        String delimiter) {}
