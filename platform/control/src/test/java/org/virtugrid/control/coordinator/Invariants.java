package org.virtugrid.control.coordinator;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.virtugrid.control.vm.Desired;

/**
 * What must hold after every event, whatever fails. Looks at the simulated world as it truly is, not as control sees it.
 */
final class Invariants {
    /** A little less than the brake's window, since actions are begun a moment after they were decided. */
    private static final long BRAKE_WINDOW_MILLIS = 55_000;

    /** All of them. */
    enum Name {
        /** No guest is started while another one with its identity and disk lives. */
        ONE_GUEST_PER_IDENTITY,
        /**
         * No guest is fenced, or expelled from the grid, that is alive and a member of it. Not promised where a single one is
         * wanted: a control node that is cut off from it can't be told from one whose only worker hangs.
         */
        NEVER_FENCED_WHILE_ALIVE_AND_SEEN,
        /** Of everything that was acknowledged a newest copy is on some disk, and a wish that takes the last living one is refused. */
        LAST_COPY_STAYS,
        /** Only the control process of the newest term changes anything. */
        ONE_ACTING_COORDINATOR,
        /** What was overwritten is never served again. */
        NO_OLD_VALUES,
        /** At most half of the wanted guests are fenced within a minute. */
        BRAKE_HOLDS,
        /** Once faults cease the platform becomes READY and rests. */
        DESIRED_STATE_REACHED
    }

    private final SimulatedTime time;
    private final SimulatedMachines machines;
    private final SimulatedGrid grid;
    private final SimulatedElection election;
    private final Map<String, Long> fencedAt = new HashMap<>();

    Invariants(SimulatedTime time, SimulatedMachines machines, SimulatedGrid grid, SimulatedElection election) {
        this.time = time;
        this.machines = machines;
        this.grid = grid;
        this.election = election;
    }

    static void check(Name name, boolean holds, String otherwise) {
        if (!holds) {
            throw new InvariantViolation(name, otherwise);
        }
    }

    /** Checked after every event. */
    void afterEvent() {
        check(Name.ONE_GUEST_PER_IDENTITY, machines.crowded() == null, "two processes have one identity and one disk");
        grid.checkServed();
    }

    /** Checked for every action at the moment in which the acting leader decides it. */
    void decided(Action action) {
        if (action instanceof Action.Start start) {
            SimulatedMachines.Guest guest = machines.guest(start.vmId());
            if (guest.life() != null) {
                throw new InvariantViolation(
                        Name.ONE_GUEST_PER_IDENTITY,
                        start.vmId() + " is to be started while its life "
                                + guest.life().id() + " goes on");
            }
        } else if (action instanceof Action.Fence fence) {
            SimulatedMachines.Life life = machines.guest(fence.vmId()).life();
            check(
                    Name.NEVER_FENCED_WHILE_ALIVE_AND_SEEN,
                    life == null || life.frozen() || !grid.isMember(fence.vmId(), life) || wanted() == 1,
                    fence.vmId() + " is to be fenced although it runs and is a member");
            fenced(fence.vmId());
        } else if (action instanceof Action.Expel expel) {
            SimulatedMachines.Life life = machines.guest(expel.vmId()).life();
            check(
                    Name.NEVER_FENCED_WHILE_ALIVE_AND_SEEN,
                    life == null || !life.nodeId().equals(expel.nodeId()),
                    expel.vmId() + " is to be expelled although it lives");
        } else if (action instanceof Action.ResetLost reset) {
            check(
                    Name.LAST_COPY_STAYS,
                    grid.members().containsAll(reset.needed()),
                    "lost partitions are to be reset while one who may hold them is away");
        }
    }

    /** Checked for every change that a control process makes at a driver or in the grid. */
    void changes(String control, String what) {
        check(
                Name.ONE_ACTING_COORDINATOR,
                election.leads(control),
                control + " does '" + what + "' while " + election + " acts");
    }

    /** Checked for every node that a control process has expelled from the grid. */
    void expels(String nodeId) {
        machines.guests().stream()
                .map(SimulatedMachines.Guest::life)
                .filter(life -> life != null && life.nodeId().equals(nodeId))
                .forEach(life -> check(
                        Name.NEVER_FENCED_WHILE_ALIVE_AND_SEEN,
                        life.ended,
                        "life " + life.id() + " is expelled while it lives"));
    }

    private long wanted() {
        return machines.guests().stream()
                .filter(guest -> guest.record().desired() == Desired.RUNNING)
                .count();
    }

    private void fenced(String id) {
        fencedAt.put(id, time.now());
        fencedAt.values().removeIf(at -> time.now() - at > BRAKE_WINDOW_MILLIS);
        long wanted = wanted();
        check(
                Name.BRAKE_HOLDS,
                wanted < 3 || fencedAt.size() * 2L <= wanted,
                new TreeSet<>(fencedAt.keySet()) + " of " + wanted + " were fenced within a minute");
    }

    /** A control process that begins anew knows of no fences. */
    void forgetFences() {
        fencedAt.clear();
    }

    /** Checked after a disk was emptied or removed. */
    void diskGone(String id) {
        int partition = grid.partitionWithoutNewestCopy();
        check(
                Name.LAST_COPY_STAYS,
                partition < 0,
                "nobody has the newest version of partition " + partition + " since the disk of " + id + " is gone");
    }

    /** Checked when the interlock has allowed that these go away. */
    void allowed(Collection<String> ids) {
        Set<String> going = new HashSet<>(ids);
        machines.guests().stream()
                .filter(guest -> guest.record().desired() != Desired.RUNNING)
                .forEach(guest -> going.add(guest.id()));
        check(
                Name.LAST_COPY_STAYS,
                !grid.soleHolders(going),
                ids + " may go although these hold the last living copy of something: " + going);
    }
}
