package org.virtugrid.grid.dataset;

/**
 * How a dataset is to be stored.
 *
 * @param name the dataset's name
 * @param strategy how it is cut and placed
 * @param chunkSizeBytes wanted size of a chunk, 4 KiB to 16 MiB
 * @param backups copies beside the first, 0 to 3
 * @param keyColumn for strategy key: the column, from 1; else 0
 * @param delimiter for strategy key: the byte between columns
 * @param producedBy the task whose output it is, or null
 */
public record UploadOptions(
        String name,
        PartitionStrategy strategy,
        int chunkSizeBytes,
        int backups,
        int keyColumn,
        byte delimiter,
        String producedBy) {}
