package org.virtugrid.bench.bare;

import java.util.Map;
import java.util.TreeMap;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.lang.IgniteCallable;
import org.apache.ignite.resources.IgniteInstanceResource;

/** Sums three numbers for each of a batch of tasks; where wanted, a record of each is stored, once it has ended. */
final class SmallJob implements IgniteCallable<long[]> {
    private static final long serialVersionUID = 1L;

    private final long[] ids;
    private final long[] inputs;
    private final boolean recorded;

    @IgniteInstanceResource
    private transient Ignite ignite;

    SmallJob(long[] ids, long[] inputs, boolean recorded) {
        this.ids = ids;
        this.inputs = inputs;
        this.recorded = recorded;
    }

    @Override
    public long[] call() {
        long[] results = new long[ids.length];
        if (!recorded) {
            for (int i = 0; i < ids.length; i++) {
                results[i] = sum(i);
            }
            return results;
        }
        IgniteCache<Long, TaskRow> tasks = ignite.cache(BareConfig.TASKS);
        Map<Long, TaskRow> ended = new TreeMap<>();
        long begun = System.currentTimeMillis();
        for (int i = 0; i < ids.length; i++) {
            results[i] = sum(i);
            TaskRow row = new TaskRow(new long[] {inputs[3 * i], inputs[3 * i + 1], inputs[3 * i + 2]}, begun);
            ended.put(ids[i], row.finished(results[i], System.currentTimeMillis()));
        }
        tasks.putAll(ended);
        return results;
    }

    private long sum(int task) {
        return inputs[3 * task] + inputs[3 * task + 1] + inputs[3 * task + 2];
    }
}
