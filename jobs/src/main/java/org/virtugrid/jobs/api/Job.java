package org.virtugrid.jobs.api;

import java.io.Serializable;
import java.util.Optional;

/**
 * A computation that folds records into a partial result, joins partial results, and turns the last one into the
 * answer.
 *
 * <p>The platform makes one instance a thread with the no-argument constructor. It folds the records of each worker's
 * own partitions next to the data, joins the partials of a worker there, and joins what the workers send on the worker
 * that leads the task. A worker that dies costs only its own partial, so no method may have effects outside its
 * arguments. The order in which blocks are folded and partials are joined is not defined.
 *
 * @param <P> the partial result; what travels between workers, so keep it compact
 */
public interface Job<P extends Serializable> {

    /** The operation's name as users type it: lower-case words joined by hyphens. */
    String name();

    /**
     * Checks the parameters before a task is accepted. Must not block.
     *
     * @throws InvalidJobException naming the parameter, its bound and the remedy
     */
    default void validate(JobParameters parameters) throws InvalidJobException {}

    /** A partial result over no records at all. */
    P create(JobContext context) throws InvalidJobException;

    /**
     * Folds one block of whole records into a partial result. May change {@code partial} and return it.
     *
     * @throws InvalidJobException when a record cannot be processed; the task then fails with its message
     */
    P fold(JobContext context, P partial, Records records) throws InvalidJobException;

    /** Joins two partial results. May change either and return it. Associative and commutative. */
    P reduce(JobContext context, P left, P right) throws InvalidJobException;

    /**
     * Asks for one more look at all records, when the first did not tell enough to finish.
     *
     * <p>The platform calls this with the joined partial result, on the worker that leads the task. As long as it
     * returns a partial, all records are folded again: every thread begins with its own copy of that partial (made by
     * serialisation) in place of one from {@link #create}, copies are joined as ever, and this is asked again with the
     * new total. Once it is empty, {@link #finish} gets the last total.
     */
    default Optional<P> nextRound(JobContext context, P total) throws InvalidJobException {
        return Optional.empty();
    }

    /** Turns the joined partial result into the answer. Runs once, on the worker that leads the task. */
    JobResult finish(JobContext context, P total) throws InvalidJobException;
}
