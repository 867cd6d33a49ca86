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
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.virtugrid.control.vm.local.ProcessTable;

/**
 * QEMU processes on this machine, told by the UUID on their command line. What the process table shows is evidence that
 * does not go through libvirt: a process that is stopped looks to libvirt like one that runs.
 */
final class LocalQemu {
    private static final Path PROC = Path.of("/proc");
    private final Map<String, Long> known = new ConcurrentHashMap<>();

    /** The domain's process; empty when there is none on this machine. */
    Optional<ProcessTable.Entry> find(String uuid) {
        Long pid = known.get(uuid);
        if (pid == null || !names(pid, uuid)) {
            OptionalLong found = search(uuid);
            if (found.isEmpty()) {
                known.remove(uuid);
                return Optional.empty();
            }
            pid = found.getAsLong();
            known.put(uuid, pid);
        }
        try {
            return ProcessTable.find(pid).filter(entry -> !entry.ended());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static OptionalLong search(String uuid) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (names(pid, uuid)) {
                    return OptionalLong.of(pid);
                }
            }
        } catch (IOException e) {
            return OptionalLong.empty();
        }
        return OptionalLong.empty();
    }

    private static boolean names(long pid, String uuid) {
        try {
            List<String> words =
                    Arrays.asList(Files.readString(PROC.resolve(pid + "/cmdline"), StandardCharsets.ISO_8859_1)
                            .split("\0", -1));
            int at = words.indexOf("-uuid");
            return at > 0 && at + 1 < words.size() && words.get(at + 1).equals(uuid);
        } catch (IOException e) {
            return false;
        }
    }
}
