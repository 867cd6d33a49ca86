package org.virtugrid.grid.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.ignite.Ignite;
import org.apache.ignite.Ignition;
import org.apache.ignite.cluster.ClusterState;
import org.virtugrid.grid.GridServices;
import org.virtugrid.grid.compute.TaskSpec;
import org.virtugrid.grid.compute.WorkerRuntime;
import org.virtugrid.grid.dataset.DatasetUpload;
import org.virtugrid.grid.dataset.PartitionStrategy;
import org.virtugrid.grid.dataset.UploadOptions;
import org.virtugrid.grid.topology.LastTopology;
import org.virtugrid.grid.topology.LastTopologyKeeper;
import org.virtugrid.grid.topology.NodeRole;

/**
 * Lets two workers live a short life by themselves, so that the JVM can write an archive of the classes that workers load, or
 * has compiled what a start needs; a start from that archive takes half the time.
 */
final class Training {
    private static final int LEAST_PORT = 20_000;
    private static final int MOST_PORT = 21_900;

    private Training() {}

    /** For the archive of classes: in a temporary folder, with a key if there is one. */
    static void run(Path install, Path tls) throws IOException {
        Path folder = Files.createTempDirectory("virtugrid-training");
        try {
            run(install, folder, tls, 1);
        } finally {
            Files.deleteIfExists(folder);
        }
    }

    /**
     * A worker becomes a grid, and another one joins it and leaves again, so often.
     *
     * @param folder an empty folder, which is empty again on return
     * @param tls folder of a key for both, see {@link NodeTls}; null for none
     */
    static void run(Path install, Path folder, Path tls, int rounds) throws IOException {
        int port = freePort(LEAST_PORT);
        NodeSettings first = settings("training-1", folder, port, port, tls);
        NodeSettings second = settings("training-2", folder, freePort(port + 1), port, tls);
        try (Life grid = new Life(install, first)) {
            grid.ignite.cluster().state(ClusterState.ACTIVE);
            GridServices.initialise(grid.ignite);
            work(new GridServices(grid.ignite, Clock.systemUTC()));
            for (int round = 0; round < rounds; round++) {
                new Life(install, second).close();
            }
        } finally {
            deleteContents(folder);
        }
    }

    private static NodeSettings settings(String name, Path folder, int port, int firstPort, Path tls)
            throws IOException {
        return new NodeSettings(
                NodeRole.WORKER,
                name,
                name,
                "",
                "training",
                Files.createDirectory(folder.resolve(name)).resolve("db"),
                "127.0.0.1",
                port,
                freePort(port + 400),
                List.of("127.0.0.1:" + firstPort),
                32L << 20,
                false,
                Duration.ofSeconds(10),
                1,
                0,
                0,
                0,
                tls);
    }

    /** A worker from its start to its end, as {@link WorkerMain} starts it. */
    private static final class Life implements AutoCloseable {
        private final Ignite ignite;
        private final LastTopologyKeeper keeper;
        private final WorkerRuntime runtime;

        Life(Path install, NodeSettings settings) throws IOException {
            Path file = settings.workDirectory().resolveSibling("node.properties");
            NodeSettingsFile.write(settings, file);
            ignite = GridNode.startWorker(NodeSettingsFile.read(file), install.resolve("config/worker.xml"));
            keeper =
                    LastTopologyKeeper.start(ignite, LastTopology.fileFor(settings.workDirectory()), Clock.systemUTC());
            runtime = WorkerRuntime.start(ignite, settings.jobThreads(), settings.workDirectory());
        }

        @Override
        public void close() {
            keeper.close();
            runtime.close();
            Ignition.stop(ignite.name(), true);
        }
    }

    private static void work(GridServices services) {
        byte[] text = "some words\nand some more words\n".getBytes(StandardCharsets.UTF_8);
        UploadOptions options = new UploadOptions("training", PartitionStrategy.SIZE, 4096, 0, 0, (byte) 0, null);
        try (DatasetUpload upload = services.datasets().create(options)) {
            upload.write(text, 0, text.length);
            upload.commit();
        }
        for (String operation : List.of("word-count", "count")) {
            await(services, new TaskSpec("process", operation, Map.of(), "training", null, null));
        }
        await(services, new TaskSpec("process", "sort", Map.of(), "training", null, "trained"));
        await(services, new TaskSpec("process", "sum", Map.of(), null, "[1, 2, 3]", null));
        services.datasets().delete("training");
    }

    private static void await(GridServices services, TaskSpec spec) {
        services.tasks().await(services.tasks().submit(spec).id(), Duration.ofSeconds(30));
    }

    private static int freePort(int from) throws IOException {
        for (int port = from; port <= MOST_PORT; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // It is taken; the next may be free.
            }
        }
        throw new IOException("no free port from " + from + " to " + MOST_PORT);
    }

    private static void deleteContents(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(folder)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
