package org.virtugrid.cli.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.virtugrid.api.CheckItem;
import org.virtugrid.api.StatusView;
import org.virtugrid.cli.client.GridAddress;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.console.Output;
import org.virtugrid.cli.console.Pause;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.doctor.Machine;
import org.virtugrid.cli.doctor.Preflight;
import org.virtugrid.cli.doctor.StartPlan;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.failure.ExitCode;
import org.virtugrid.cli.home.Home;
import org.virtugrid.cli.home.HomeSettings;
import org.virtugrid.cli.home.Invitation;
import org.virtugrid.cli.home.OwnerOnly;
import org.virtugrid.cli.home.PortsLock;
import org.virtugrid.cli.home.ProcessIdentity;
import org.virtugrid.cli.home.Secrets;
import org.virtugrid.cli.home.UpLock;

/** Brings a grid up: makes its home where there is none, starts control, and waits until every worker is READY. */
public final class GridStart {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PATIENCE_WITH_GUESTS = Duration.ofMinutes(5);
    private static final long DYING_NANOS = 5_000_000_000L;
    private static final long CHOOSING_NANOS = 60_000_000_000L;

    private final Home home;
    private final Machine machine;
    private final Output output;
    private final Path install;
    private PortsLock choosing = PortsLock.none();

    /** How it went. */
    public record Started(StatusView status, HomeSettings settings, boolean wasUp) {}

    /** The install directory is null when unknown; then only a grid that is up already can be found. */
    public GridStart(Home home, Machine machine, Output output, Path install) {
        this.home = home;
        this.machine = machine;
        this.output = output;
        this.install = install;
    }

    public Started start(UpRequest request, Progress progress) {
        WantedSettings.requireSensible(request);
        requireFine(new Preflight(machine, home).beforeTouching());
        boolean existed = Files.exists(home.directory());
        Running running = null;
        try {
            OwnerOnly.makeDirectories(home.directory());
            if (home.kind() == Home.Kind.ABSENT) {
                // An empty directory that somebody made for it
                OwnerOnly.close(home.directory());
            }
            running = launchUnlessRunning(request, existed, progress);
            HomeSettings settings = running.settings();
            GridClient client = new GridClient(GridAddress.local(settings.httpPort()), home.token());
            ReadyWait wait = new ReadyWait(client, running.control(), running.process(), running.logged());
            StatusView status = wait.await(
                    request.timeout() == null ? patience(settings) : request.timeout(),
                    progress,
                    () -> letOthersChoose(settings.ports().get("thin")));
            return new Started(status, settings, !running.launched());
        } catch (CliException e) {
            if (e.exitCode() == ExitCode.WRONG_INPUT && running != null && running.launched()) {
                undo(running.before());
            }
            throw e;
        } catch (IOException e) {
            throw new CliException(1, home.directory() + " cannot be used: " + e.getMessage(), e);
        } finally {
            choosing.close();
        }
    }

    private static Duration patience(HomeSettings settings) {
        return settings.driver().equals("libvirt") ? PATIENCE_WITH_GUESTS : PATIENCE;
    }

    private void undo(HomeBefore before) {
        try {
            before.restore();
        } catch (IOException e) {
            output.warning(home.directory() + " is not as it was before: " + e.getMessage());
        }
    }

    /** The control process, whoever launched it; {@code logged} is the size of its log before, {@code before} the home. */
    private record Running(
            HomeSettings settings,
            ProcessIdentity control,
            ControlProcess process,
            long logged,
            boolean launched,
            HomeBefore before) {}

    private Running launchUnlessRunning(UpRequest request, boolean existed, Progress progress) throws IOException {
        ControlProcess process = new ControlProcess(home, install);
        UpLock lock = take(request.timeout() == null ? PATIENCE : request.timeout(), progress);
        try {
            HomeBefore before = new HomeBefore(home, existed);
            Optional<HomeSettings> old = home.settings();
            long logged = process.logSize();
            Optional<ProcessIdentity> live = old.isPresent() ? home.liveControl() : Optional.empty();
            if (live.isPresent()) {
                WantedSettings.requireUnchanged(old.get(), request);
                return new Running(old.get(), live.get(), process, logged, false, before);
            }
            if (old.isPresent()) {
                awaitPortsOfTheDead(old.get(), progress);
            } else {
                chooseAlone(progress);
            }
            HomeSettings settings = prepare(old, request);
            return new Running(settings, process.launch(), process, logged, true, before);
        } finally {
            lock.close();
        }
    }

