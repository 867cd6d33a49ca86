package org.virtugrid.control.vm.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.virtugrid.grid.node.NodeSettings;
import org.virtugrid.grid.node.NodeSettingsFile;
import org.virtugrid.grid.topology.NodeRole;

/**
 * The command line of a worker JVM. Of a VM's memory, 45 % are heap and 35 % pages of data; the rest is for what the JVM
 * and Ignite need besides.
 *
 * @param install where VirtuGrid was built
 * @param jobs folder of users' job jars
 * @param controlAddress host:port of the control node
 * @param host name of the physical host
 */
public record WorkerCommand(Path install, Path jobs, String controlAddress, String host, Duration failureDetection)
        implements ProcessCommand {
    /** What the JVM takes beside heap and buffers: classes, compiled code, stacks, its own structures. An estimate. */
    private static final long NATIVE_BYTES = 144L << 20;

    // Shares of what is left; Ignite adds a quarter of the region for pages that are written while they are changed.
    private static final double HEAP_SHARE = 0.50;
    private static final double REGION_SHARE = 0.30;
    private static final double DIRECT_SHARE = 0.10;
    private static final String SETTINGS = "node.properties";

    @Override
    public String lastArgument(Path folder) {
        return folder.resolve(SETTINGS).toString();
    }

    @Override
    public List<String> prepare(Launch vm) throws IOException {
        NodeSettingsFile.write(settings(vm), vm.folder().resolve(SETTINGS));
        Path jar = install.resolve("platform/grid/target/virtugrid-grid.jar");
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms32m",
                "-Xmx" + (share(vm, HEAP_SHARE) >> 20) + "m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:ReservedCodeCacheSize=96m",
                "-XX:MaxDirectMemorySize=" + (share(vm, DIRECT_SHARE) >> 20) + "m",
                "-XX:-UsePerfData",
                // Gives back what the compilers took at the start; JDKs that don't know it pass it over
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:TrimNativeHeapInterval=5000",
                "-XX:ActiveProcessorCount=" + Math.max(2, vm.cpus()),
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
                "-Djdk.nio.maxCachedBufferSize=262144",
                "-Dvirtugrid.install=" + install,
                "-Dvirtugrid.jobs.directory=" + jobs));
        Path archive = jar.resolveSibling("virtugrid-grid.jsa");
        if (Files.exists(archive)) {
            line.add("-XX:SharedArchiveFile=" + archive);
            line.add("-Xshare:auto");
            // Where it was made to lie, its pages are shared between workers and only those in use are read
            line.add("-XX:+UnlockDiagnosticVMOptions");
            line.add("-XX:ArchiveRelocationMode=0");
            line.add("-Xlog:disable");
            line.add("-Xlog:all=error:stderr");
        }
        line.add("-jar");
        line.add(jar.toString());
        line.add(lastArgument(vm.folder()));
        return line;
    }

    private static long share(Launch vm, double share) {
        return (long) ((vm.memoryBytes() - NATIVE_BYTES) * share);
    }

    private NodeSettings settings(Launch vm) {
        List<String> addresses = new ArrayList<>(List.of(controlAddress, "127.0.0.1:" + vm.discoveryPort()));
        addresses.addAll(vm.addresses());
        return new NodeSettings(
                NodeRole.WORKER,
                vm.id(),
                vm.consistentId(),
                "",
                host,
                vm.folder().resolve("db"),
                "127.0.0.1",
                vm.discoveryPort(),
                vm.communicationPort(),
                addresses,
                share(vm, REGION_SHARE),
                failureDetection,
                vm.cpus(),
                0,
                0,
                0,
                null);
    }
}
