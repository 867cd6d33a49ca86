package org.virtugrid.control.vm.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.virtugrid.control.vm.WorkerJvm;
import org.virtugrid.grid.node.NodeSettings;
import org.virtugrid.grid.node.NodeSettingsFile;
import org.virtugrid.grid.topology.NodeRole;

/**
 * The command line of a worker JVM.
 *
 * @param install where VirtuGrid was built
 * @param jobs folder of users' job jars
 * @param controlAddresses host:port of each control node
 * @param host name of the physical host
 */
public record WorkerCommand(
        Path install, Path jobs, List<String> controlAddresses, String host, Duration failureDetection)
        implements ProcessCommand {
    private static final String SETTINGS = "node.properties";

    @Override
    public String lastArgument(Path folder) {
        return folder.resolve(SETTINGS).toString();
    }

    @Override
    public List<String> prepare(Launch vm) throws IOException {
        NodeSettingsFile.write(settings(vm), vm.folder().resolve(SETTINGS));
        Path jar = install.resolve("platform/grid/target/virtugrid-grid.jar");
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(jvm(vm).options());
        line.add("-Dvirtugrid.install=" + install);
        line.add("-Dvirtugrid.jobs.directory=" + jobs);
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

    private static WorkerJvm jvm(Launch vm) {
        return new WorkerJvm(vm.memoryBytes(), vm.cpus());
    }

    private NodeSettings settings(Launch vm) {
        List<String> addresses = new ArrayList<>(controlAddresses);
        addresses.add("127.0.0.1:" + vm.discoveryPort());
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
                jvm(vm).regionBytes(),
                false,
                failureDetection,
                vm.cpus(),
                0,
                0,
                0,
                null);
    }
}
