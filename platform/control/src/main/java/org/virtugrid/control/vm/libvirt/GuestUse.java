package org.virtugrid.control.vm.libvirt;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmUse;
import org.virtugrid.control.vm.local.ProcessTable;

/** Works out the use of guests from what was seen and measured of them. Asks nobody. Safe for use by several threads. */
final class GuestUse {
    private static final long MIN_NANOS = 500_000_000L;
    private final Clock clock = Clock.systemUTC();
    private final Map<String, Mark> marks = new ConcurrentHashMap<>();

    private record Mark(String life, long sinceNanos, long nanos, long cpuNanos, Double share) {}

    /** Its use now; the disk alone when it does not run. */
    VmUse of(HostVms host, LibvirtVm vm) {
        Sighting seen = host.sighting(vm.id()).orElse(null);
        Optional<GuestFigures> measured = host.figures(vm);
        Long disk =
                measured.map(GuestFigures::disk).map(GuestFigures.Disk::bytes).orElse(null);
        if (seen == null || host.probe(vm.id()).life() != VmProbe.Life.RUNNING) {
            return new VmUse(null, null, disk, null, null);
        }
        Mark mark = marks.compute(vm.id(), (id, last) -> next(last, vm, seen, System.nanoTime()));
        return new VmUse(
                mark.share(),
                measured.map(GuestFigures::memoryBytes).orElseGet(() -> memory(seen)),
                disk,
                vm.begunAt() == null
                        ? (mark.nanos() - mark.sinceNanos()) / 1_000_000_000L
                        : Math.max(
                                0,
                                Duration.between(vm.begunAt(), clock.instant()).toSeconds()),
                measured.map(GuestFigures::networkPerSecond).orElse(null));
    }

    /** Of a guest that has not told yet: what QEMU takes, which is more by itself than the guest has. */
    private static long memory(Sighting seen) {
        return seen.process()
                .map(ProcessTable.Entry::residentBytes)
                .map(bytes -> Math.min(bytes, seen.memoryBytes()))
                .orElse(seen.memoryBytes());
    }

    private static Mark next(Mark last, LibvirtVm vm, Sighting seen, long now) {
        if (last == null || !last.life().equals(vm.life())) {
            return new Mark(vm.life(), now, now, seen.cpuNanos(), null);
        }
        if (now - last.nanos() < MIN_NANOS) {
            return last;
        }
        double share = (seen.cpuNanos() - last.cpuNanos())
                / (double) (now - last.nanos())
                / Math.max(1, vm.spec().cpus());
        return new Mark(vm.life(), last.sinceNanos(), now, seen.cpuNanos(), Math.max(0, Math.min(1, share)));
    }

    void forget(String id) {
        marks.remove(id);
    }
}
