package org.virtugrid.e2e.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What is left of a grid's home when all of its processes have ended. */
final class Remains {
    private static final int ATTEMPTS = 50;
    private static final long PAUSE_MILLIS = 20;

    private final Path home;

    Remains(Path home) {
        this.home = home;
    }

    void keepLogs(String name) throws IOException {
        Path logs = home.resolve("logs");
        if (!Files.isDirectory(logs)) {
            return;
        }
        Path kept = Path.of("target", "grid-logs", name);
        Files.createDirectories(kept);
        for (Path log : list(logs)) {
            Files.copy(log, kept.resolve(log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        Path events = home.resolve("control/events.jsonl");
        if (Files.isRegularFile(events)) {
            Files.copy(events, kept.resolve("events.jsonl"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The groups of workers that no control process was there to clear up after. */
    void removeControlGroups() throws IOException {
        Path vms = home.resolve("vms");
        if (!Files.isDirectory(vms)) {
            return;
        }
        for (Path vm : list(vms)) {
            Path record = vm.resolve("vm.json");
            if (Files.isRegularFile(record)) {
                for (JsonNode group : Json.parse(Files.readString(record)).path("limits")) {
                    removeGroup(Path.of(group.asString()));
                }
            }
        }
    }

    /** The kernel lets go of a process that has ended only a moment later. */
    private static void removeGroup(Path group) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                Files.deleteIfExists(group);
                return;
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
