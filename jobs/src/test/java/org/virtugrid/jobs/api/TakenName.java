package org.virtugrid.jobs.api;

/** A job whose name a built-in one has already. */
public final class TakenName implements Job<Integer> {
    @Override
    public String name() {
        return "count";
    }

    @Override
    public Integer create(JobContext context) {
        return 0;
    }

    @Override
    public Integer fold(JobContext context, Integer partial, Records records) {
        return partial;
    }

    @Override
    public Integer reduce(JobContext context, Integer left, Integer right) {
        return left + right;
    }

    @Override
    public JobResult finish(JobContext context, Integer total) {
        return new JobResult(total);
    }
}