    /** Waits for another up or down of this home. */
    private UpLock take(Duration timeout, Progress progress) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<UpLock> lock = UpLock.tryTake(home);
            if (lock.isPresent()) {
                return lock.get();
            }
            progress.stage("waiting for another up or down of this home");
            Pause.millis(100);
        }
        throw CliException.failed("another up or down of " + home.directory() + " is under way; try again later");
    }

    /** Waits a while for other new homes that are choosing their ports. */
    private void chooseAlone(Progress progress) {
        long deadline = System.nanoTime() + CHOOSING_NANOS;
        Optional<PortsLock> lock = PortsLock.tryTake(machine.temporaryDirectory());
        while (lock.isEmpty() && System.nanoTime() < deadline) {
            progress.stage("waiting for another new grid to take its ports");
            Pause.millis(100);
            lock = PortsLock.tryTake(machine.temporaryDirectory());
        }
        choosing = lock.orElse(choosing);
    }

    /** Once somebody listens on our last port, others see that it is taken. */
    private void letOthersChoose(Integer thinPort) {
        if (choosing.isHeld() && thinPort != null && !machine.isFree(thinPort)) {
            choosing.close();
        }
    }

    /** A process that was killed a moment ago may still hold its ports while the kernel takes it apart. */
    private void awaitPortsOfTheDead(HomeSettings known, Progress progress) {
        long deadline = System.nanoTime() + DYING_NANOS;
        for (String use : List.of("http", "thin", "restHttp", "restTcp", "discovery", "communication")) {
            Integer port = known.ports().get(use);
            while (port != null
                    && !machine.isFree(port)
                    && machine.listener(port).isEmpty()
                    && System.nanoTime() < deadline) {
                progress.stage("waiting for port " + port + " to be given up");
                Pause.millis(50);
            }
        }
    }

    private HomeSettings prepare(Optional<HomeSettings> old, UpRequest asked) throws IOException {
        Optional<Invitation> invitation = Optional.ofNullable(asked.join()).map(Invitation::read);
        UpRequest request = invitation.map(asked::joining).orElse(asked);
        int alive = home.liveWorkers().size();
        HomeSettings settings = WantedSettings.merge(
                old,
                WantedSettings.withWorkerMemory(request, old.isEmpty(), machine.availableMemoryBytes()),
                alive > 0,
                home.seed(),
                machine::isFree);
        StartPlan plan = new StartPlan(
                settings.controlId() == null ? Math.max(0, settings.workers() - alive) : 0,
                settings.workerMemoryBytes(),
                settings.ports(),
                false,
                alive > 0);
        requireFine(new Preflight(machine, home).run(plan));
        if (install == null) {
            throw CliException.failed("run it as scripts/virtugrid from a clone: only that knows what to start");
        }
        if (settings.workers() <= settings.backups()) {
            output.warning("with " + settings.workers() + " workers there is no place for " + settings.backups()
                    + " backups: a worker that dies takes data with it until it is back");
        }
        if (invitation.isPresent()) {
            invitation.get().accept(home);
        }
        if (request.config() != null) {
            OwnerOnly.replace(home.controlYaml(), Files.readAllBytes(request.config()));
        }
        settings.write(home.settingsFile());
        Secrets.makeMissing(home);
        OwnerOnly.makeDirectories(home.vms());
        OwnerOnly.makeDirectories(home.directory().resolve("jobs"));
        return settings;
    }

    private static void requireFine(List<CheckItem> items) {
        List<String> problems = items.stream()
                .filter(item -> !item.ok())
                .map(item -> item.check() + ": " + item.found() + "; remedy: " + item.fix())
                .toList();
        if (!problems.isEmpty()) {
            throw CliException.failed(String.join("\nvirtugrid: ", problems));
        }
    }
}
