package org.virtugrid.grid.topology;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The caches that a node's database has on disk, a folder each. Ignite refuses a node that brings caches which the grid
 * does not have, because they may have been destroyed while it was away. Only for nodes that don't run.
 */
public final class StoredCaches {
    private static final String FOLDER_PREFIX = "cache-";
    private static final String SYSTEM_CACHE = "ignite-sys-cache";
    /** Names that Ignite takes for folders as they are; what others are called on disk is not known here. */
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9._-]+");

    private static final int DEPTH = 3;

    private StoredCaches() {}

    /** Removes what a worker that was away holds of caches that an active grid does not have any more. */
    public static void removeAllBut(Path database, Set<String> existing) throws IOException {
        remove(database, cache -> !existing.contains(cache) && !cache.equals(SYSTEM_CACHE));
    }

    /**
     * Removes what a control node remembers of datasets' caches: settings only, as it holds none of their data. It learns
     * anew from workers which there are.
     */
    public static void removeDatasets(Path database) throws IOException {
        remove(database, cache -> cache.startsWith(Caches.DATASET_PREFIX));
    }

    private static void remove(Path database, Predicate<String> unwanted) throws IOException {
        if (!Files.isDirectory(database)) {
            return;
        }
        List<Path> stale;
        try (Stream<Path> folders = Files.walk(database, DEPTH)) {
            stale = folders.filter(Files::isDirectory)
                    .filter(folder -> folder.getFileName().toString().startsWith(FOLDER_PREFIX))
                    .filter(folder -> {
                        String cache = folder.getFileName().toString().substring(FOLDER_PREFIX.length());
                        return PLAIN_NAME.matcher(cache).matches() && unwanted.test(cache);
                    })
                    .toList();
        }
        for (Path folder : stale) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
