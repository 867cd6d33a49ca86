package org.virtugrid.jobs.aggregate;

import org.virtugrid.jobs.api.JobContext;
import org.virtugrid.jobs.api.JobResult;
import org.virtugrid.jobs.value.NumberText;

/** The largest number; null without any. */
public final class MaxJob extends NumberJob<Extreme> {

    @Override
    public String name() {
        return "max";
    }

    @Override
    public Extreme create(JobContext context) {
        return new Extreme(true);
    }

    @Override
    void take(Extreme partial, NumberText number) {
        partial.take(number);
    }

    @Override
    public Extreme reduce(JobContext context, Extreme left, Extreme right) {
        left.take(right);
        return left;
    }

    @Override
    public JobResult finish(JobContext context, Extreme total) {
        return new JobResult(total.number());
    }
}
