package org.virtugrid.grid.topology;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The caches that a node's database has on disk, a folder each. Ignite refuses a node that brings caches which the grid
 * does not have, because they may have been destroyed while it was away. Only for nodes that don't run.
 */
public final class StoredCaches {
    /** File beside a worker's settings with the names of all caches of the active grid that it joins, one a line. */
    public static final String LIST = "caches";

    private static final String FOLDER_PREFIX = "cache-";
    private static final String SETTINGS = "cache_data.dat";
    private static final String SYSTEM_CACHE = "ignite-sys-cache";
    /** Names that Ignite takes for folders as they are; what others are called on disk is not known here. */
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9._-]+");

    private static final int DEPTH = 3;

    private StoredCaches() {}

    /** Removes what a worker that was away holds of caches that an active grid does not have any more. */
    public static void removeAllBut(Path database, Set<String> existing) throws IOException {
        remove(database, cache -> !existing.contains(cache) && !cache.equals(SYSTEM_CACHE));
    }

    /** The same as a list says, if there is one. */
    public static void removeAllButListed(Path database, Path list) throws IOException {
        if (Files.exists(list)) {
            removeAllBut(database, Set.copyOf(Files.readAllLines(list)));
        }
    }

    /**
     * Removes what a control node remembers of datasets' caches: settings only, as it holds none of their data. It learns
     * anew from workers which there are.
     */
    public static void removeDatasets(Path database) throws IOException {
        remove(database, cache -> cache.startsWith(Caches.DATASET_PREFIX));
    }

    /**
     * Gives a database the settings of caches that another one has and it has not. When all nodes are killed while a cache is
     * being made or destroyed, some have it and others not; who comes first would keep out those that have more.
     */
    public static void copySettings(Path from, Path to) throws IOException {
        Map<String, Path> known = folders(to);
        Path system = known.get(SYSTEM_CACHE);
        if (system == null) {
            return;
        }
        for (Map.Entry<String, Path> cache : folders(from).entrySet()) {
            Path settings = cache.getValue().resolve(SETTINGS);
            if (known.containsKey(cache.getKey()) || !Files.exists(settings)) {
                continue;
            }
            Path folder = Files.createDirectories(
                    system.resolveSibling(cache.getValue().getFileName().toString()));
            Path beside = folder.resolve(SETTINGS + ".new");
            Files.copy(settings, beside, StandardCopyOption.REPLACE_EXISTING);
            Files.move(beside, folder.resolve(SETTINGS), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** The caches that have settings or data on disk, and their folders. */
    private static Map<String, Path> folders(Path database) throws IOException {
        if (!Files.isDirectory(database)) {
            return Map.of();
        }
        Map<String, Path> folders = new HashMap<>();
        try (Stream<Path> all = Files.walk(database, DEPTH)) {
            all.filter(Files::isDirectory)
                    .filter(folder -> folder.getFileName().toString().startsWith(FOLDER_PREFIX))
                    .forEach(folder ->
                            folders.put(folder.getFileName().toString().substring(FOLDER_PREFIX.length()), folder));
        }
        return folders;
    }

    private static void remove(Path database, Predicate<String> unwanted) throws IOException {
        List<Path> stale = folders(database).entrySet().stream()
                .filter(cache -> PLAIN_NAME.matcher(cache.getKey()).matches() && unwanted.test(cache.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        for (Path folder : stale) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
