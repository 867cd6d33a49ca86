package org.virtugrid.control.vm.libvirt;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Hypervisor hosts on this machine: each a libvirtd with a bridge in a network namespace, the bridges joined. Everything
 * is gone after {@link #close}, guests included. Wants root.
 */
public final class Lab implements AutoCloseable {
    private static final Path SCRIPT = script();
    private static final Duration UP = Duration.ofSeconds(30);

    private final Path folder;
    private final String tag;
    private final Map<String, Process> daemons = new LinkedHashMap<>();
    private final Map<String, String> addresses = new LinkedHashMap<>();

    private static Path script() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("platform/control/src/test/lab/hypervisor"))) {
            folder = folder.getParent();
        }
        return folder.resolve("platform/control/src/test/lab/hypervisor");
    }

    /** A lab below a folder whose name is short: the sockets' paths must be, too. */
    public Lab(Path folder) {
        this.folder = folder;
        this.tag = "vg" + Long.toString(ProcessHandle.current().pid(), 36)
                + Integer.toString(System.identityHashCode(this) & 0xfff, 36);
        write();
    }

    /** So that scripts/check can clear up after a run that was broken off. */
    private void write() {
        Path list = SCRIPT.resolve("../../../../../../target/labs").normalize();
        try {
            Files.createDirectories(list.getParent());
            Files.writeString(list, tag + " " + folder + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a host; the first has the address 10.77.0.1 on its bridge, the next 10.77.0.2, and so on. */
    public HostSettings start(String name) {
        int number = daemons.size() + 1;
        addresses.put(name, "10.77.0." + number);
        String namespace = namespace(name);
        run("ip", "netns", "add", namespace);
        run("ip", "-n", namespace, "link", "set", "lo", "up");
        run("ip", "-n", namespace, "link", "add", "vgbr0", "type", "bridge");
        run("ip", "-n", namespace, "link", "set", "vgbr0", "up");
        run("ip", "-n", namespace, "addr", "add", addresses.get(name) + "/24", "dev", "vgbr0");
        if (number > 1) {
            String first = daemons.keySet().iterator().next();
            join(namespace(first), namespace, "vgto" + number);
            await("the new cable")
                    .atMost(UP)
                    .until(() ->
                            reaches(namespace(first), addresses.get(name)) && reaches(namespace, addresses.get(first)));
        }
        startDaemon(name);
        return settings(name);
    }

    /**
     * Starts a host that is set up by the files of {@code config/kvm-host} and also listens on TLS.
     *
     * @param certificates folder in which {@code scripts/host-certificates} makes what the host needs
     */
    public HostSettings startWithTls(String name, Path certificates) {
        certificates(certificates, "host", name, "10.77.0." + (daemons.size() + 1));
        try {
            Files.createDirectories(host(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run("cp", "-a", certificates.resolve(name).toString(), pki(name).toString());
        start(name);
        return new HostSettings(
                name,
                "qemu+tls://" + addresses.get(name) + "/system?pkipath=" + certificates.resolve("control"),
                "vgbr0",
                folder.resolve("storage").toString(),
                addresses.get(name),
                true);
    }

    /** What the host has as {@code /etc/pki}. */
    Path pki(String name) {
        return host(name).resolve("pki");
    }

    /** Runs the script as an operator does. */
    static void certificates(Path folder, String... arguments) {
        Path script =
                SCRIPT.resolve("../../../../../../scripts/host-certificates").normalize();
        List<String> line = new ArrayList<>(List.of(script.toString(), folder.toString()));
        line.addAll(List.of(arguments));
        run(line.toArray(String[]::new));
    }

    private static void join(String one, String other, String cable) {
        run("ip", "-n", one, "link", "add", cable, "type", "veth", "peer", "name", "vgup", "netns", other);
        run("ip", "-n", one, "link", "set", cable, "master", "vgbr0", "up");
        run("ip", "-n", other, "link", "set", "vgup", "master", "vgbr0", "up");
    }

    /** Nothing listens there, so whoever is reached refuses. */
    private static boolean reaches(String namespace, String address) {
        return run("ip", "netns", "exec", namespace, "bash", "-c", "exec 3<>/dev/tcp/" + address + "/9 || true")
                .contains("refused");
    }

    /** How control reaches a host. All have their storage at the same path, each a folder of its own. */
    public HostSettings settings(String name) {
        return new HostSettings(
                name,
                "qemu+unix:///system?socket=" + host(name).resolve("run/libvirt-sock"),
                "vgbr0",
                folder.resolve("storage").toString(),
                addresses.get(name));
    }

    /** What the storage of a host holds. */
    public Path storage(String name) {
        return host(name).resolve("storage");
    }

    /** Its network namespace, in which control must run. */
    public String namespace(String name) {
        return tag + name;
    }

    private Path host(String name) {
        return folder.resolve(name);
    }

    /** Starts a host's libvirtd again. */
    public void startDaemon(String name) {
        try {
            Files.createDirectories(host(name));
            Files.deleteIfExists(host(name).resolve("run/libvirt-sock"));
            daemons.put(
                    name,
                    new ProcessBuilder(
                                    SCRIPT.toString(),
                                    host(name).toString(),
                                    namespace(name),
                                    name,
                                    folder.resolve("storage").toString())
                            .redirectErrorStream(true)
                            .redirectOutput(host(name).resolve("libvirtd.out").toFile())
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(UP)
                .until(() -> Files.exists(host(name).resolve("run/libvirt-sock"))
                        && run("virsh", "-c", settings(name).uri(), "version").contains("QEMU"));
    }

    /** The libvirtd itself: the script becomes it. */
    public long daemon(String name) {
        return daemons.get(name).pid();
    }

    /** kill -9 of a host's libvirtd. */
    public void killDaemon(String name) throws InterruptedException {
        Process daemon = daemons.get(name);
        daemon.destroyForcibly();
        daemon.waitFor(10, TimeUnit.SECONDS);
    }

    /** Sends a signal to a process of the lab. */
    public void signal(String signal, long pid) {
        run("kill", "-" + signal, Long.toString(pid));
    }

    /** Asks a host as an operator does. */
    public String virsh(String name, String... arguments) {
        List<String> line =
                new ArrayList<>(List.of("virsh", "-c", settings(name).uri()));
        line.addAll(List.of(arguments));
        return run(line.toArray(String[]::new));
    }

    static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + out);
            }
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Processes whose command line names something of this lab. */
    public List<Long> processes() {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                try {
                    String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
                    if (line.contains(folder.toString())) {
                        found.add(Long.parseLong(process.getFileName().toString()));
                    }
                } catch (IOException e) {
                    // it ended meanwhile
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    @Override
    public void close() {
        daemons.values().forEach(daemon -> {
            daemon.destroyForcibly();
            try {
                daemon.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        processes().stream().filter(pid -> pid != ProcessHandle.current().pid()).forEach(pid -> ProcessHandle.of(pid)
                .ifPresent(ProcessHandle::destroyForcibly));
        daemons.keySet().forEach(name -> run("ip", "netns", "del", namespace(name)));
    }
}
