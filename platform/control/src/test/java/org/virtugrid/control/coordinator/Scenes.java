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

    private Scenes() {}

    static VmRecord record(int number, Desired desired, boolean suspect) {
        return new VmRecord(
                "vm-" + number,
                new VmSpec("w" + number, 1, 1L << 30, 1L << 30, Map.of()),
                desired,
                Instant.EPOCH,
                "vm-" + number,
                "127.0.0.1:" + (21_000 + 2 * number),
                suspect);
    }

    static VmProbe running(long pid) {
        return new VmProbe(Life.RUNNING, pid, "S", 100, Instant.EPOCH, "process " + pid + " is there");
    }

    static VmProbe frozen(long pid) {
        return new VmProbe(Life.RUNNING, pid, "T", 100, Instant.EPOCH, "process " + pid + " is there, stopped");
    }

    static VmProbe died(long pid) {
        return new VmProbe(Life.DIED, pid, null, 0, Instant.EPOCH, "process " + pid + " is gone");
    }

    static VmProbe unknown() {
        return new VmProbe(Life.UNKNOWN, 1L, null, 0, Instant.EPOCH, "the process table cannot be read");
    }

    static Member member(int number, long pid) {
        return new Member(
                "00000000-0000-0000-0000-00000000000" + number, "vm-" + number, "vm-" + number, pid, false, true);
    }

    static Member control() {
        return new Member("00000000-0000-0000-0000-0000000000ff", "control-1", "control-1", 99, true, true);
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
}
