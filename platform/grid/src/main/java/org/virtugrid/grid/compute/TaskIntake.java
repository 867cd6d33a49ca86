package org.virtugrid.grid.compute;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgniteFuture;
import org.virtugrid.grid.fault.CacheTrouble;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.Caches;

/** Hands tasks to the workers that will lead them, in batches, again and again until each is stored. */
final class TaskIntake {
    private static final long ASK_MILLIS = 15_000;
    private static final int BATCH = 256;
    private static final int TRIES = 40;

    private final Ignite ignite;

    TaskIntake(Ignite ignite) {
        this.ignite = ignite;
    }

    /**
     * Has the workers take the tasks. Storing the same task again changes nothing, so a lost answer is asked again.
     *
     * @param runFor how long workers may run small tasks before they store them, at the first try; zero for not at all. Only
     *     the first, so that a task that ends its worker is stored before it is tried again, and counted
     * @return tasks that have ended already
     */
    List<TaskRecord> take(List<TaskRecord> tasks, Duration runFor) {
        Map<String, TaskRecord> left = new LinkedHashMap<>();
        tasks.forEach(task -> left.put(task.id(), task));
        List<TaskRecord> ended = new ArrayList<>();
        long runUntil = System.nanoTime() + Math.min(TimeUnit.MILLISECONDS.toNanos(ASK_MILLIS), runFor.toNanos());
        IgniteException last = null;
        for (int attempt = 0; attempt < TRIES && !left.isEmpty(); attempt++) {
            boolean run = attempt == 0 && !runFor.isZero();
            List<Batch> asked = new ArrayList<>();
            ignite.<String>affinity(Caches.TASKS)
                    .mapKeysToNodes(left.keySet())
                    .forEach((node, ids) -> asked.addAll(ask(node, ids, left, run)));
            for (Batch batch : asked) {
                try {
                    long patience =
                            run ? Math.max(1, TimeUnit.NANOSECONDS.toMillis(runUntil - System.nanoTime())) : ASK_MILLIS;
                    ended.addAll(batch.answer.get(patience, TimeUnit.MILLISECONDS));
                    batch.ids.forEach(left::remove);
                } catch (IgniteException e) {
                    last = e;
                }
            }
            if (!left.isEmpty() && !run) {
                pause(100);
            }
        }
        if (!left.isEmpty()) {
            Throwable cause = last;
            throw CacheTrouble.of(cause)
                    .orElseGet(() -> new GridException(
                            GridException.Kind.UNAVAILABLE,
                            null,
                            "the workers do not take tasks now" + (cause == null ? "" : ": " + reason(cause)),
                            "see status, then submit again",
                            cause));
        }
        return ended;
    }

    private record Batch(List<String> ids, IgniteFuture<List<TaskRecord>> answer) {}

    private List<Batch> ask(ClusterNode node, Collection<String> ids, Map<String, TaskRecord> tasks, boolean run) {
        List<Batch> batches = new ArrayList<>();
        if (node == null) {
            return batches;
        }
        List<String> all = List.copyOf(ids);
        for (int from = 0; from < all.size(); from += BATCH) {
            List<String> some = all.subList(from, Math.min(all.size(), from + BATCH));
            List<TaskRecord> records = some.stream().map(tasks::get).toList();
            batches.add(new Batch(
                    some,
                    ignite.compute(ignite.cluster().forNode(node))
                            .withNoFailover()
                            .callAsync(new TaskCalls.Intake(records, run))));
        }
        return batches;
    }

    /** What went wrong at the bottom of it; the rest is about how Ignite carried the news. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause().getMessage() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }

    static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GridException.unavailable("interrupted while waiting", "ask again");
        }
    }
}
