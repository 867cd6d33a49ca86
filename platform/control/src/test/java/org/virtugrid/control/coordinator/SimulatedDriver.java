package org.virtugrid.control.coordinator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.virtugrid.control.coordinator.SimulatedMachines.Guest;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmDriverException.Kind;
import org.virtugrid.control.vm.VmHost;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;
import org.virtugrid.control.vm.VmUse;

/** A driver of one control process for simulated machines; keeps the contract that every driver keeps. */
final class SimulatedDriver implements VmDriver {

    /** What a control process goes through while it makes a change. */
    interface Steps {
        /** Here it may die; the change so far stays. Also told that the hypervisor made it wait. */
        void at(String what);

        void waited();

        void diskGone(String id);

        /** What a hung hypervisor was asked for; perhaps it does it later. */
        void askLate(SimulatedMachines.Host host, Runnable what);

        /** Nothing ever happens. */
        static Steps none() {
            return new Steps() {
                @Override
                public void at(String what) {}

                @Override
                public void waited() {}

                @Override
                public void diskGone(String id) {}

                @Override
                public void askLate(SimulatedMachines.Host host, Runnable what) {}
            };
        }
    }

    private final SimulatedMachines machines;
    private final SimulatedGrid grid;
    private final Steps steps;
    private final Collection<Consumer<String>> listeners = new ArrayList<>();

    SimulatedDriver(SimulatedMachines machines, SimulatedGrid grid, Steps steps) {
        this.machines = machines;
        this.grid = grid;
        this.steps = steps;
    }

    /** The process of a guest ended. */
    void ended(String id) {
        listeners.forEach(listener -> listener.accept(id));
    }

    private Guest guest(String id) {
        Guest guest = machines.guest(id);
        if (guest == null) {
            throw new VmDriverException(Kind.NOT_FOUND, "there is no VM " + id);
        }
        return guest;
    }

    /** Makes a change with the hypervisor, which may hang; control may die before it and after it. */
    private void change(String what, Guest guest, Runnable change) {
        steps.at("before " + what);
        if (guest.host().hung) {
            steps.askLate(guest.host(), change);
            steps.waited();
            throw new VmDriverException(Kind.OUTCOME_UNKNOWN, guest.host().name() + " did not answer in time: " + what);
        }
        change.run();
        steps.at("after " + what);
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public List<VmRecord> list() {
        return machines.records();
    }

    @Override
    public VmRecord define(VmSpec spec) {
        if (machines.records().stream().anyMatch(vm -> vm.name().equals(spec.name()))) {
            throw new VmDriverException(Kind.FAILED, "there is a VM " + spec.name() + " already");
        }
        return machines.define(spec).record();
    }

    @Override
    public void want(String id, Desired desired) {
        Guest guest = guest(id);
        change("want " + desired + " of " + id, guest, () -> machines.want(guest, desired));
    }

    @Override
    public List<VmHost> hosts() {
        if (machines.hosts().size() == 1) {
            return List.of();
        }
        return machines.hosts().stream()
                .map(host -> new VmHost(
                        host.name(),
                        "sim:" + host.name(),
                        host.hung ? "it does not answer" : null,
                        null,
                        machines.guestsOn(host),
                        host.maintained))
                .toList();
    }

    @Override
    public void migrate(String id, String host) {
        Guest guest = guest(id);
        SimulatedMachines.Host to = machines.hosts().stream()
                .filter(one -> one.name().equals(host))
                .findFirst()
                .orElseThrow(() -> new VmDriverException(Kind.NOT_FOUND, "there is no host " + host));
        if (to.hung) {
            throw new VmDriverException(Kind.FAILED, host + " does not answer");
        }
        boolean fixed = guest.life() != null && guest.life().bound();
        change("migrate " + id, guest, () -> {
            if (fixed) {
                throw new VmDriverException(Kind.UNSUPPORTED, id + " cannot be moved while it runs");
            }
            machines.move(guest, to);
        });
    }

    @Override
    public VmProbe probe(String id) {
        return machines.probe(guest(id));
    }

    @Override
    public VmProbe start(String id) {
        Guest guest = guest(id);
        change("start " + id, guest, () -> machines.start(guest));
        change("record the start of " + id, guest, () -> guest.started = true);
        return machines.probe(guest);
    }

    @Override
    public boolean isBehind(String id) {
        Set<String> newest = grid.lastLiveOf(machines.guests().stream()
                .filter(guest -> !guest.record().suspect() || guest.id().equals(id))
                .map(Guest::id)
                .toList());
        return !newest.isEmpty() && !newest.contains(id) && grid.disk(id).lastLiveVersion > 0;
    }

    @Override
    public void stop(String id, Duration grace) {
        Guest guest = guest(id);
        change("stop " + id, guest, () -> endOnPurpose(guest));
    }

    @Override
    public void kill(String id) {
        Guest guest = guest(id);
        change("kill " + id, guest, () -> endOnPurpose(guest));
    }

    private void endOnPurpose(Guest guest) {
        machines.end(guest);
        guest.started = false;
    }

    @Override
    public void suspect(String id, boolean suspect) {
        Guest guest = guest(id);
        change((suspect ? "suspect " : "trust ") + id, guest, () -> machines.suspect(guest, suspect));
    }

    @Override
    public void wipe(String id) {
        Guest guest = guest(id);
        change("wipe " + id, guest, () -> {
            if (guest.life() != null) {
                throw new VmDriverException(Kind.FAILED, id + " runs");
            }
            grid.disk(id).wipe();
            steps.diskGone(id);
        });
        change("trust " + id, guest, () -> machines.suspect(guest, false));
    }

    @Override
    public void destroy(String id) {
        Guest guest = machines.guest(id);
        if (guest != null) {
            change("end " + id, guest, () -> endOnPurpose(guest));
            change("remove the disk of " + id, guest, () -> {
                grid.removeDisk(id);
                steps.diskGone(id);
            });
            change("remove the record of " + id, guest, () -> machines.remove(guest));
        }
    }

    @Override
    public VmUse use(String id) {
        Guest guest = machines.guest(id);
        return guest == null || guest.life() == null
                ? VmUse.NONE
                : new VmUse(0.1, guest.record().spec().memoryBytes(), 0L, 1L);
    }

    @Override
    public void onExit(Consumer<String> listener) {
        listeners.add(listener);
    }
}
