package org.virtugrid.cli.launch;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.failure.ExitCode;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.home.Home;
import org.virtugrid.cli.home.OwnerOnly;
import org.virtugrid.cli.home.ProcessIdentity;
import tools.jackson.databind.node.ObjectNode;

/** Launches the control process in a session of its own, so that it outlives this command and its terminal. */
public final class ControlProcess {
    private static final int TAIL_BYTES = 16 << 10;
    private static final long LONGEST_END_SECONDS = 10;
    /** What the JVM is told, so that no user has to. */
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xmx512m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xshare:auto",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "-Djava.awt.headless=true",
            "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2");

    private final Home home;
    private final Path install;
    private Process launched;

    public ControlProcess(Home home, Path install) {
        this.home = home;
        this.install = install;
    }

    /** Starts the process and writes down who it is. */
    public ProcessIdentity launch() {
        launched = start();
        return identity(launched);
    }

    /** What the process that was launched ended with; empty while it runs, or when it was launched by somebody else. */
    OptionalInt exitCode() {
        return launched == null || launched.isAlive() ? OptionalInt.empty() : OptionalInt.of(launched.exitValue());
    }

    /** Starts the process as a part of this one, and returns its exit code when it has ended. */
    public int run() {
        Process process = start();
        identity(process);
        // Whoever ends us ends it, too; its VMs go on
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process)));
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    private static void end(Process process) {
        process.destroy();
        try {
            process.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Process start() {
        Path jar = install.resolve("platform/control/target/virtugrid-control.jar");
        if (!Files.isRegularFile(jar)) {
            throw CliException.failed(jar + " is missing: run scripts/virtugrid, it builds what is needed");
        }
        try {
            OwnerOnly.makeDirectories(home.logs());
            OwnerOnly.makeFile(home.controlLog());
            ProcessBuilder builder = new ProcessBuilder(command(jar))
                    .directory(home.directory().toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(home.controlLog().toFile()));
            builder.environment().keySet().removeIf(name -> name.startsWith("VIRTUGRID_"));
            return builder.start();
        } catch (IOException e) {
            throw new CliException(1, "the control process cannot be started: " + e.getMessage(), e);
        }
    }

    private ProcessIdentity identity(Process process) {
        try {
            long pid = process.pid();
            ProcessIdentity identity = ProcessIdentity.of(pid)
                    .orElseThrow(
                            () -> CliException.failed("the control process ended at once; see " + home.controlLog()));
            ObjectNode record = Json.object()
                    .put("pid", identity.pid())
                    .put("startTicks", identity.startTicks())
                    .put("startedAt", Instant.now().toString());
            OwnerOnly.replace(home.controlFile(), Json.bytes(record));
            return identity;
        } catch (IOException e) {
            throw new CliException(1, "who the control process is cannot be written down: " + e.getMessage(), e);
        }
    }

    /** The last lines that it logged after the given size of the log. */
    public List<String> lastLines(int count, long after) {
        try (RandomAccessFile log = new RandomAccessFile(home.controlLog().toFile(), "r")) {
            long from = Math.max(Math.min(after, log.length()), log.length() - TAIL_BYTES);
            log.seek(from);
            byte[] bytes = new byte[(int) (log.length() - from)];
            log.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }

    public long logSize() {
        return home.controlLog().toFile().length();
    }

    private List<String> command(Path jar) {
        List<String> command = new ArrayList<>();
        command.add("setsid");
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        Path archive = jar.resolveSibling("virtugrid-control.jsa");
        String training = System.getProperty("virtugrid.train.archive");
        if (training != null) {
            command.add("-XX:ArchiveClassesAtExit=" + training);
        } else if (Files.isRegularFile(archive)) {
            command.add("-XX:SharedArchiveFile=" + archive);
        }
        command.add("-Dvirtugrid.install=" + install);
        command.add("-Dvirtugrid.jobs.directory=" + home.directory().resolve("jobs"));
        command.addAll(
                List.of("-jar", jar.toString(), "--home", home.directory().toString()));
        return command;
    }
}
