package org.virtugrid.cli.backup;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.virtugrid.api.DatasetView;

/**
 * What a backup holds. It holds no secret: a restored grid has a token and passwords of its own.
 *
 * @param formatVersion grows with what an older version could not read
 * @param version of the program that made it
 * @param datasets the catalogue
 * @param included names of the datasets whose bytes are in it
 * @param tasks how many
 * @param sha256 of every other entry, by name
 */
public record BackupManifest(
        int formatVersion,
        String version,
        Instant createdAt,
        Settings settings,
        List<DatasetView> datasets,
        List<String> included,
        long tasks,
        Map<String, String> sha256) {

    /** The newest format. */
    public static final int FORMAT_VERSION = 1;

    static final String ENTRY = "manifest.json";
    static final String TASKS = "tasks.ndjson";
    static final String CONTROL = "config/control.yaml";
    static final String JOBS = "config/jobs/";
    static final String DATASETS = "datasets/";

    /** What the home was set to. */
    public record Settings(String driver, int workers, int backups, long workerMemoryBytes) {}
}
