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
 * Lets one worker live a short life by itself, so that the JVM can write an archive of the classes that workers load; a
 * start from that archive takes half the time.
 */
final class Training {
    private static final int LEAST_PORT = 20_000;
    private static final int MOST_PORT = 20_900;

    private Training() {}

    static void run(Path install) throws IOException {
        Path folder = Files.createTempDirectory("virtugrid-training");
        try {
            int discoveryPort = freePort(LEAST_PORT);
            NodeSettings settings = new NodeSettings(
                    NodeRole.WORKER,
                    "training",
                    "training",
                    "",
                    "training",
                    folder.resolve("db"),
                    "127.0.0.1",
                    discoveryPort,
                    freePort(LEAST_PORT + 400),
                    List.of("127.0.0.1:" + discoveryPort),
                    64L << 20,
                    false,
                    Duration.ofSeconds(10),
                    1,
                    0,
                    0,
                    0,
                    null);
            Path file = folder.resolve("node.properties");
            NodeSettingsFile.write(settings, file);
            Ignite ignite = GridNode.startWorker(NodeSettingsFile.read(file), install.resolve("config/worker.xml"));
            LastTopologyKeeper keeper =
                    LastTopologyKeeper.start(ignite, LastTopology.fileFor(settings.workDirectory()), Clock.systemUTC());
            WorkerRuntime.start(ignite, settings.jobThreads(), settings.workDirectory());
            ignite.cluster().state(ClusterState.ACTIVE);
            GridServices.initialise(ignite);
            work(new GridServices(ignite, Clock.systemUTC()));
            keeper.close();
            Ignition.stop(ignite.name(), true);
        } finally {
            delete(folder);
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

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
