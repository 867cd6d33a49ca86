package org.virtugrid.jobs.distinct;

import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.Job;
import org.virtugrid.jobs.api.JobContext;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.api.JobResult;
import org.virtugrid.jobs.api.Records;
import org.virtugrid.jobs.value.ByteCounts;
import org.virtugrid.jobs.value.Values;

/** The exact number of different values. */
public final class DistinctJob implements Job<ByteCounts> {

    @Override
    public String name() {
        return "distinct";
    }

    @Override
    public void validate(JobParameters parameters) throws InvalidJobException {
        Values.validate(parameters);
    }

    @Override
    public ByteCounts create(JobContext context) {
        return new ByteCounts();
    }

    @Override
    public ByteCounts fold(JobContext context, ByteCounts partial, Records records) throws InvalidJobException {
        Values values = new Values(context, records);
        while (values.next()) {
            partial.add(values.array(), values.offset(), values.length(), 1);
        }
        partial.checkSize(context, name());
        return partial;
    }

    @Override
    public ByteCounts reduce(JobContext context, ByteCounts left, ByteCounts right) throws InvalidJobException {
        ByteCounts joined = ByteCounts.join(left, right);
        joined.checkSize(context, name());
        return joined;
    }

    @Override
    public JobResult finish(JobContext context, ByteCounts total) {
        return new JobResult(total.size());
    }
}
