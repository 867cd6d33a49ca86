package org.virtugrid.jobs.api;

/** What a job may know of the task it runs in. Safe for use by several threads. */
public interface JobContext {

    /** The parameters of the task. */
    JobParameters parameters();

    /** True when the input was given inline as JSON values, false when it is a dataset's lines. */
    boolean inline();

    /** True once the task was cancelled or its attempt fenced; a long fold returns soon then, with anything. */
    boolean cancelled();

    /**
     * How many bytes of heap one partial result may take here.
     *
     * <p>A job whose partials grow with the data's variety calls {@link InvalidJobException#tooLarge} beyond it,
     * instead of taking its worker down.
     */
    long partialBytesLimit();
}
