package org.virtugrid.control.vm.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits of memory and processors that the kernel enforces on a VM's process, where this process may make control groups;
 * where not, the JVM's own limits remain and the record says so.
 *
 * <p>Memory has two bounds: above the VM's memory the kernel takes pages back (page cache goes first), and a quarter above
 * it the process dies. The headroom is for what no JVM flag bounds.
 */
final class ControlGroups {
    private static final Logger LOG = LoggerFactory.getLogger(ControlGroups.class);
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final int REMOVE_ATTEMPTS = 20;
    private static final long REMOVE_PAUSE_NANOS = 25_000_000;
    private static final int PERIOD_MICROS = 100_000;

    private final Path root;
    private final Path ownGroups;

    ControlGroups() {
        this(ROOT, Path.of("/proc/self/cgroup"));
    }

    ControlGroups(Path root, Path ownGroups) {
        this.root = root;
        this.ownGroups = ownGroups;
    }

    /** What is in force: folders to remove later, and a note for people. */
    record Applied(List<String> folders, String note) {
        static final Applied NONE = new Applied(List.of(), "not running");
    }

    /** Puts the process under the limits; best effort, never fails. */
    Applied apply(String name, long pid, int cpus, long memoryBytes) {
        List<String> folders = new ArrayList<>();
        String memory = attempt(folders, parent("memory"), name, pid, memoryFiles(memoryBytes));
        String cpu = attempt(folders, parent("cpu"), name, pid, cpuFiles(cpus));
        return new Applied(List.copyOf(folders), "memory: " + memory + "; cpu: " + cpu);
    }

    /** Removes the folders. The kernel lets go of a process that has ended only a moment later, so it tries for a while. */
    void remove(List<String> folders) {
        for (String folder : folders) {
            for (int attempt = 0; attempt < REMOVE_ATTEMPTS && !removed(Path.of(folder)); attempt++) {
                LockSupport.parkNanos(REMOVE_PAUSE_NANOS);
            }
        }
    }

    private static boolean removed(Path folder) {
        try {
            Files.deleteIfExists(folder);
            return true;
        } catch (IOException e) {
            LOG.debug("Control group {} stays for now: {}", folder, e.toString());
            return false;
        }
    }

    private boolean unified() {
        return Files.exists(root.resolve("cgroup.controllers"));
    }

    private Map<String, String> memoryFiles(long bytes) {
        long hard = bytes + bytes / 4;
        return unified()
                ? Map.of("memory.high", Long.toString(bytes), "memory.max", Long.toString(hard))
                : Map.of(
                        "memory.soft_limit_in_bytes",
                        Long.toString(bytes),
                        "memory.limit_in_bytes",
                        Long.toString(hard));
    }

    private Map<String, String> cpuFiles(int cpus) {
        long quota = (long) cpus * PERIOD_MICROS;
        return unified()
                ? Map.of("cpu.max", quota + " " + PERIOD_MICROS)
                : Map.of(
                        "cpu.cfs_period_us", Integer.toString(PERIOD_MICROS), "cpu.cfs_quota_us", Long.toString(quota));
    }

    /** The group this process is in: a child of it stays within whatever bounds this process itself. */
    private Path parent(String controller) {
        try {
            for (String line : Files.readAllLines(ownGroups)) {
                String[] parts = line.split(":", 3);
                boolean ours = unified()
                        ? parts[0].equals("0")
                        : List.of(parts[1].split(",", -1)).contains(controller);
                if (ours) {
                    Path base = unified() ? root : root.resolve(controller);
                    return base.resolve(parts[2].substring(1)).normalize();
                }
            }
        } catch (IOException e) {
            LOG.debug("No control groups: {}", e.toString());
        }
        return null;
    }

    private String attempt(List<String> folders, Path parent, String name, long pid, Map<String, String> files) {
        if (parent == null || !Files.isDirectory(parent)) {
            return "by the JVM alone (no control group)";
        }
        Path folder = parent.resolve("virtugrid-" + name);
        try {
            if (unified()) {
                Files.writeString(parent.resolve("cgroup.subtree_control"), "+memory +cpu");
            }
            Files.createDirectories(folder);
            if (!folders.contains(folder.toString())) {
                folders.add(folder.toString());
            }
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue());
            }
            Files.writeString(folder.resolve("cgroup.procs"), Long.toString(pid));
            return "by the kernel";
        } catch (IOException | UnsupportedOperationException e) {
            return "by the JVM alone (control groups are not writable)";
        }
    }
}
