package org.virtugrid.control;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.ignite.Ignite;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.coordinator.EventLog;
import org.virtugrid.control.coordinator.FileEventLog;
import org.virtugrid.control.coordinator.RunningPlatform;
import org.virtugrid.control.coordinator.ShutdownReport;
import org.virtugrid.control.home.Home;
import org.virtugrid.control.home.HomeLock;
import org.virtugrid.control.node.ControlNode;
import org.virtugrid.control.node.DataPlane;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.grid.compute.Tasks;
import org.virtugrid.grid.dataset.Datasets;
import org.virtugrid.grid.fault.GridException;

/**
 * Everything of the control process but HTTP. Workers are started first, control's own node at the same time, and both
 * while HTTP is still being set up, because the start shall be short.
 */
final class ControlProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlProcess.class);
    private static final Duration FAILURE_DETECTION = Duration.ofSeconds(5);
    /** Guests stand still for a moment when they move, and emulated ones are slow; a verdict within 10 s is still kept. */
    private static final Duration FAILURE_DETECTION_OF_GUESTS = Duration.ofSeconds(8);

    private static final int NODE_FAILED = 3;

    private final Home home;
    private final HomeLock lock;
    private final EventLog events;
    private final ControlNode node;
    private final RunningPlatform platform;
    private final Leading leading;

    private ControlProcess(
            Home home, HomeLock lock, EventLog events, ControlNode node, RunningPlatform platform, Leading leading) {
        this.home = home;
        this.lock = lock;
        this.events = events;
        this.node = node;
        this.platform = platform;
        this.leading = leading;
    }

    /** Takes over the home, and starts its VMs and control's node. Returns before they are up. */
    static ControlProcess start(Path directory, Path install, Runnable exit) {
        Home home = Home.open(directory);
        HomeLock lock = HomeLock.take(home);
        String host = hostName();
        EventLog events = new FileEventLog(home.control().resolve("events.jsonl"), Clock.systemUTC());
        Duration failureDetection =
                home.settings().driver().equals("libvirt") ? FAILURE_DETECTION_OF_GUESTS : FAILURE_DETECTION;
        Drivers.Choice choice = Drivers.open(home, install, host, failureDetection);
        VmDriver driver = choice.driver();
        ControlNode node = new ControlNode(home, choice.place(), failureDetection, host);
        new ShutdownReport(home.shutdownReport()).remove();
        Leading leading = Leading.of(home, choice.place().tls(), events, exit);
        RunningPlatform platform = new RunningPlatform(new RunningPlatform.Parts(
                home,
                driver,
                node.grid(),
                events,
                leading.leadership(),
                leading.nodes(),
                () -> plane(node).tasks(),
                () -> plane(node).datasets(),
                failureDetection,
                host,
                leading.last()));
        ControlProcess process = new ControlProcess(home, lock, events, node, platform, leading);
        events.record(
                "CONTROL_STARTED",
                "control",
                "the control process of this home runs",
                Map.of(
                        "pid",
                        ProcessHandle.current().pid(),
                        "home",
                        home.directory().toString()));
        platform.start();
        node.start(() -> driver.list().stream().map(VmRecord::address).toList(), process::nodeFailed);
        return process;
    }

    /** Without its node control is blind; whoever started it may start it again, and the VMs go on meanwhile. */
    private void nodeFailed(RuntimeException cause) {
        events.record("CONTROL_FAILED", "control", String.valueOf(cause.getMessage()), Map.of());
        System.err.println("virtugrid: the control node cannot start: " + cause.getMessage());
        Runtime.getRuntime().halt(NODE_FAILED);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    Home home() {
        return home;
    }

    EventLog events() {
        return events;
    }

    RunningPlatform platform() {
        return platform;
    }

    Datasets datasets() {
        return LateBound.of(Datasets.class, () -> plane(node).datasets());
    }

    Tasks tasks() {
        return LateBound.of(Tasks.class, () -> plane(node).tasks());
    }

    private static DataPlane plane(ControlNode node) {
        return node.grid()
                .dataPlane()
                .orElseThrow(() -> GridException.unavailable(
                        "the grid is not ready", "try again shortly; `virtugrid status` tells how far it is"));
    }

    Ignite ignite() {
        return node.grid()
                .ignite()
                .orElseThrow(() ->
                        GridException.unavailable("the control node has not joined the grid yet", "try again shortly"));
    }

    /** Lets go of the home; VMs go on. */
    @Override
    public void close() {
        platform.close();
        leading.close();
        node.grid().close();
        try {
            lock.close();
        } catch (java.io.IOException e) {
            LOG.debug("The lock goes with the process: {}", e.toString());
        }
    }
}
