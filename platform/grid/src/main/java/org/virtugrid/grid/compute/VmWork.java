package org.virtugrid.grid.compute;

/**
 * How much work a VM has and had.
 *
 * @param queued tasks that wait on it
 * @param completed tasks that it led to an end since it started
 * @param stubborn jobs on it that were told to stop and don't; only its restart ends them
 */
public record VmWork(long queued, long completed, long stubborn) {
    /** Of a VM that nothing is known of. */
    public static final VmWork NONE = new VmWork(0, 0, 0);
}
