package org.virtugrid.jobs.api;

import java.io.Serializable;

/**
 * A job whose output, when it is saved as a dataset, is a selection of the input's lines in their order.
 *
 * @param <P> the partial result
 */
public interface SelectingJob<P extends Serializable> extends Job<P> {

    /** A selector for one thread. */
    LineSelector selector(JobContext context) throws InvalidJobException;
}
