package org.virtugrid.jobs.aggregate;

import org.virtugrid.jobs.api.JobContext;
import org.virtugrid.jobs.api.JobResult;
import org.virtugrid.jobs.value.NumberText;

/** The exact sum of numbers; 0 without any. */
public final class SumJob extends NumberJob<ExactSum> {

    @Override
    public String name() {
        return "sum";
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
        return new JobResult(NumberText.canonical(total.exact()));
    }
}
