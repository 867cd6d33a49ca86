package org.virtugrid.jobs.aggregate;

import java.io.Serializable;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.Job;
import org.virtugrid.jobs.api.JobContext;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.api.Records;
import org.virtugrid.jobs.value.NumberText;
import org.virtugrid.jobs.value.Numbers;

/** A job that takes one number after another. */
abstract class NumberJob<P extends Serializable> implements Job<P> {

    /** Takes one number into the partial result. */
    abstract void take(P partial, NumberText number);

    @Override
    public final void validate(JobParameters parameters) throws InvalidJobException {
        Numbers.validate(parameters);
    }

    @Override
    public final P fold(JobContext context, P partial, Records records) throws InvalidJobException {
        Numbers numbers = new Numbers(context, records);
        while (numbers.next()) {
            take(partial, numbers.number());
        }
        return partial;
    }
}
