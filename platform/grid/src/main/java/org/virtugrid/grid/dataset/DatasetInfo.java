package org.virtugrid.grid.dataset;

import java.io.Serializable;
import java.time.Instant;

/** A dataset's entry in the catalogue. Immutable; a plain class because Ignite cannot store Java records. */
public final class DatasetInfo implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String uid;
    private final DatasetState state;
    private final PartitionStrategy strategy;
    private final int chunkSizeBytes;
    private final int backups;
    private final int keyColumn;
    private final byte delimiter;
    private final String producedBy;
    private final long createdAtMillis;
    private final long sizeBytes;
    private final int chunks;
    private final String sha256;
    private final double seconds;

    private DatasetInfo(
            String name,
            String uid,
            DatasetState state,
            PartitionStrategy strategy,
            int chunkSizeBytes,
            int backups,
            int keyColumn,
            byte delimiter,
            String producedBy,
            long createdAtMillis,
            long sizeBytes,
            int chunks,
            String sha256,
            double seconds) {
        this.name = name;
        this.uid = uid;
        this.state = state;
        this.strategy = strategy;
        this.chunkSizeBytes = chunkSizeBytes;
        this.backups = backups;
        this.keyColumn = keyColumn;
        this.delimiter = delimiter;
        this.producedBy = producedBy;
        this.createdAtMillis = createdAtMillis;
        this.sizeBytes = sizeBytes;
        this.chunks = chunks;
        this.sha256 = sha256;
        this.seconds = seconds;
    }

    /** A dataset whose upload begins now. */
    static DatasetInfo uploading(String uid, UploadOptions options, Instant now) {
        return new DatasetInfo(
                options.name(),
                uid,
                DatasetState.UPLOADING,
                options.strategy(),
                options.chunkSizeBytes(),
                options.backups(),
                options.keyColumn(),
                options.delimiter(),
                options.producedBy(),
                now.toEpochMilli(),
                0,
                0,
                null,
                0);
    }

    /** The same dataset with another state. */
    DatasetInfo withState(DatasetState next) {
        return new DatasetInfo(
                name,
                uid,
                next,
                strategy,
                chunkSizeBytes,
                backups,
                keyColumn,
                delimiter,
                producedBy,
                createdAtMillis,
                sizeBytes,
                chunks,
                sha256,
                seconds);
    }

    /** The same dataset with so much stored. */
    DatasetInfo withContent(DatasetState next, long size, int chunkCount, String hash, double took) {
        return new DatasetInfo(
                name,
                uid,
                next,
                strategy,
                chunkSizeBytes,
                backups,
                keyColumn,
                delimiter,
                producedBy,
                createdAtMillis,
                size,
                chunkCount,
                hash,
                took);
    }

    /** The name users know it by. */
    public String name() {
        return name;
    }

    /** Names this very dataset; another one with the same name has another uid. */
    public String uid() {
        return uid;
    }

    /** The cache that holds its chunks. */
    public String cacheName() {
        return "dataset-" + uid;
    }

    /** Where it is in its life. */
    public DatasetState state() {
        return state;
    }

    /** How it was cut and placed. */
    public PartitionStrategy strategy() {
        return strategy;
    }

    /** Wanted size of a chunk. */
    public int chunkSizeBytes() {
        return chunkSizeBytes;
    }

    /** Copies beside the first. */
    public int backups() {
        return backups;
    }

    /** For strategy key: the column, from 1. */
    public int keyColumn() {
        return keyColumn;
    }

    /** For strategy key: the byte between columns. */
    public byte delimiter() {
        return delimiter;
    }

    /** The task whose output it is, or null. */
    public String producedBy() {
        return producedBy;
    }

    /** When its upload began. */
    public Instant createdAt() {
        return Instant.ofEpochMilli(createdAtMillis);
    }

    /** All its bytes. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Number of chunks. */
    public int chunks() {
        return chunks;
    }

    /** SHA-256 of all bytes in order, lower-case hex; null while uploading. */
    public String sha256() {
        return sha256;
    }

    /** How long the upload took. */
    public double seconds() {
        return seconds;
    }
}
