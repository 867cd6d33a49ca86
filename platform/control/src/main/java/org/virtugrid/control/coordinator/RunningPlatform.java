package org.virtugrid.control.coordinator;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private static final String UNKNOWN_VERSION = "development";

    private final Home home;
    private final VmDriver driver;
    private final Grid grid;
    private final EventLog events;
    private final Coordinator coordinator;
    private final ManagedVms vms;
    private final GridFigures figures;
    private final Shutdown shutdown;

    /** What the platform is made of. */
    public record Parts(
            Home home,
            VmDriver driver,
            Grid grid,
            EventLog events,
            Supplier<Tasks> tasks,
            Supplier<Datasets> datasets,
            Duration failureDetection,
            String host,
            Runnable exit) {}

    /** Puts it together; nothing happens before {@link #start}. */
    public RunningPlatform(Parts parts) {
        this.home = parts.home();
        this.driver = parts.driver();
        this.grid = parts.grid();
        this.events = parts.events();
        this.coordinator = new Coordinator(driver, grid, events, Limits.standard(parts.failureDetection()));
        this.figures = new GridFigures(parts.tasks(), parts.datasets());
        Path disk = home.vms();
        this.vms = new ManagedVms(
                driver,
                coordinator,
                new Interlock(driver, grid),
                new VmViews(driver, grid, parts.host(), figures::workByVm),
                events,
                home.settings().workerMemoryBytes(),
                disk);
        this.shutdown = new Shutdown(driver, grid, coordinator, events, parts.exit());
    }

    /** Makes the VMs that are asked for, starts those that are wanted, and watches all from now on. Returns at once. */
    public void start() {
        new WorkerCount(driver, home.control().resolve("workers-made"))
                .ensure(home.settings().workers(), home.settings().workerMemoryBytes(), events);
        coordinator.start();
    }

    /** The VMs. */
    public VmService vms() {
        return vms;
    }

    @Override
    public StatusView status() {
        Decision.Overall overall = coordinator.last().overall();
        boolean stopping = shutdown.begun();
        boolean ready = gridReady();
        boolean lossy = !grid.snapshot().copies().lossyCaches().isEmpty();
        return new StatusView(
                stopping ? "DEGRADED" : overall.state(),
                stopping ? "everything is being stopped" : overall.reason(),
                stopping ? "stopping" : overall.stage(),
                version(),
                home.url(),
                new StatusView.Vms(overall.wanted(), overall.ready()),
                resources(),
                ready ? figures.tasks() : new StatusView.Tasks(0, 0, 0, 0, 0),
                ready ? figures.datasets() : 0,
                ready && lossy ? figures.datasetsWithLoss() : List.of(),
                ports());
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
                new StatusView.Amount(0, 0));
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
        coordinator.close();
        figures.close();
    }
}
