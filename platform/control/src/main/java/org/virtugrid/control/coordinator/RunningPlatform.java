package org.virtugrid.control.coordinator;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.virtugrid.api.StatusView;
import org.virtugrid.api.VmState;
import org.virtugrid.api.VmView;
import org.virtugrid.control.home.Home;
import org.virtugrid.control.home.HomeSettings;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.grid.compute.Tasks;
import org.virtugrid.grid.dataset.Datasets;

/** The platform of one home: puts the coordinator and its helpers together and shows them as one. */
public final class RunningPlatform implements Platform, AutoCloseable {
    private static final String LEADERLESS = "no control node leads: a majority of them is needed for that";
    private static final String UNKNOWN_VERSION = "development";

    private final Home home;
    private final Leadership leadership;
    private final ControlNodes controlNodes;
    private final VmDriver driver;
    private final Grid grid;
    private final EventLog events;
    private final Coordinator coordinator;
    private final ManagedVms vms;
    private final ManagedHosts hosts;
    private final ManagedSnapshots snapshots;
    private final SnapshotSchedule snapshotSchedule;
    private final StartPreparation startPreparation;
    private final GridFigures figures;
    private final Shutdown shutdown;

    /** What the platform is made of. */
    public record Parts(
            Home home,
            VmDriver driver,
            Grid grid,
            EventLog events,
            Leadership leadership,
            ControlNodes controlNodes,
            Supplier<Tasks> tasks,
            Supplier<Datasets> datasets,
            Duration failureDetection,
            String host,
            Consumer<ShutdownReport.Outcome> exit) {}

    /** Puts it together; nothing happens before {@link #start}. */
    public RunningPlatform(Parts parts) {
        this.home = parts.home();
        this.leadership = parts.leadership();
        this.controlNodes = parts.controlNodes();
        this.driver = parts.driver();
        this.grid = parts.grid();
        this.events = parts.events();
        this.coordinator =
                new Coordinator(driver, grid, events, parts.leadership(), Limits.standard(parts.failureDetection()));
        this.figures = new GridFigures(parts.tasks(), parts.datasets());
        Path disk = home.vms();
        Interlock interlock = new Interlock(driver, grid);
        VmViews views = new VmViews(driver, grid, parts.host(), figures::workByVm);
        Previews previews = new Previews(
                driver, grid, new Previews.Figures(figures::chunkBytes, figures::workByVm, figures::tasks));
        this.hosts = new ManagedHosts(driver, coordinator, interlock, views, previews, events);
        this.vms = new ManagedVms(
                driver,
                coordinator,
                interlock,
                views,
                previews,
                events,
                home.settings().workerMemoryBytes(),
                disk);
        Clock clock = Clock.systemUTC();
        this.snapshots = new ManagedSnapshots(driver, grid, coordinator, interlock, events, clock);
        this.snapshotSchedule = new SnapshotSchedule(driver, coordinator, parts.leadership(), snapshots, events, clock);
        this.startPreparation = new StartPreparation(driver, coordinator, parts.leadership(), events);
        this.shutdown = new Shutdown(
                driver,
                grid,
                coordinator,
                events,
                controlNodes,
                new ShutdownReport(home.shutdownReport()),
                parts.exit());
    }

    /** Makes the VMs that are asked for, starts those that are wanted, and watches all from now on. Returns at once. */
    public void start() {
        WorkerCount workers = new WorkerCount(
                driver,
                home.control().resolve("workers-made"),
                home.settings().workers(),
                home.settings().workerMemoryBytes(),
                events);
        if (home.controlNodes().alone()) {
            workers.ensure();
        } else {
            new FirstWorkers(workers, leadership, grid, driver).start();
        }
        coordinator.start();
        snapshotSchedule.start();
        startPreparation.start();
    }

    /** The VMs. */
    public VmService vms() {
        return vms;
    }

    /** The machines that they live on. */
    public HostService hosts() {
        return hosts;
    }

    /** Snapshots of their disks. */
    public SnapshotService snapshots() {
        return snapshots;
    }

    @Override
    public StatusView status() {
        Decision.Overall overall = coordinator.last().overall();
        boolean stopping = shutdown.begun();
        boolean ready = gridReady();
        boolean lossy = !grid.snapshot().copies().lossyCaches().isEmpty();
        boolean led = controlNodes.leader().isPresent();
        return new StatusView(
                stopping || (!led && overall.state().equals("READY")) ? "DEGRADED" : overall.state(),
                stopping ? "everything is being stopped" : led ? overall.reason() : LEADERLESS,
                stopping ? "stopping" : overall.stage(),
                version(),
                home.url(),
                new StatusView.Vms(overall.wanted(), overall.ready()),
                resources(),
                ready ? figures.tasks() : new StatusView.Tasks(0, 0, 0, 0, 0),
                ready ? figures.datasets() : 0,
                ready && lossy ? figures.datasetsWithLoss() : List.of(),
                ports(),
                control());
    }

    private StatusView.Resources resources() {
        long cpus = 0;
        double freeCpus = 0;
        long memory = 0;
        long freeMemory = 0;
        for (VmView vm : vms.list()) {
            if (vm.state() == VmState.READY) {
                cpus += vm.cpus();
                freeCpus += vm.cpus() * (1 - (vm.cpuUsage() == null ? 0 : vm.cpuUsage()));
                memory += vm.memoryBytes();
                long used = vm.memoryUsedBytes() == null ? 0 : vm.memoryUsedBytes();
                freeMemory += Math.max(0, vm.memoryBytes() - used);
            }
        }
        return new StatusView.Resources(
                new StatusView.Cpus(cpus, Math.round(100 * freeCpus) / 100.0),
                new StatusView.Amount(memory, freeMemory),
                new Gpus(driver).amount());
    }

    private List<StatusView.Control> control() {
        List<GridSnapshot.Member> members = grid.snapshot().members();
        return controlNodes.all().stream()
                .map(node -> new StatusView.Control(
                        node.id(),
                        node.url(),
                        node.leader(),
                        members.stream()
                                .anyMatch(member -> member.control()
                                        && member.consistentId().equals(node.id()))))
                .toList();
    }

    private Map<String, Integer> ports() {
        HomeSettings.Ports ports = home.settings().ports();
        Map<String, Integer> all = new LinkedHashMap<>();
        all.put("http", ports.http());
        all.put("thin", ports.thin());
        all.put("restHttp", ports.restHttp());
        all.put("restTcp", ports.restTcp());
        all.put("discovery", ports.discovery());
        all.put("communication", ports.communication());
        all.put("workerBase", ports.workerBase());
        return all;
    }

    private static String version() {
        String version = RunningPlatform.class.getPackage().getImplementationVersion();
        return version == null ? UNKNOWN_VERSION : version;
    }

    @Override
    public ControlNodes controlNodes() {
        return controlNodes;
    }

    @Override
    public boolean gridReady() {
        GridSnapshot snapshot = grid.snapshot();
        return snapshot.active() && snapshot.prepared() && !shutdown.begun();
    }

    @Override
    public void shutDown(boolean destroy) {
        shutdown.begin(destroy);
    }

    /** Ends watching; VMs go on. */
    @Override
    public void close() {
        snapshotSchedule.close();
        startPreparation.close();
        coordinator.close();
        figures.close();
    }
}
