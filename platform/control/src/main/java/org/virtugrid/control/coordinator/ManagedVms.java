package org.virtugrid.control.coordinator;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.api.Preview;
import org.virtugrid.api.VmActionResult;
import org.virtugrid.api.VmActions;
import org.virtugrid.api.VmCreate;
import org.virtugrid.api.VmState;
import org.virtugrid.api.VmView;
import org.virtugrid.control.coordinator.VmRequests.Verb;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;
import org.virtugrid.grid.fault.GridException;

/** Users' wishes for VMs: each is checked, recorded with the driver, and carried out by the coordinator. */
final class ManagedVms implements VmService {
    private static final Logger LOG = LoggerFactory.getLogger(ManagedVms.class);
    private static final Duration DESTROY_DEADLINE = Duration.ofMinutes(10);
    private static final Duration START_DEADLINE = Duration.ofMinutes(2);
    private static final Duration STOP_DEADLINE = Duration.ofMinutes(1);

    private final VmDriver driver;
    private final Coordinator coordinator;
    private final Interlock interlock;
    private final VmViews views;
    private final Previews previews;
    private final EventLog events;
    private final long defaultMemory;
    private final Path disk;

    ManagedVms(
            VmDriver driver,
            Coordinator coordinator,
            Interlock interlock,
            VmViews views,
            Previews previews,
            EventLog events,
            long defaultMemory,
            Path disk) {
        this.driver = driver;
        this.coordinator = coordinator;
        this.interlock = interlock;
        this.views = views;
        this.previews = previews;
        this.events = events;
        this.defaultMemory = defaultMemory;
        this.disk = disk;
    }

    @Override
    public List<VmView> list() {
        Map<String, Decision.VmStatus> statuses = coordinator.last().vms();
        List<VmView> all = new ArrayList<>();
        for (VmRecord vm : driver.list()) {
            try {
                all.add(views.view(vm, statuses.get(vm.id())));
            } catch (VmDriverException e) {
                LOG.debug("{} went away in between: {}", vm.name(), e.toString());
            }
        }
        return all;
    }

    @Override
    public VmView find(String idOrName) {
        VmRecord vm = VmRequests.find(driver.list(), idOrName);
        return views.view(vm, coordinator.last().vms().get(vm.id()));
    }

    private long largestDisk() {
        return driver.largestDisk().orElseGet(() -> disk.toFile().getUsableSpace());
    }

    @Override
    public synchronized VmView create(VmCreate request) {
        VmSpec spec = VmRequests.spec(request, defaultMemory, request.diskBytes() == null ? 0 : largestDisk());
        VmRecord vm = driver.list().stream()
                .filter(other -> other.name().equals(spec.name()))
                .findFirst()
                .orElse(null);
        if (vm == null) {
            coordinator.requireTerm();
            new Gpus(driver).require(spec);
            vm = driver.define(spec);
            events.record("VM_CREATED", spec.name(), "a user asked for it", Map.of("vmId", vm.id()));
            coordinator.wake();
        } else if (!vm.spec().equals(spec) || vm.desired() == Desired.DESTROYED) {
            throw new GridException(
                    GridException.Kind.CONFLICT,
                    "name",
                    "there is a VM " + spec.name() + " already, "
                            + (vm.desired() == Desired.DESTROYED
                                    ? "which is being destroyed"
                                    : "with other sizes, labels or GPU"),
                    "choose another name");
        }
        return views.view(vm, coordinator.last().vms().get(vm.id()));
    }

    @Override
    public List<VmActionResult> act(VmActions request, boolean wait) {
        Verb verb = Verb.of(request.action());
        coordinator.requireTerm();
        List<Wish> wishes = new ArrayList<>();
        List<String> effects = List.of();
        // One at a time: two stops that are each harmless could together take the last copy.
        synchronized (interlock) {
            List<VmRecord> targets = VmRequests.select(driver.list(), request);
            List<VmRecord> affected =
                    targets.stream().filter(vm -> changes(verb, vm)).toList();
            if (verb != Verb.START && !affected.isEmpty()) {
                interlock.check(affected, verb);
                effects = interlock.effects(affected, verb);
            }
            for (VmRecord vm : targets) {
                wishes.add(begin(verb, vm, affected.contains(vm)));
            }
        }
        coordinator.wake();
        if (wait) {
            awaitAll(wishes, verb);
        }
        String effect = verb == Verb.STOP && !effects.isEmpty() ? "; " + String.join("; ", effects) : "";
        return wishes.stream().map(wish -> result(wish, verb, wait, effect)).toList();
    }

