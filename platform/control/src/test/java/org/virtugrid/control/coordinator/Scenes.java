package org.virtugrid.control.coordinator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.virtugrid.control.coordinator.GridSnapshot.Copies;
import org.virtugrid.control.coordinator.GridSnapshot.Member;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmProbe.Life;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;

/** Words for describing what the reconciler sees. */
final class Scenes {
    static final Limits LIMITS = Limits.standard(Duration.ofSeconds(5));
    static final Copies WHOLE = new Copies(true, true, 0, Set.of());
    static final Copies LOSSY = new Copies(true, false, 3, Set.of("d-x"));

    static final Set<String> ALL = Set.of("vm-1", "vm-2", "vm-3", "control-1");
    static final Set<String> WORKERS = Set.of("vm-1", "vm-2", "vm-3");

    private Scenes() {}

    static VmRecord record(int number, Desired desired, boolean suspect) {
        return new VmRecord(
                "vm-" + number,
                new VmSpec("w" + number, 1, 1L << 30, 1L << 30, Map.of()),
                desired,
                Instant.EPOCH,
                "vm-" + number,
                "127.0.0.1:" + (21_000 + 2 * number),
                null,
                suspect);
    }

    static VmProbe running(long pid) {
        return new VmProbe(
                Life.RUNNING, Long.toString(pid), pid, "S", 100, Instant.EPOCH, "process " + pid + " is there");
    }

    static VmProbe frozen(long pid) {
        return new VmProbe(
                Life.RUNNING,
                Long.toString(pid),
                pid,
                "T",
                100,
                Instant.EPOCH,
                "process " + pid + " is there, stopped");
    }

    static VmProbe died(long pid) {
        return new VmProbe(Life.DIED, Long.toString(pid), pid, null, 0, Instant.EPOCH, "process " + pid + " is gone");
    }

    static VmProbe unknown() {
        return new VmProbe(Life.UNKNOWN, "1", 1L, null, 0, Instant.EPOCH, "the process table cannot be read");
    }

    static Member member(int number, long pid) {
        return new Member(
                "00000000-0000-0000-0000-00000000000" + number,
                "vm-" + number,
                "vm-" + number,
                Long.toString(pid),
                false,
                true);
    }

    static Member control() {
        return new Member("00000000-0000-0000-0000-0000000000ff", "control-1", "control-1", "99", true, true);
    }

    static GridSnapshot grid(
            boolean active, Copies copies, Set<String> baseline, Set<String> lastLive, Member... workers) {
        List<Member> members = new ArrayList<>(List.of(workers));
        members.add(control());
        return new GridSnapshot(true, 0, active, active, members, baseline, lastLive, copies);
    }

    static Observation seen(long now, GridSnapshot grid, VmObservation... vms) {
        return new Observation(now, List.of(vms), grid, false, 0);
    }

    static VmObservation vm(VmRecord record, VmProbe probe) {
        return new VmObservation(record, probe, false);
    }

    /** w1 is the VM in question; w2 and w3 are well. */
    static Decision decide(
            Memory memory, long now, Desired desired, boolean suspect, VmProbe probe, GridSnapshot grid) {
        return new Reconciler(LIMITS)
                .decide(
                        memory,
                        seen(
                                now,
                                grid,
                                vm(record(1, desired, suspect), probe),
                                vm(record(2, Desired.RUNNING, false), running(2)),
                                vm(record(3, Desired.RUNNING, false), running(3))));
    }

    static Memory whole() {
        return decide(Memory.FRESH, 1000, Desired.RUNNING, false, running(1), active(WHOLE, member(1, 1)))
                .memory();
    }

    static GridSnapshot active(Copies copies, Member... first) {
        Member[] members = java.util.Arrays.copyOf(first, first.length + 2);
        members[first.length] = member(2, 2);
        members[first.length + 1] = member(3, 3);
        return grid(true, copies, ALL, WORKERS, members);
    }

    static GridSnapshot activeWithout1InBaseline(Member... first) {
        Member[] members = java.util.Arrays.copyOf(first, first.length + 2);
        members[first.length] = member(2, 2);
        members[first.length + 1] = member(3, 3);
        return grid(true, WHOLE, Set.of("vm-2", "vm-3", "control-1"), WORKERS, members);
    }
}
