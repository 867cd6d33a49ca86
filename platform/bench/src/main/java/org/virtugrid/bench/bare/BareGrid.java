package org.virtugrid.bench.bare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ignite.Ignite;
import org.apache.ignite.Ignition;
import org.apache.ignite.cluster.ClusterState;
import org.virtugrid.bench.Folders;
import org.virtugrid.bench.FreePorts;

/** Three plain server nodes in processes of their own, and this process as their client. */
final class BareGrid implements AutoCloseable {
    private static final int SERVERS = 3;
    private static final long START_SECONDS = 120;
    private static final long MIB = 1L << 20;

    private final Path folder;
    private final List<Process> servers = new ArrayList<>();
    private Ignite client;

    BareGrid(Path folder) {
        this.folder = folder;
    }

    List<Long> pids() {
        return servers.stream().map(Process::pid).toList();
    }

    Ignite client() {
        return client;
    }

    /** Starts all; of a worker's memory, as much is heap and as much pages of data as in VirtuGrid. */
    void start(long workerBytes, boolean durable) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        int[] discovery = new int[SERVERS];
        for (int i = 0; i < SERVERS; i++) {
            discovery[i] = FreePorts.take();
        }
        String addresses = BareConfig.addresses(discovery);
        for (int i = 0; i < SERVERS; i++) {
            servers.add(server("bare-" + (i + 1), discovery[i], addresses, workerBytes, durable));
        }
        client = Ignition.start(BareConfig.node(
                        "bare-client", Files.createDirectories(folder.resolve("client")), FreePorts.take(), addresses)
                .setClientMode(true));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (client.cluster().forServers().nodes().size() < SERVERS) {
            if (System.nanoTime() > deadline || servers.stream().anyMatch(server -> !server.isAlive())) {
                throw new IOException("the bare nodes did not start; see " + folder);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        client.cluster().state(ClusterState.ACTIVE);
        client.getOrCreateCache(BareConfig.<Integer, FileTable>cache(BareConfig.FILES));
    }

    /** As VirtuGrid divides the memory of a worker. */
    private static long share(long workerBytes, double share) {
        return (long) ((workerBytes - 144 * MIB) * share);
    }

    private Process server(String name, int discoveryPort, String addresses, long workerBytes, boolean durable)
            throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms32m",
                "-Xmx" + (share(workerBytes, 0.50) / MIB) + "m",
                "-XX:+UseSerialGC",
                "-XX:MaxDirectMemorySize=" + (share(workerBytes, 0.10) / MIB) + "m",
                "-XX:-UsePerfData",
                "-XX:ActiveProcessorCount=2",
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
                "-Djava.net.preferIPv4Stack=true",
                "-DIGNITE_UPDATE_NOTIFIER=false",
                "-jar",
                System.getProperty("java.class.path"),
                "--bare-node",
                name,
                own.toString(),
                Integer.toString(discoveryPort),
                Integer.toString(FreePorts.take()),
                addresses,
                Long.toString(share(workerBytes, 0.30)),
                Boolean.toString(durable)));
        return new ProcessBuilder(line)
                .directory(own.toFile())
                .redirectErrorStream(true)
                .redirectOutput(own.resolve("out.log").toFile())
                .start();
    }

    @Override
    public void close() throws IOException {
        if (client != null) {
            client.close();
        }
        for (Process server : servers) {
            server.destroyForcibly().onExit().join();
        }
        Folders.remove(folder);
    }
}
