package org.virtugrid.control.coordinator;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.virtugrid.api.GpuView;
import org.virtugrid.api.HostView;
import org.virtugrid.api.Preview;
import org.virtugrid.api.VmActionResult;
import org.virtugrid.api.VmState;
import org.virtugrid.control.coordinator.VmRequests.Verb;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmHost;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.grid.fault.GridException;

/** Users' wishes for hosts, and for VMs to change theirs. */
final class ManagedHosts implements HostService {
    private static final Duration MOVE_DEADLINE = Duration.ofMinutes(12);

    private final VmDriver driver;
    private final Coordinator coordinator;
    private final Interlock interlock;
    private final VmViews views;
    private final Previews previews;
    private final EventLog events;

    ManagedHosts(
            VmDriver driver,
            Coordinator coordinator,
            Interlock interlock,
            VmViews views,
            Previews previews,
            EventLog events) {
        this.driver = driver;
        this.coordinator = coordinator;
        this.interlock = interlock;
        this.views = views;
        this.previews = previews;
        this.events = events;
    }

    @Override
    public List<HostView> hosts() {
        return views.hosts();
    }

    @Override
    public List<GpuView> gpus() {
        return new Gpus(driver).list();
    }

    @Override
    public VmActionResult migrate(String vmIdOrName, String host, boolean wait) {
        VmRecord vm;
        Action.Migrate move;
        synchronized (interlock) {
            coordinator.requireTerm();
            vm = VmRequests.find(driver.list(), vmIdOrName);
            if (requireTarget(vm, host)) {
                return result(vm, false, "it is on " + host + " already");
            }
            interlock.check(List.of(vm), Verb.RESTART);
            move = new Action.Migrate(vm.id(), host, "its owner asked for that");
            if (!coordinator.run(move, vm.name())) {
                throw GridException.unavailable(
                        "something else is being done to " + vm.name() + " right now", "try again in some seconds");
            }
        }
        if (!wait) {
            return result(vm, true, "under way");
        }
        String id = vm.id();
        Waiting.until(MOVE_DEADLINE, () -> !coordinator.busy(id));
        if (!isOn(vm.id(), host)) {
            throw GridException.unavailable(
                    vm.name() + " is still on " + vm.host() + ": "
                            + coordinator.failureOf(move, vm.name()).orElse("it takes longer than expected"),
                    "see `virtugrid events` and `virtugrid host list`, then try again");
        }
        return result(vm, true, "moved to " + host);
    }

    /** Whether the VM is on the host already. Fails when it can't go there. */
    private boolean requireTarget(VmRecord vm, String host) {
        VmHost target = find(host);
        if (vm.desired() == Desired.DESTROYED) {
            throw new GridException(
                    GridException.Kind.CONFLICT, "vm", vm.name() + " is being destroyed", "choose another VM");
        }
        if (host.equals(vm.host())) {
            return true;
        }
        if (target.maintained()) {
            throw GridException.refused(
                    "host " + host + " is in maintenance",
                    "choose another host, or first: virtugrid host resume " + host);
        }
        if (target.failure() != null) {
            throw GridException.unavailable("host " + host + ": " + target.failure(), "see `virtugrid host list`");
        }
        return false;
    }

    private VmHost find(String host) {
        return driver.hosts().stream()
                .filter(one -> one.name().equals(host))
                .findFirst()
                .orElseThrow(() -> driver.hosts().isEmpty()
                        ? GridException.invalid(
                                "host",
                                "VMs of the driver " + driver.name()
                                        + " are processes of this machine and cannot leave it",
                                "use the driver libvirt for VMs that can move")
                        : GridException.notFound("host", host, "see `virtugrid host list`"));
    }

    private boolean isOn(String vmId, String host) {
        return driver.list().stream().anyMatch(vm -> vm.id().equals(vmId) && host.equals(vm.host()));
    }

    private VmActionResult result(VmRecord vm, boolean changed, String message) {
        Decision.VmStatus status = coordinator.last().vms().get(vm.id());
        return new VmActionResult(
                vm.id(), vm.name(), true, changed, status == null ? VmState.UNKNOWN : status.state(), message);
    }

    @Override
    public Preview previewMigrate(String vmIdOrName, String host) {
        VmRecord vm = VmRequests.find(driver.list(), vmIdOrName);
        find(host);
        return previews.ofMove("migrate", List.of(vm), () -> {
            requireTarget(vm, host);
            interlock.check(List.of(vm), Verb.RESTART);
        });
    }

    @Override
    public HostView drain(String host) {
        coordinator.requireTerm();
        if (!find(host).maintained()) {
            requireWayOut(host);
            driver.maintain(host, true);
            events.record(
                    "HOST_DRAINING",
                    host,
                    "an operator began its maintenance; its VMs go elsewhere",
                    Map.of("vms", on(host).stream().map(VmRecord::name).toList()));
            coordinator.wake();
        }
        return view(host);
    }

    private void requireWayOut(String host) {
        if (!on(host).isEmpty() && Drain.target(driver.hosts(), host).isEmpty()) {
            throw GridException.refused(
                    "no other host answers and takes VMs, so those on " + host + " have nowhere to go",
                    "add a host in control.yaml, or end the maintenance of another one; see `virtugrid host list`");
        }
    }

    private List<VmRecord> on(String host) {
        return driver.list().stream().filter(vm -> host.equals(vm.host())).toList();
    }

    @Override
    public Preview previewDrain(String host) {
        find(host);
        return previews.ofMove("drain", on(host), () -> requireWayOut(host));
    }

    @Override
    public HostView resume(String host) {
        coordinator.requireTerm();
        if (find(host).maintained()) {
            driver.maintain(host, false);
            events.record("HOST_RESUMED", host, "an operator ended its maintenance", Map.of());
            coordinator.wake();
        }
        return view(host);
    }

    private HostView view(String host) {
        return views.hosts().stream()
                .filter(one -> one.name().equals(host))
                .findFirst()
                .orElseThrow();
    }
}
