package org.virtugrid.control.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.ignite.Ignite;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.home.ControlSettings;
import org.virtugrid.control.home.Home;
import org.virtugrid.control.home.HomeSettings;
import org.virtugrid.grid.GridServices;
import org.virtugrid.grid.compute.Tasks;
import org.virtugrid.grid.dataset.Datasets;
import org.virtugrid.grid.node.GridNode;
import org.virtugrid.grid.node.IgniteUsers;
import org.virtugrid.grid.node.NodeSettings;
import org.virtugrid.grid.topology.CopyMap;
import org.virtugrid.grid.topology.LastTopology;
import org.virtugrid.grid.topology.LastTopologyKeeper;
import org.virtugrid.grid.topology.NodeRole;
import org.virtugrid.grid.topology.StoredCaches;

/** Starts control's own node, on a thread of its own, and prepares an active grid for use. */
public final class ControlNode {
    private static final Logger LOG = LoggerFactory.getLogger(ControlNode.class);
    private static final long REGION_BYTES = 64L << 20;
    private static final int JOB_THREADS = 2;
    private static final long WAIT_MILLIS = 50;
    private static final int CONNECT_MILLIS = 500;

    private final Home home;
    private final Place place;
    private final Duration failureDetection;
    private final String host;
    private final IgniteGrid grid;

    /**
     * Where the node is reached by the others.
     *
     * @param address it listens on for other nodes
     * @param discoveryPort the port of its discovery there
     * @param others host:port of the other control nodes' discovery
     * @param tls folder of its key, or null on loopback
     */
    public record Place(String address, int discoveryPort, List<String> others, Path tls) {

        /** Where the node of this home is; at this address when it is the only one. */
        public static Place of(Home home, String address, Path tls) {
            ControlSettings control = home.controlNodes();
            if (control.alone()) {
                return new Place(address, home.settings().ports().discovery(), List.of(), tls);
            }
            ControlSettings.Node self = control.node(home.settings().controlId());
            return new Place(
                    self.address(),
                    self.discoveryPort(),
                    control.nodes().stream()
                            .filter(node -> !node.equals(self))
                            .map(ControlSettings.Node::discovery)
                            .toList(),
                    tls);
        }

        /** host:port at which each control node is found, this one first. */
        public List<String> discovery() {
            List<String> all = new ArrayList<>(List.of(address + ":" + discoveryPort));
            all.addAll(others);
            return all;
        }
    }

    /** A node of this home; {@link #grid} shows the grid through it. */
    public ControlNode(Home home, Place place, Duration failureDetection, String host) {
        this.home = home;
        this.place = place;
        this.failureDetection = failureDetection;
        this.host = host;
        this.grid = new IgniteGrid(this::prepare, LastTopology.read(LastTopology.fileFor(home.controlDatabase())));
    }

    /** The grid as this node sees it, also before it is up. */
    public IgniteGrid grid() {
        return grid;
    }

    /**
     * Starts the node in the background.
     *
     * @param workerAddresses host:port of the workers' nodes that are known now
     * @param failed told when the node can't start
     */
    public void start(Supplier<List<String>> workerAddresses, java.util.function.Consumer<RuntimeException> failed) {
        Thread thread = new Thread(
                () -> {
                    try {
                        awaitFirst(workerAddresses);
                        Ignite ignite = GridNode.start(settings(workerAddresses.get()));
                        LastTopologyKeeper keeper = LastTopologyKeeper.start(
                                ignite, LastTopology.fileFor(home.controlDatabase()), Clock.systemUTC());
                        grid.joined(ignite, keeper);
                    } catch (RuntimeException e) {
                        LOG.error("The control node cannot start", e);
                        failed.accept(e);
                    }
                },
                "control-node");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * In a grid that has been active, waits for the first worker. Datasets may have come and gone while control was away,
     * so only workers know which there are; a control node that were first would keep them out. A new control node can't
     * know whether the grid has been active; where there are workers, another control node that is up is as good.
     */
    private void awaitFirst(Supplier<List<String>> workers) {
        boolean isNew = LastTopology.read(LastTopology.fileFor(home.controlDatabase()))
                .members()
                .isEmpty();
        if (isNew && (place.others().isEmpty() || workers.get().isEmpty())) {
            return;
        }
        try {
            StoredCaches.removeDatasets(home.controlDatabase());
            while (workers.get().stream().noneMatch(ControlNode::answers)
                    && !(isNew && place.others().stream().anyMatch(ControlNode::answers))) {
                Thread.sleep(WAIT_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static boolean answers(String address) {
        int colon = address.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
                    CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private NodeSettings settings(List<String> workerAddresses) {
        HomeSettings.Ports ports = home.settings().ports();
        List<String> addresses = new ArrayList<>(place.discovery());
        addresses.addAll(workerAddresses);
        String id = home.settings().controlId();
        return new NodeSettings(
                NodeRole.CONTROL,
                id,
                id,
                "",
                host,
                home.controlDatabase(),
                place.address(),
                place.discoveryPort(),
                ports.communication(),
                addresses,
                REGION_BYTES,
                false,
                failureDetection,
                JOB_THREADS,
                ports.thin(),
                ports.restHttp(),
                ports.restTcp(),
                place.tls());
    }

    private DataPlane prepare(Ignite ignite) {
        IgniteUsers.secure(ignite, home.ignitePassword());
        GridServices.initialise(ignite);
        GridServices services = new GridServices(ignite, Clock.systemUTC());
        services.offer(ignite);
        return new DataPlane() {
            @Override
            public Datasets datasets() {
                return services.datasets();
            }

            @Override
            public Tasks tasks() {
                return services.tasks();
            }

            @Override
            public CopyMap copies() {
                return services.copies();
            }

            @Override
            public void tidy() {
                services.tidy();
            }
        };
    }
}