    @Override
    public Preview preview(VmActions request) {
        Verb verb = Verb.of(request.action());
        List<VmRecord> affected = VmRequests.select(driver.list(), request).stream()
                .filter(vm -> changes(verb, vm))
                .toList();
        return previews.ofAction(verb, affected, interlock.effects(affected, verb), () -> {
            if (verb != Verb.START && !affected.isEmpty()) {
                interlock.check(affected, verb);
            }
        });
    }

    /** A VM, and the life that it had when the action began. */
    private record Wish(VmRecord vm, boolean changed, String oldLife) {}

    private static boolean changes(Verb verb, VmRecord vm) {
        return switch (verb) {
            case START -> vm.desired() == Desired.STOPPED;
            case STOP -> vm.desired() == Desired.RUNNING;
            case RESTART -> vm.desired() != Desired.DESTROYED;
            case DESTROY -> vm.desired() != Desired.DESTROYED;
        };
    }

    private Wish begin(Verb verb, VmRecord vm, boolean changed) {
        VmProbe probe = driver.probe(vm.id());
        if (changed) {
            switch (verb) {
                case START -> driver.want(vm.id(), Desired.RUNNING);
                case STOP -> driver.want(vm.id(), Desired.STOPPED);
                case DESTROY -> driver.want(vm.id(), Desired.DESTROYED);
                case RESTART -> restart(vm, probe);
            }
        }
        return new Wish(vm, changed, probe.lifeId());
    }

    private void restart(VmRecord vm, VmProbe probe) {
        if (probe.life() == VmProbe.Life.UNKNOWN) {
            throw GridException.unavailable(
                    "it cannot be told whether " + vm.name() + " runs: " + probe.detail(),
                    "try again once `virtugrid host list` shows that its host answers");
        }
        driver.want(vm.id(), Desired.RUNNING);
        if (probe.life() != VmProbe.Life.RUNNING) {
            return;
        }
        Decision.VmStatus status = coordinator.last().vms().get(vm.id());
        boolean hung = status != null && status.verdict().kind() == Verdict.Kind.HUNG;
        Action action = hung
                ? new Action.Fence(vm.id(), !probe.frozen(), "its owner asked for its restart")
                : new Action.Stop(vm.id());
        if (!coordinator.run(action, vm.name())) {
            throw GridException.unavailable(
                    "something else is being done to " + vm.name() + " right now", "try again in some seconds");
        }
    }

    private void awaitAll(List<Wish> wishes, Verb verb) {
        Duration deadline =
                switch (verb) {
                    case START, RESTART -> START_DEADLINE;
                    case STOP -> STOP_DEADLINE;
                    case DESTROY -> DESTROY_DEADLINE;
                };
        Waiting.until(deadline, () -> wishes.stream().allMatch(wish -> fulfilled(wish, verb)));
    }

    private boolean fulfilled(Wish wish, Verb verb) {
        VmRecord now = driver.list().stream()
                .filter(vm -> vm.id().equals(wish.vm().id()))
                .findFirst()
                .orElse(null);
        if (now == null || now.desired() == Desired.DESTROYED) {
            return now == null;
        }
        Decision.VmStatus status = coordinator.last().vms().get(now.id());
        if (status == null) {
            return false;
        }
        return switch (verb) {
            case START -> status.state() == VmState.READY;
            case RESTART ->
                status.state() == VmState.READY
                        && !Objects.equals(driver.probe(now.id()).lifeId(), wish.oldLife());
            case STOP -> status.state() == VmState.STOPPED;
            case DESTROY -> false;
        };
    }

    private VmActionResult result(Wish wish, Verb verb, boolean waited, String effect) {
        VmRecord vm = wish.vm();
        boolean fulfilled = fulfilled(wish, verb);
        Decision.VmStatus status = coordinator.last().vms().get(vm.id());
        boolean vanished = verb == Verb.DESTROY && fulfilled;
        VmState state = vanished || status == null ? VmState.STOPPED : status.state();
        boolean contradicted = vm.desired() == Desired.DESTROYED && verb != Verb.DESTROY;
        String message;
        if (contradicted) {
            message = vm.name() + " is being destroyed";
        } else if (fulfilled) {
            message = wish.changed() ? done(verb) + effect : "nothing to do";
        } else if (waited) {
            message = "not there yet: " + coordinator.last().overall().reason();
        } else {
            message = "under way";
        }
        return new VmActionResult(
                vm.id(), vm.name(), !contradicted && (fulfilled || !waited), wish.changed(), state, message);
    }

    private static String done(Verb verb) {
        return switch (verb) {
            case START -> "started";
            case STOP -> "stopped";
            case RESTART -> "restarted";
            case DESTROY -> "destroyed";
        };
    }
}
