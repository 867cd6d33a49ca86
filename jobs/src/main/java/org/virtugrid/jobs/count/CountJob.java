package org.virtugrid.jobs.count;

import java.util.Set;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.Job;
import org.virtugrid.jobs.api.JobContext;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.api.JobResult;
import org.virtugrid.jobs.api.Records;
import org.virtugrid.jobs.value.Column;
import org.virtugrid.jobs.value.Values;

/** Counts records; with a column, those that have it. */
public final class CountJob implements Job<Long> {

    @Override
    public String name() {
        return "count";
    }

    @Override
    public void validate(JobParameters parameters) throws InvalidJobException {
        parameters.allowOnly(Set.copyOf(Column.PARAMETERS));
        new Column(parameters);
    }

    @Override
    public Long create(JobContext context) {
        return 0L;
    }

    @Override
    public Long fold(JobContext context, Long partial, Records records) throws InvalidJobException {
        long count = partial;
        Values values = new Values(context, records, true);
        while (values.next()) {
            count++;
        }
        return count;
    }

    @Override
    public Long reduce(JobContext context, Long left, Long right) {
        return left + right;
    }

    @Override
    public JobResult finish(JobContext context, Long total) {
        return new JobResult(total);
    }
}
