package org.virtugrid.cli.launch;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.virtugrid.api.VmCreate;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.ByteSize;
import org.virtugrid.cli.home.HomeSettings;
import org.virtugrid.cli.home.Ports;

/** Decides what a home is going to be set to: what it is set to already, and what the user asks for now. */
public final class WantedSettings {
    public static final int DEFAULT_PORT = 3000;
    private static final long LEAST_DEFAULT_BYTES = VmCreate.LEAST_MEMORY_BYTES;
    private static final long MOST_DEFAULT_BYTES = 2L << 30;
    private static final long MEMORY_STEP_BYTES = 128L << 20;
    private static final int DEFAULT_WORKERS = 3;
    private static final int MOST_WORKERS = 64;
    private static final int MOST_BACKUPS = 3;
    private static final List<String> DRIVERS = List.of("process", "libvirt");
    private static final HomeSettings FRESH = new HomeSettings(
            HomeSettings.FORMAT_VERSION, DEFAULT_WORKERS, "process", 1, DEFAULT_PORT, LEAST_DEFAULT_BYTES, Map.of());

    private WantedSettings() {}

    /** Throws when the request makes no sense by itself. */
    public static void requireSensible(UpRequest request) {
        require(inRange(request.workers(), 1, MOST_WORKERS), "--workers goes from 1 to " + MOST_WORKERS);
        require(inRange(request.port(), 1, 65_535), "--port goes from 1 to 65535");
        require(inRange(request.thinPort(), 1, 65_535), "--thin-port goes from 1 to 65535");
        require(inRange(request.backups(), 0, MOST_BACKUPS), "--backups goes from 0 to " + MOST_BACKUPS);
        require(
                request.driver() == null || DRIVERS.contains(request.driver()),
                "--driver " + request.driver() + " is not known; there are: " + String.join(", ", DRIVERS));
        require(
                request.config() == null || Files.isReadable(request.config()),
                "--config " + request.config() + " cannot be read");
        require(
                request.workerMemoryBytes() == null || request.workerMemoryBytes() >= VmCreate.LEAST_MEMORY_BYTES,
                "--worker-memory is too small for a worker's heap; take at least "
                        + new ByteSize(VmCreate.LEAST_MEMORY_BYTES));
        require(
                request.controlId() == null || request.controlId().matches("control-[0-9]{1,3}"),
                "--control-id is control-1, control-2 and so on");
        require(
                request.join() == null || request.controlId() != null,
                "--join wants --control-id, which tells which control node this home is");
        require(
                request.port() == null || !request.port().equals(request.thinPort()),
                "--port and --thin-port must differ");
    }

    /**
     * Memory of each worker of a new grid where the user gives none: together half of what the machine has free, each
     * from 512 MiB to 2 GiB, in whole steps of 128 MiB.
     */
    public static long defaultWorkerMemory(long availableBytes, int workers) {
        long share = availableBytes / 2 / workers / MEMORY_STEP_BYTES * MEMORY_STEP_BYTES;
        return Math.max(LEAST_DEFAULT_BYTES, Math.min(MOST_DEFAULT_BYTES, share));
    }

    /** The request with a size for workers where the home has none yet and the user gives none. */
    public static UpRequest withWorkerMemory(UpRequest request, boolean newHome, long availableBytes) {
        return request.workerMemoryBytes() != null || !newHome
                ? request
                : request.withWorkerMemory(defaultWorkerMemory(availableBytes, or(request.workers(), DEFAULT_WORKERS)));
    }

    /** The settings for a cold start. */
    public static HomeSettings merge(
            Optional<HomeSettings> old, UpRequest request, boolean keepPorts, int seed, IntPredicate free) {
        HomeSettings base = old.orElse(FRESH);
        int workers = or(request.workers(), base.workers());
        require(old.isEmpty() || request.join() == null, "this home is there already; --join makes a new one");
        require(
                old.isEmpty()
                        || request.controlId() == null
                        || request.controlId().equals(or(base.controlId(), "control-1")),
                "this home is of " + or(base.controlId(), "control-1")
                        + "; for another control node take another home");
        require(
                old.isEmpty() || workers >= base.workers(),
                "this grid has " + base.workers() + " workers; to have fewer: virtugrid up, then virtugrid scale "
                        + workers);
        require(
                old.isEmpty() || request.driver() == null || request.driver().equals(base.driver()),
                "the VMs of this home are made with --driver " + base.driver()
                        + "; for another driver take another home");
        String driver = old.isEmpty() && request.driver() != null ? request.driver() : base.driver();
        int http = or(request.port(), base.httpPort());
        Map<String, Integer> ports =
                Ports.choose(base.ports(), http, or(request.thinPort(), 0), seed, keepPorts ? port -> true : free);
        return new HomeSettings(
                HomeSettings.FORMAT_VERSION,
                workers,
                driver,
                or(request.backups(), base.backups()),
                http,
                request.workerMemoryBytes() == null ? base.workerMemoryBytes() : request.workerMemoryBytes(),
                ports,
                request.controlId() == null ? base.controlId() : request.controlId());
    }

    /** Throws when the request asks a running grid for what only a start can change. */
    public static void requireUnchanged(HomeSettings running, UpRequest request) {
        require(
                request.port() == null || request.port() == running.httpPort(),
                "this grid is up on port " + running.httpPort()
                        + "; to change it: virtugrid down, then virtugrid up --port " + request.port());
        require(
                request.driver() == null || request.driver().equals(running.driver()),
                "this grid is up with --driver " + running.driver() + "; for another driver take another home");
        require(
                request.config() == null,
                "this grid is up; for another --config: virtugrid down, then virtugrid up --config "
                        + request.config());
        require(
                request.thinPort() == null
                        || request.thinPort().equals(running.ports().get("thin")),
                "this grid is up with thin-client port " + running.ports().get("thin")
                        + "; to change it: virtugrid down, then virtugrid up --thin-port " + request.thinPort());
        require(
                request.workers() == null || request.workers() <= running.workers(),
                "this grid is up; to have more workers: virtugrid scale " + request.workers());
        require(
                request.workers() == null || request.workers() >= running.workers(),
                "this grid has " + running.workers() + " workers; to have fewer: virtugrid scale " + request.workers());
        require(
                request.backups() == null || request.backups() == running.backups(),
                "this grid is up with --backups " + running.backups()
                        + "; give --backups to dataset put, or change it with virtugrid down and up");
        require(
                request.workerMemoryBytes() == null || request.workerMemoryBytes() == running.workerMemoryBytes(),
                "this grid is up; to change --worker-memory for new workers: virtugrid down, then up");
    }

    private static boolean inRange(Integer value, int least, int most) {
        return value == null || (value >= least && value <= most);
    }

    private static int or(Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }

    private static String or(String value, String otherwise) {
        return value == null ? otherwise : value;
    }

    private static void require(boolean fine, String otherwise) {
        if (!fine) {
            throw CliException.wrongInput(otherwise);
        }
    }
}
