package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.virtugrid.grid.topology.NodeAttributes;
import org.virtugrid.jobs.api.InvalidJobException;

/**
 * One phase of a task's work, seen from its leader: parts are mapped to workers, each worker gets one unit for all of its
 * parts, and what a worker that died had is mapped anew. Results are taken as they come. Used by one thread.
 */
final class PartsRun {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int MOST_FAILURES = 5;

    /** Which worker does a part now. */
    interface Mapping {
        /** The worker for each of the parts; parts that nobody can do now are left out. */
        Map<ClusterNode, List<Integer>> map(Iterable<Integer> parts) throws InvalidJobException;
    }

    /** Makes the work for some parts. */
    interface WorkFactory {
        UnitWork work(int[] parts);
    }

    /** Takes the result of some parts. */
    interface Results {
        void take(UUID node, UnitKey unit, int[] parts, Serializable result) throws Exception;
    }

    private final WorkerRuntime worker;
    private final Ignite ignite;
    private final Attempt attempt;
    private final String phase;
    private final Mapping mapping;
    private final WorkFactory factory;
    private final Results results;
    private final double progressFrom;
    private final double progressTo;
    private final TreeSet<Integer> todo = new TreeSet<>();
    private final List<AskedUnit> asked = new ArrayList<>();
    private final Map<Integer, Long> movedSince = new HashMap<>();
    private int all;
    private int finished;
    private int failures;

    PartsRun(
            WorkerRuntime worker,
            Attempt attempt,
            String phase,
            Mapping mapping,
            WorkFactory factory,
            Results results,
            double progressFrom,
            double progressTo) {
        this.worker = worker;
        this.ignite = worker.ignite();
        this.attempt = attempt;
        this.phase = phase;
        this.mapping = mapping;
        this.factory = factory;
        this.results = results;
        this.progressFrom = progressFrom;
        this.progressTo = progressTo;
    }

    /** Runs all parts to their end. */
    void run(Iterable<Integer> parts) throws Exception {
        parts.forEach(todo::add);
        all = todo.size();
        if (attempt.task().attempt() > 1) {
            adopt();
        }
        long pause = FIRST_PAUSE_NANOS;
        while (!todo.isEmpty() || !asked.isEmpty()) {
            attempt.checkStopped();
            begin();
            boolean moved = collect();
            report();
            pause = moved ? FIRST_PAUSE_NANOS : Math.min(LONGEST_PAUSE_NANOS, pause * 3 / 2);
            TimeUnit.NANOSECONDS.sleep(pause);
        }
    }

    /** Takes over what workers did or do for an earlier attempt. */
    private void adopt() {
        for (ClusterNode node : Workers.of(ignite)) {
            try {
                List<UnitCalls.Found> found = ignite.compute(ignite.cluster().forNode(node))
                        .withTimeout(TimeUnit.SECONDS.toMillis(10))
                        .call(new UnitCalls.Find(attempt.task().id(), phase));
                for (UnitCalls.Found unit : found) {
                    List<Integer> boxed = Arrays.stream(unit.parts()).boxed().toList();
                    if (todo.containsAll(boxed)) {
                        boxed.forEach(todo::remove);
                        ask(new AskedUnit(worker, node, unit.key(), unit.parts()), null);
                    }
                }
            } catch (IgniteException e) {
                // What this worker did is done again.
            }
        }
    }

    private void begin() throws InvalidJobException {
        if (todo.isEmpty()) {
            return;
        }
        for (Map.Entry<ClusterNode, List<Integer>> entry :
                mapping.map(new ArrayList<>(todo)).entrySet()) {
            int[] parts = entry.getValue().stream().mapToInt(part -> part).toArray();
            entry.getValue().forEach(todo::remove);
            UnitKey key = new UnitKey(attempt.task().id(), phase, attempt.nextUnit());
            ask(new AskedUnit(worker, entry.getKey(), key, parts), factory.work(parts));
        }
    }

    private void ask(AskedUnit unit, UnitWork work) {
        asked.add(unit);
        unit.ask(work);
    }

    private boolean collect() throws Exception {
        boolean moved = false;
        for (Iterator<AskedUnit> each = asked.iterator(); each.hasNext(); ) {
            AskedUnit unit = each.next();
            UnitStatus status = unit.status();
            if (status == null) {
                continue;
            }
            switch (status.outcome()) {
                case RUNNING -> {
                    unit.ask(null);
                    continue;
                }
                case SUCCEEDED -> take(unit, status);
                case INVALID -> throw Attempt.invalid(status.message());
                case MOVED -> {
                    requirePatience(unit, status.message());
                    again(unit);
                }
                case FAILED -> {
                    if (++failures > MOST_FAILURES) {
                        throw new IllegalStateException(status.message());
                    }
                    again(unit);
                }
            }
            moved = true;
            each.remove();
        }
        return moved;
    }

    private void take(AskedUnit unit, UnitStatus status) throws Exception {
        Serializable result = unit.result(status);
        if (result == null) {
            again(unit);
        } else {
            results.take(unit.nodeId(), unit.key(), unit.parts(), result);
            finished += unit.parts().length;
        }
    }

    /** Gives up on parts that no worker could do for long: what they need is nowhere any more. */
    private void requirePatience(AskedUnit unit, String why) throws InvalidJobException {
        long now = System.nanoTime();
        for (int part : unit.parts()) {
            Long since = movedSince.putIfAbsent(part, now);
            if (since != null
                    && now - since > PATIENCE_NANOS
                    && ignite.cluster().node(unit.nodeId()) != null) {
                throw new InvalidJobException(
                        "dataset", why, "see dataset chunks; start the VMs that are down, then dataset check --repair");
            }
        }
    }

    private void again(AskedUnit unit) {
        Arrays.stream(unit.parts()).forEach(todo::add);
    }

    private void report() {
        double underWay = 0;
        Map<String, List<Integer>> byVm = new TreeMap<>();
        for (AskedUnit unit : asked) {
            underWay += unit.progress() * unit.parts().length;
            byVm.computeIfAbsent(NodeAttributes.vmId(unit.node()), vm -> new ArrayList<>())
                    .addAll(Arrays.stream(unit.parts()).boxed().toList());
        }
        double ratio = all == 0 ? 1 : (finished + underWay) / all;
        attempt.progress(progressFrom + (progressTo - progressFrom) * Math.min(1, ratio));
        attempt.running(byVm);
    }

    /** Deals parts to workers in turn, for work that is not bound to data. */
    static Mapping dealt(Ignite ignite) {
        return parts -> {
            List<ClusterNode> workers = Workers.of(ignite);
            Map<ClusterNode, List<Integer>> byNode = new HashMap<>();
            int next = 0;
            for (int part : parts) {
                if (!workers.isEmpty()) {
                    byNode.computeIfAbsent(workers.get(next++ % workers.size()), node -> new ArrayList<>())
                            .add(part);
                }
            }
            return byNode;
        };
    }
}
