package org.virtugrid.grid.node;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.apache.ignite.Ignite;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.grid.compute.WorkerRuntime;
import org.virtugrid.grid.topology.LastTopology;
import org.virtugrid.grid.topology.LastTopologyKeeper;
import org.virtugrid.grid.topology.StoredCaches;

/** The process in every VM: one worker node, until it is told to stop. */
public final class WorkerMain {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerMain.class);

    private WorkerMain() {}

    /**
     * Starts the worker whose settings file is the only argument. Others are for whoever builds and starts machines:
     * {@code --train [TLS]} lives a short life for the archive of classes, {@code --warm FOLDER SCRATCH} warms up and waits for
     * its settings, see {@link WarmStart}.
     */
    public static void main(String[] arguments) throws Exception {
        List<String> words = List.of(arguments);
        IgniteProperties.set();
        Path install = Path.of(System.getProperty("virtugrid.install", "."));
        if (!words.isEmpty() && words.get(0).equals("--train") && words.size() <= 2) {
            Training.run(install, words.size() == 2 ? Path.of(words.get(1)) : null);
            System.exit(0);
        }
        boolean warm = words.size() == 3 && words.get(0).equals("--warm");
        if (words.size() != 1 && !warm) {
            System.err.println("usage: virtugrid-grid.jar NODE_PROPERTIES (VMs are started by the control plane)");
            System.exit(2);
        }
        try {
            Path file = warm
                    ? WarmStart.await(install, Path.of(words.get(1)), Path.of(words.get(2)))
                    : Path.of(words.get(0));
            NodeSettings settings = NodeSettingsFile.read(file);
            StoredCaches.removeAllButListed(settings.workDirectory(), file.resolveSibling(StoredCaches.LIST));
            start(settings, install);
        } catch (Exception | Error e) {
            // A node that has joined keeps its process alive, and would be taken for a worker that works
            LOG.error("The worker of {} cannot start; it ends, for control to start it again", words, e);
            Runtime.getRuntime().halt(1);
        }
    }

    private static void start(NodeSettings settings, Path install) {
        Ignite ignite = GridNode.startWorker(settings, install.resolve("config/worker.xml"));
        LastTopologyKeeper.start(ignite, LastTopology.fileFor(settings.workDirectory()), Clock.systemUTC());
        WorkerRuntime.start(ignite, settings.jobThreads(), settings.workDirectory());
        LOG.info(
                "Worker {} has joined the grid as node {}",
                settings.vmId(),
                ignite.cluster().localNode().id());
    }
}
