package org.virtugrid.grid.dataset;

import java.util.regex.Pattern;
import org.apache.ignite.Ignite;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.NodeAttributes;

/** Refuses uploads and names that cannot be, with the bound. */
public final class UploadCheck {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final int SMALLEST_CHUNK = 4 << 10;
    private static final int LARGEST_CHUNK = 16 << 20;
    private static final int MOST_BACKUPS = 3;
    private static final int LAST_COLUMN = 10_000;

    private UploadCheck() {}

    /** Checks a dataset's name. */
    public static void requireName(String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw GridException.invalid(
                    "datasetId",
                    "'" + name + "' is not a dataset's name",
                    "use 1 to 63 letters, digits, dots, hyphens and underscores, the first a letter or digit");
        }
    }

    static void requireValid(UploadOptions options, Ignite ignite) {
        requireName(options.name());
        bound("chunkSize", options.chunkSizeBytes(), SMALLEST_CHUNK, LARGEST_CHUNK);
        bound("backups", options.backups(), 0, MOST_BACKUPS);
        long workers = ignite.cluster().currentBaselineTopology().stream()
                .filter(NodeAttributes::isWorker)
                .count();
        if (options.backups() > workers - 1) {
            throw GridException.invalid(
                    "backups",
                    options.backups() + " backups need " + (options.backups() + 1) + " workers, there are " + workers,
                    "give fewer backups or create more VMs");
        }
        if (options.strategy() == PartitionStrategy.KEY) {
            bound("column", options.keyColumn(), 1, LAST_COLUMN);
        }
    }

    private static void bound(String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw GridException.invalid(
                    field, field + " is " + value, "give a whole number from " + min + " to " + max);
        }
    }
}
