package org.virtugrid.control.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.Ignition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.control.FreePorts;
import org.virtugrid.control.coordinator.Grid;
import org.virtugrid.control.coordinator.GridContract;
import org.virtugrid.control.home.Home;
import org.virtugrid.grid.node.NodeSettings;
import org.virtugrid.grid.node.NodeSettingsFile;
import org.virtugrid.grid.topology.Caches;
import org.virtugrid.grid.topology.LastTopology;
import org.virtugrid.grid.topology.LastTopologyKeeper;
import org.virtugrid.grid.topology.NodeRole;
import org.virtugrid.grid.topology.SlotAffinity;

/** The real grid: a control node in this JVM, each worker in a process of its own. */
class IgniteGridTest extends GridContract {
    private static final String CONTROL = "control-1";
    /** Deaths are noticed at once; a busy machine may stand still for long, and a node that is failed out halts its process. */
    private static final Duration DETECTION = Duration.ofSeconds(60);

    private static final int MOST_WORKERS = 4;
    private static final Path INSTALL = Path.of("../..").toAbsolutePath().normalize();

    @TempDir
    static Path folder;

    private final List<Integer> ports = FreePorts.take(2 * (MOST_WORKERS + 1) + 3);
    private final Map<Integer, Process> workers = new TreeMap<>();
    private IgniteGrid grid;

    private int discoveryPort(int node) {
        return ports.get(2 * node);
    }

    private String address(int node) {
        return "127.0.0.1:" + discoveryPort(node);
    }

    private Path folderOf(int worker) {
        return folder.resolve(id(worker));
    }

    @Override
    protected Grid notJoined() {
        return new IgniteGrid(
                node -> {
                    throw new AssertionError("there is no node");
                },
                LastTopology.NONE);
    }

    @Override
    protected Grid grid() {
        return grid;
    }

    @Override
    protected String controlId() {
        return CONTROL;
    }

    @Override
    protected String id(int worker) {
        return String.format("vm-%04d", worker);
    }

    @Override
    protected String lifeId(int worker) {
        return Long.toString(workers.get(worker).pid());
    }

    @Override
    protected void startControl() {
        ControlNode control = new ControlNode(home(), place(), DETECTION, "host-1");
        grid = control.grid();
        control.start(() -> addresses().subList(1, MOST_WORKERS + 1), failure -> {
            throw failure;
        });
    }

    private ControlNode.Place place() {
        return new ControlNode.Place("127.0.0.1", discoveryPort(0), List.of(), null);
    }

    private List<String> addresses() {
        return Stream.iterate(0, node -> node + 1)
                .limit(MOST_WORKERS + 1)
                .map(this::address)
                .toList();
    }

    private Home home() {
        try {
            Files.createDirectories(folder.resolve("secrets"));
            Files.writeString(folder.resolve("secrets/ignite-password"), "a-password-of-this-test");
            int other = 2 * (MOST_WORKERS + 1);
            Files.writeString(
                    folder.resolve("home.json"),
                    """
                    {"formatVersion": 1, "workers": 3, "driver": "process", "backups": 1, "httpPort": 1,
                     "workerMemoryBytes": 1073741824, "ports": {"http": 1, "thin": %d, "restHttp": %d, "restTcp": %d,
                     "discovery": %d, "communication": %d, "workerBase": 1}}
                    """
                            .formatted(
                                    ports.get(other),
                                    ports.get(other + 1),
                                    ports.get(other + 2),
                                    ports.get(0),
                                    ports.get(1)));
            return Home.open(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void killControl() {
        Ignite node = grid.ignite().orElseThrow();
        node.cluster()
                .<String, LastTopologyKeeper>nodeLocalMap()
                .get(LastTopologyKeeper.class.getName())
                .close();
        grid.close();
        Ignition.stop(CONTROL, true);
    }

    @Override
    protected void start(int worker) {
        try {
            Path settings = Files.createDirectories(folderOf(worker)).resolve("node.properties");
            NodeSettingsFile.write(settings(worker), settings);
            List<String> line = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString()));
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(option -> option.startsWith("--add-opens"))
                    .forEach(line::add);
            line.addAll(List.of(
                    "-Xmx192m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:ActiveProcessorCount=2",
                    "-Dvirtugrid.install=" + INSTALL,
                    "-cp",
                    System.getProperty("java.class.path"),
                    WorkerUnderTest.class.getName(),
                    settings.toString()));
            workers.put(
                    worker,
                    new ProcessBuilder(line)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                    folderOf(worker).resolve("log").toFile()))
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private NodeSettings settings(int worker) {
        return new NodeSettings(
                NodeRole.WORKER,
                id(worker),
                id(worker),
                "",
                "host-1",
                folderOf(worker).resolve("db"),
                "127.0.0.1",
                discoveryPort(worker),
                ports.get(2 * worker + 1),
                addresses(),
                64L << 20,
                false,
                DETECTION,
                2,
                0,
                0,
                0,
                null);
    }

    @Override
    protected void kill(int... ending) {
        List<Process> processes = Arrays.stream(ending).mapToObj(workers::get).toList();
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }

    @Override
    protected boolean ended(int worker) {
        return !workers.get(worker).isAlive();
    }

    @Override
    protected void wipe(int worker) {
        try (Stream<Path> files = Files.walk(folderOf(worker).resolve("db"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void write() {
        IgniteCache<Long, byte[]> cache = grid.ignite().orElseThrow().getOrCreateCache(Caches.dataset("data", 1));
        for (int slot = 0; slot < SlotAffinity.PARTITIONS; slot++) {
            cache.put(SlotAffinity.key(1, slot), new byte[] {1});
        }
    }

    @Override
    protected void await(String what, BooleanSupplier so) {
        Awaitility.await(what).atMost(Duration.ofMinutes(2)).until(so::getAsBoolean);
    }

    @Override
    protected void close() {
        if (grid != null && grid.ignite().isPresent()) {
            killControl();
        }
        workers.values().forEach(worker -> worker.destroyForcibly().onExit().join());
    }
}
