package org.virtugrid.control.vm.libvirt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.virtugrid.control.vm.local.ProcessTable;

/**
 * QEMU processes on this machine, told by the UUID on their command line. What the process table shows is evidence that
 * does not go through libvirt: a process that is stopped looks to libvirt like one that runs.
 */
final class LocalQemu {
    private static final Path PROC = Path.of("/proc");
    private final Map<String, ProcessTable.Entry> known = new ConcurrentHashMap<>();

    /**
     * The domain's process; empty when there is none on this machine, or that can't be told.
     *
     * @param whenEnded called soon after a process ended that was found here for the first time
     */
    Optional<ProcessTable.Entry> find(String uuid, Runnable whenEnded) {
        try {
            ProcessTable.Entry before = known.get(uuid);
            Optional<ProcessTable.Entry> now = before == null ? Optional.empty() : now(before);
            if (now.isPresent()) {
                return now;
            }
            Optional<ProcessTable.Entry> found = search(uuid);
            found.ifPresent(entry -> {
                known.put(uuid, entry);
                ProcessHandle.of(entry.pid())
                        .ifPresent(process -> process.onExit().thenRun(whenEnded));
            });
            return found;
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The process of the domain that was found last, if it is certain that it has ended; empty when nothing is known. */
    Optional<ProcessTable.Entry> ended(String uuid) {
        try {
            ProcessTable.Entry last = known.get(uuid);
            boolean gone = last != null && now(last).isEmpty() && search(uuid).isEmpty();
            return gone ? Optional.of(last) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Forgets what was found: another process is about to take its place. */
    void forget(String uuid) {
        known.remove(uuid);
    }

    private static Optional<ProcessTable.Entry> now(ProcessTable.Entry before) throws IOException {
        return ProcessTable.find(before.pid())
                .filter(entry -> entry.startTicks() == before.startTicks() && !entry.ended());
    }

    private static Optional<ProcessTable.Entry> search(String uuid) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (names(pid, uuid)) {
                    Optional<ProcessTable.Entry> entry = ProcessTable.find(pid).filter(row -> !row.ended());
                    if (entry.isPresent()) {
                        return entry;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static boolean names(long pid, String uuid) throws IOException {
        Path process = PROC.resolve(Long.toString(pid));
        try {
            List<String> words = Arrays.asList(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                    .split("\0", -1));
            int at = words.indexOf("-uuid");
            return at > 0 && at + 1 < words.size() && words.get(at + 1).equals(uuid);
        } catch (IOException e) {
            if (Files.exists(process)) {
                throw e;
            }
            return false; // it ended meanwhile
        }
    }
}
