package org.virtugrid.cli.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** This machine, by way of {@code /proc} and {@code /sys}. */
public final class LinuxMachine implements Machine {
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");

    @Override
    public String operatingSystem() {
        return System.getProperty("os.name", "unknown");
    }

    @Override
    public int javaVersion() {
        return Runtime.version().feature();
    }

    @Override
    public String javaPlace() {
        String note = System.getProperty("virtugrid.java.note", "");
        return System.getProperty("java.home") + (note.isEmpty() ? "" : "; " + note);
    }

    @Override
    public long availableMemoryBytes() {
        Matcher available = AVAILABLE.matcher(read(Path.of("/proc/meminfo")));
        long machine = available.find() ? Long.parseLong(available.group(1)) * 1024 : Long.MAX_VALUE;
        return Math.min(
                machine,
                Math.min(
                        left("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
                        left(
                                "/sys/fs/cgroup/memory/memory.limit_in_bytes",
                                "/sys/fs/cgroup/memory/memory.usage_in_bytes")));
    }

    @Override
    public long freeDiskBytes(Path path) {
        try {
            return Files.getFileStore(existing(path)).getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    @Override
    public boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean isDenied(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return false;
        } catch (IOException e) {
            return String.valueOf(e.getMessage()).contains("ermission");
        }
    }

    @Override
    public Optional<String> listener(int port) {
        return PortListener.find(port);
    }

    @Override
    public Path temporaryDirectory() {
        return Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    }

    @Override
    public boolean isWritable(Path directory) {
        return Files.isWritable(existing(directory));
    }

    @Override
    public Optional<Access> access(Path path) {
        try {
            PosixFileAttributes attributes =
                    Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            Path self = Path.of("/proc/self");
            return Optional.of(new Access(
                    PosixFilePermissions.toString(attributes.permissions()),
                    attributes.owner().equals(Files.getOwner(self)),
                    attributes.owner().getName()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public Set<String> missingPrograms(Set<String> programs) {
        Set<String> missing = new TreeSet<>(programs);
        for (String folder :
                System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":", -1)) {
            missing.removeIf(program -> Files.isExecutable(Path.of(folder.isEmpty() ? "." : folder, program)));
        }
        return missing;
    }

    private static Path existing(Path path) {
        Path found = path.toAbsolutePath();
        while (found.getParent() != null && !Files.exists(found)) {
            found = found.getParent();
        }
        return found;
    }

    private static long left(String limitFile, String usedFile) {
        try {
            long limit = Long.parseLong(read(Path.of(limitFile)).strip());
            return limit - Long.parseLong(read(Path.of(usedFile)).strip());
        } catch (NumberFormatException unlimited) {
            return Long.MAX_VALUE;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
