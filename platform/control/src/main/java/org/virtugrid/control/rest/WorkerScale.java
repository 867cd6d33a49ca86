package org.virtugrid.control.rest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.virtugrid.api.Preview;
import org.virtugrid.api.StatusView;
import org.virtugrid.api.VmActions;
import org.virtugrid.api.VmCreate;
import org.virtugrid.api.VmState;
import org.virtugrid.api.VmView;
import org.virtugrid.control.coordinator.VmService;
import org.virtugrid.grid.fault.GridException;

/** Brings the number of workers to a wanted one. */
final class WorkerScale {
    private static final int MOST = 64;
    /** Roughly, for a preview. */
    private static final long START_SECONDS = 15;

    /** After one worker is gone its copies are made again; the next may be refused until that is done. */
    private static final Duration COPYING = Duration.ofSeconds(60);

    private final VmService vms;
    private final Clock clock;
    private final ReentrantLock one = new ReentrantLock();

    WorkerScale(VmService vms, Clock clock) {
        this.vms = vms;
        this.clock = clock;
    }

    /**
     * Starts what is stopped and creates what is missing; or destroys the stopped and the newest, one after another, as far
     * as nothing is lost by it.
     */
    StatusView.Vms to(int wanted) {
        require(wanted);
        if (!one.tryLock()) {
            throw new GridException(
                    GridException.Kind.CONFLICT, null, "another scaling is under way", "try again when it has ended");
        }
        try {
            List<VmView> now = vms.list();
            start(now, wanted);
            grow(now, wanted);
            shrink(now, wanted);
        } finally {
            one.unlock();
        }
        List<VmView> after = vms.list();
        long ready = after.stream().filter(vm -> vm.state() == VmState.READY).count();
        return new StatusView.Vms(after.size(), (int) ready);
    }

    private static void require(int wanted) {
        if (wanted < 1 || wanted > MOST) {
            throw GridException.invalid(
                    "nodes", "nodes is " + wanted + ", which is not from 1 to " + MOST, "give one in that range");
        }
    }

    /** What {@link #to} would do: the VMs that it would start, make or destroy. */
    Preview preview(int wanted) {
        require(wanted);
        List<VmView> now = vms.list();
        List<VmView> going = newestFirst(now).subList(0, Math.max(0, now.size() - wanted));
        if (!going.isEmpty()) {
            Preview destroy = vms.preview(
                    new VmActions("destroy", going.stream().map(VmView::id).toList(), List.of(), false));
            return new Preview(
                    "scale",
                    destroy.vms(),
                    destroy.allowed(),
                    destroy.refusal(),
                    destroy.fix(),
                    destroy.bytesToMove(),
                    destroy.leastCopies(),
                    destroy.tasksAffected(),
                    destroy.estimatedSeconds(),
                    destroy.effects());
        }
        List<String> coming =
                new ArrayList<>(stopped(now, wanted).stream().map(VmView::name).toList());
        coming.addAll(newNames(now, wanted));
        return new Preview(
                "scale", coming, true, null, null, 0, null, 0, coming.isEmpty() ? 0 : START_SECONDS, List.of());
    }

    private void start(List<VmView> now, int wanted) {
        List<String> ids = stopped(now, wanted).stream().map(VmView::id).toList();
        if (!ids.isEmpty()) {
            vms.act(new VmActions("start", ids, List.of(), false), false);
        }
    }

    /** Those of the stopped that are wanted again. */
    private static List<VmView> stopped(List<VmView> now, int wanted) {
        List<VmView> stopped =
                now.stream().filter(vm -> vm.state() == VmState.STOPPED).toList();
        int missing = Math.max(0, Math.min(stopped.size(), wanted - (now.size() - stopped.size())));
        return stopped.subList(0, missing);
    }

    private void grow(List<VmView> now, int wanted) {
        newNames(now, wanted).forEach(name -> vms.create(new VmCreate(name, null, null, null, null)));
    }

    private static List<String> newNames(List<VmView> now, int wanted) {
        Set<String> taken = new HashSet<>(now.stream().map(VmView::name).toList());
        List<String> names = new ArrayList<>();
        int number = 1;
        for (int missing = wanted - now.size(); missing > 0; missing--) {
            while (!taken.add("w" + number)) {
                number++;
            }
            names.add("w" + number);
        }
        return names;
    }

    private static List<VmView> newestFirst(List<VmView> now) {
        List<VmView> newestFirst = new ArrayList<>(now);
        newestFirst.sort(Comparator.comparing((VmView vm) -> vm.state() == VmState.STOPPED)
                .thenComparingInt(vm -> vm.name().length())
                .thenComparing(VmView::name)
                .reversed());
        return newestFirst;
    }

    private void shrink(List<VmView> now, int wanted) {
        List<VmView> newestFirst = newestFirst(now);
        int surplus = now.size() - wanted;
        int destroyed = 0;
        while (destroyed < surplus) {
            GridException refusal = destroyOne(newestFirst, destroyed > 0);
            if (refusal != null) {
                throw GridException.refused(
                        String.format(
                                Locale.ROOT,
                                "%d of %d workers were destroyed, then: %s",
                                destroyed,
                                surplus,
                                refusal.getMessage()),
                        refusal.fix());
            }
            destroyed++;
        }
    }

    /** Destroys the first that may go and takes it off the list; or returns why none may. */
    private GridException destroyOne(List<VmView> candidates, boolean copiesAreBeingMade) {
        Instant deadline = copiesAreBeingMade ? clock.instant().plus(COPYING) : clock.instant();
        while (true) {
            GridException refusal = null;
            for (VmView vm : candidates) {
                try {
                    vms.act(new VmActions("destroy", List.of(vm.id()), List.of(), false), true);
                    candidates.remove(vm);
                    return null;
                } catch (GridException e) {
                    if (e.kind() != GridException.Kind.REFUSED) {
                        throw e;
                    }
                    refusal = refusal == null ? e : refusal;
                }
            }
            if (!clock.instant().isBefore(deadline)) {
                return refusal;
            }
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        }
    }
}
