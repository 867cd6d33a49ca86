package org.virtugrid.control.vm.process;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.virtugrid.control.vm.VmUse;
import org.virtugrid.control.vm.local.ProcessTable;

/** Works out the use of VMs from one look to the next. Safe for use by several threads. */
final class UseMeter {
    private static final Duration DISK_AGE = Duration.ofSeconds(10);
    /** Two looks nearer than this share one figure; over a shorter time a tick is too coarse. */
    private static final long MIN_MILLIS = 500;

    private final Clock clock;
    private final ToLongFunction<String> diskBytes;
    private final Map<String, Look> looks = new ConcurrentHashMap<>();
    private final Map<String, Disk> disks = new ConcurrentHashMap<>();

    UseMeter(Clock clock, ToLongFunction<String> diskBytes) {
        this.clock = clock;
        this.diskBytes = diskBytes;
    }

    private record Look(long startTicks, long millis, long cpuTicks, Double share) {}

    private record Disk(long millis, long bytes) {}

    VmUse use(ProcessVm vm, ProcessTable.Entry entry) {
        long now = clock.millis();
        Look look = looks.compute(vm.id(), (id, last) -> next(last, vm, entry, now));
        long uptime = Math.max(
                0, Duration.between(vm.process().startedAt(), clock.instant()).toSeconds());
        return new VmUse(look.share(), entry.residentBytes(), disk(vm.id(), now), uptime);
    }

    private static Look next(Look last, ProcessVm vm, ProcessTable.Entry entry, long now) {
        if (last == null || last.startTicks() != entry.startTicks()) {
            return new Look(entry.startTicks(), now, entry.cpuTicks(), null);
        }
        long millis = now - last.millis();
        if (millis < MIN_MILLIS) {
            return last;
        }
        double seconds = (entry.cpuTicks() - last.cpuTicks()) / (double) ProcessTable.TICKS_PER_SECOND;
        double share = seconds * 1000 / millis / Math.max(1, vm.cpus());
        return new Look(entry.startTicks(), now, entry.cpuTicks(), Math.max(0, Math.min(1, share)));
    }

    /** Walking the folder costs much more than a look at the process, so it is done seldom. */
    long disk(String id, long now) {
        Disk disk = disks.get(id);
        if (disk == null || now - disk.millis() > DISK_AGE.toMillis()) {
            disk = new Disk(now, diskBytes.applyAsLong(id));
            disks.put(id, disk);
        }
        return disk.bytes();
    }

    void forget(String id) {
        looks.remove(id);
        disks.remove(id);
    }
}
