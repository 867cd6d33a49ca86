package org.virtugrid.control.coordinator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;

/** Hosts with their hypervisors, and the guests on them, as they truly are. */
final class SimulatedMachines {
    private static final long TICK_MILLIS = 100;

    /** Told of what happens to guests. */
    interface Watcher {
        void started(Guest guest, Life life);

        void ended(Guest guest, Life life);
    }

    /** A process of a guest. */
    static final class Life {
        private final long pid;
        private final String id;
        private final String nodeId;
        private long ticks;
        private long runsSince;
        private boolean frozen;
        boolean cut;
        boolean joined;
        boolean ended;

        Life(long pid, long now) {
            this.pid = pid;
            this.id = Long.toString(pid);
            this.nodeId = new UUID(0x5eed, pid).toString();
            this.runsSince = now;
        }

        String id() {
            return id;
        }

        String nodeId() {
            return nodeId;
        }

        boolean frozen() {
            return frozen;
        }

        /** Every third guest has a device of its host and can't leave it while it runs. */
        boolean bound() {
            return pid % 3 == 0;
        }

        /** Neither frozen nor cut off, so it answers. */
        boolean answers() {
            return !frozen && !cut;
        }

        private long ticks(long now) {
            return frozen ? ticks : ticks + (now - runsSince) / TICK_MILLIS;
        }
    }

    /** A guest: what its driver has recorded, and the process that it has now. */
    static final class Guest {
        private Host host;
        private VmRecord record;
        /** It counts as started, so that it has died when no process is there. */
        boolean started;

        private Life life;
        private Life lastLife;
        private int lives;

        Guest(Host host, VmRecord record) {
            this.host = host;
            this.record = record;
        }

        String id() {
            return record.id();
        }

        VmRecord record() {
            return record;
        }

        Host host() {
            return host;
        }

        /** Null when no process is there. */
        Life life() {
            return life;
        }
    }

    /** A machine. A hypervisor that hangs answers nothing, and does some of what it was asked for when it goes on. */
    static final class Host {
        private final String name;
        private final List<Runnable> late = new ArrayList<>();
        private final List<VmDriverException> unheard = new ArrayList<>();
        boolean hung;
        /** It takes no more guests, and those that it has are to leave. */
        boolean maintained;

        Host(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }
    }

    private final SimulatedTime time;
    private final List<Host> hosts = new ArrayList<>();
    private final Map<String, Guest> guests = new TreeMap<>();
    private List<VmRecord> records;
    private Watcher watcher;
    private Guest crowded;
    private long nextPid = 100;
    private int nextNumber = 1;

    SimulatedMachines(SimulatedTime time, int hostCount) {
        this.time = time;
        for (int i = 1; i <= hostCount; i++) {
            hosts.add(new Host("host-" + i));
        }
    }

    void watch(Watcher listener) {
        watcher = listener;
    }

    List<Host> hosts() {
        return hosts;
    }

    Collection<Guest> guests() {
        return guests.values();
    }

    /** Null when there is none. */
    Guest guest(String id) {
        return guests.get(id);
    }

    List<String> ids() {
        return List.copyOf(guests.keySet());
    }

    /** A guest that has more than one process; null for none. */
    Guest crowded() {
        return crowded;
    }

    /** All records, by name. */
    List<VmRecord> records() {
        if (records == null) {
            records = guests.values().stream().map(Guest::record).toList();
        }
        return records;
    }

    Guest define(VmSpec spec) {
        int number = nextNumber++;
        String id = "vm-" + String.format("%04d", number);
        VmRecord record = new VmRecord(
                id,
                spec,
                Desired.RUNNING,
                Instant.EPOCH,
                id,
                "10.0.0.1:" + (1_000 + number),
                hosts.size() == 1 ? null : hosts.get(number % hosts.size()).name(),
                false);
        Guest guest = new Guest(hosts.get(number % hosts.size()), record);
        guests.put(id, guest);
        records = null;
        return guest;
    }

    void want(Guest guest, Desired desired) {
        VmRecord old = guest.record;
        change(guest, desired, old.suspect());
    }

    void suspect(Guest guest, boolean suspect) {
        change(guest, guest.record.desired(), suspect);
    }

    private void change(Guest guest, Desired desired, boolean suspect) {
        VmRecord old = guest.record;
        guest.record = new VmRecord(
                old.id(), old.spec(), desired, old.createdAt(), old.consistentId(), old.address(), old.host(), suspect);
        records = null;
    }

    /** With its disk, and with its process if that runs. */
    void move(Guest guest, Host to) {
        guest.host = to;
        VmRecord old = guest.record;
        guest.record = new VmRecord(
                old.id(),
                old.spec(),
                old.desired(),
                old.createdAt(),
                old.consistentId(),
                old.address(),
                to.name(),
                old.suspect());
        records = null;
    }

    int guestsOn(Host host) {
        int count = 0;
        for (Guest guest : guests.values()) {
            count += guest.host == host ? 1 : 0;
        }
        return count;
    }

    void remove(Guest guest) {
        guests.remove(guest.id());
        records = null;
    }

    /** As hypervisors do: one that runs already stays as it is. */
    void start(Guest guest) {
        if (guest.life == null && guests.containsKey(guest.id())) {
            guest.life = new Life(nextPid++, time.now());
            guest.lastLife = guest.life;
            guest.lives++;
            crowded = guest.lives > 1 ? guest : crowded;
            watcher.started(guest, guest.life);
        }
    }

    /** Its process ends, for whatever reason. */
    void end(Guest guest) {
        Life life = guest.life;
        if (life != null) {
            guest.life = null;
            life.ended = true;
            guest.lives--;
            watcher.ended(guest, life);
        }
    }

    void freeze(Life life) {
        if (!life.frozen) {
            life.ticks = life.ticks(time.now());
            life.frozen = true;
        }
    }

    void thaw(Life life) {
        if (life.frozen) {
            life.frozen = false;
            life.ticks++;
            life.runsSince = time.now();
        }
    }

    /** What the hypervisor is asked while it hangs; perhaps it does it when it goes on. */
    void askLate(Host host, Runnable what, Random random) {
        if (random.nextBoolean()) {
            host.late.add(what);
        }
    }

    void goOn(Host host) {
        host.hung = false;
        List<Runnable> late = List.copyOf(host.late);
        host.late.clear();
        for (Runnable one : late) {
            try {
                one.run();
            } catch (VmDriverException e) {
                // nobody waits for the answer any more
                host.unheard.add(e);
            }
        }
    }

    VmProbe probe(Guest guest) {
        Life last = guest.lastLife;
        Long pid = last == null ? null : Long.valueOf(last.pid);
        String lifeId = last == null ? null : last.id;
        if (guest.host.hung) {
            return new VmProbe(
                    VmProbe.Life.UNKNOWN, lifeId, pid, null, 0, Instant.EPOCH, "the hypervisor does not answer");
        }
        Life life = guest.life;
        if (life == null) {
            return guest.started
                    ? new VmProbe(VmProbe.Life.DIED, lifeId, pid, null, 0, Instant.EPOCH, "its process is gone")
                    : VmProbe.off();
        }
        return new VmProbe(
                VmProbe.Life.RUNNING,
                lifeId,
                pid,
                life.frozen ? "T" : "S",
                life.ticks(time.now()),
                Instant.EPOCH,
                "its process is there");
    }
}
