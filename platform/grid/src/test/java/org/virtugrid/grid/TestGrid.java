package org.virtugrid.grid;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.ignite.Ignite;
import org.apache.ignite.Ignition;
import org.apache.ignite.cluster.ClusterState;
import org.virtugrid.grid.compute.WorkerRuntime;
import org.virtugrid.grid.node.GridNode;
import org.virtugrid.grid.node.IgniteUsers;
import org.virtugrid.grid.node.NodeSettings;
import org.virtugrid.grid.topology.LastTopology;
import org.virtugrid.grid.topology.LastTopologyKeeper;
import org.virtugrid.grid.topology.NodeRole;

/** A real grid in this JVM: one control node and some workers, persistent, on free ports of loopback. */
public final class TestGrid implements AutoCloseable {
    static final String PASSWORD = "a-password-of-this-test";

    private final Path folder;
    private final List<Integer> ports = new ArrayList<>();
    private final Ignite control;
    private final List<Ignite> workers = new ArrayList<>();
    private final Map<String, List<AutoCloseable>> besideNodes = new HashMap<>();
    private final GridServices services;

    public TestGrid(Path folder, int count) throws IOException {
        this.folder = folder;
        while (ports.size() < 2 * (count + 2)) {
            int port = freePort();
            if (!ports.contains(port)) {
                ports.add(port);
            }
        }
        control = GridNode.start(settings(NodeRole.CONTROL, 0));
        for (int i = 1; i <= count; i++) {
            workers.add(worker(i));
        }
        control.cluster().state(ClusterState.ACTIVE);
        control.cluster().baselineAutoAdjustEnabled(false);
        IgniteUsers.secure(control, PASSWORD);
        GridServices.initialise(control);
        services = new GridServices(control, Clock.systemUTC());
    }

    /** A free port below the range from which the kernel takes ports for connections. */
    private static int freePort() throws IOException {
        for (int tries = 0; ; tries++) {
            int port = ThreadLocalRandom.current().nextInt(22_000, 30_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                if (tries > 100) {
                    throw e;
                }
            }
        }
    }

    private NodeSettings settings(NodeRole role, int number) throws IOException {
        String name = role == NodeRole.CONTROL ? "control-1" : "w" + number;
        Path directory = Files.createDirectories(folder.resolve(name)).resolve("db");
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < ports.size(); i += 2) {
            addresses.add("127.0.0.1:" + ports.get(i));
        }
        return new NodeSettings(
                role,
                name,
                name,
                "",
                "host-1",
                directory,
                "127.0.0.1",
                ports.get(2 * number),
                ports.get(2 * number + 1),
                addresses,
                200L << 20,
                false,
                Duration.ofSeconds(10),
                2,
                0,
                0,
                0,
                null);
    }

    private Ignite worker(int number) throws IOException {
        NodeSettings settings = settings(NodeRole.WORKER, number);
        Ignite ignite = GridNode.startWorker(
                settings, Path.of("../../config/worker.xml").toAbsolutePath());
        besideNodes.put(
                ignite.name(),
                List.of(
                        LastTopologyKeeper.start(
                                ignite, LastTopology.fileFor(settings.workDirectory()), Clock.systemUTC()),
                        WorkerRuntime.start(ignite, settings.jobThreads(), settings.workDirectory())));
        return ignite;
    }

    private void stop(Ignite worker) {
        for (AutoCloseable beside : besideNodes.remove(worker.name())) {
            try {
                beside.close();
            } catch (Exception e) {
                throw new IllegalStateException("what runs beside " + worker.name() + " cannot be closed", e);
            }
        }
        Ignition.stop(worker.name(), true);
    }

    /** Stops a worker, 1 to the number of workers; it keeps its data. */
    public void stopWorker(int number) {
        stop(workers.set(number - 1, null));
    }

    /** Starts a worker that was stopped. */
    public void startWorker(int number) throws IOException {
        workers.set(number - 1, worker(number));
    }

    public Ignite control() {
        return control;
    }

    public List<Ignite> workers() {
        return workers;
    }

    public GridServices services() {
        return services;
    }

    @Override
    public void close() {
        workers.stream().filter(Objects::nonNull).forEach(this::stop);
        Ignition.stop(control.name(), true);
    }
}
