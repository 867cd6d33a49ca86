package org.virtugrid.grid.node;

import java.nio.file.Path;
import java.time.Clock;
import org.apache.ignite.Ignite;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.grid.compute.WorkerRuntime;
import org.virtugrid.grid.topology.LastTopology;
import org.virtugrid.grid.topology.LastTopologyKeeper;

/** The process in every VM: one worker node, until it is told to stop. */
public final class WorkerMain {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerMain.class);

    private WorkerMain() {}

    /** Starts the worker whose settings file is the only argument. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            System.err.println("usage: virtugrid-grid.jar NODE_PROPERTIES (VMs are started by the control plane)");
            System.exit(2);
        }
        IgniteProperties.set();
        Path install = Path.of(System.getProperty("virtugrid.install", "."));
        if (arguments[0].equals("--train")) {
            Training.run(install);
            System.exit(0);
        }
        NodeSettings settings = NodeSettingsFile.read(Path.of(arguments[0]));
        try {
            start(settings, install);
        } catch (Exception | Error e) {
            // A node that has joined keeps its process alive, and would be taken for a worker that works
            LOG.error("Worker {} cannot start; it ends, for control to start it again", settings.vmId(), e);
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
