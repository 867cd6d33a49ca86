package org.virtugrid.control.vm.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.virtugrid.grid.topology.Caches;

/**
 * What a worker's disk keeps of datasets that were deleted while it was away. Ignite refuses a node that brings caches
 * which the grid does not have; names of datasets' caches are never used twice, so what is gone can go here too.
 */
final class StaleCaches {
    private static final String FOLDER_PREFIX = "cache-";
    private static final int DEPTH = 3;

    private StaleCaches() {}

    /** Removes the folders of datasets' caches below the database that are not among the existing ones. */
    static void remove(Path database, Set<String> existing) throws IOException {
        if (!Files.isDirectory(database)) {
            return;
        }
        List<Path> stale;
        try (Stream<Path> folders = Files.walk(database, DEPTH)) {
            stale = folders.filter(Files::isDirectory)
                    .filter(folder -> isStale(folder.getFileName().toString(), existing))
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

    private static boolean isStale(String folder, Set<String> existing) {
        return folder.startsWith(FOLDER_PREFIX + Caches.DATASET_PREFIX)
                && !existing.contains(folder.substring(FOLDER_PREFIX.length()));
    }
}
