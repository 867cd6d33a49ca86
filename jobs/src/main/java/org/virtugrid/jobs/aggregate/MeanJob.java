package org.virtugrid.jobs.aggregate;

import org.virtugrid.jobs.api.JobContext;
import org.virtugrid.jobs.api.JobResult;
import org.virtugrid.jobs.value.NumberText;

/** The arithmetic mean of numbers, as the double nearest to it; null without any. */
public final class MeanJob extends NumberJob<ExactSum> {

    @Override
    public String name() {
        return "mean";
    }

    @Override
    public ExactSum create(JobContext context) {
        return new ExactSum();
    }

    @Override
    void take(ExactSum partial, NumberText number) {
        partial.add(number);
    }

    @Override
    public ExactSum reduce(JobContext context, ExactSum left, ExactSum right) {
        left.add(right);
        return left;
    }

    @Override
    public JobResult finish(JobContext context, ExactSum total) {
        return new JobResult(total.mean());
    }
}
