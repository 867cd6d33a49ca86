package org.virtugrid.jobs.api;

/** Keeps or drops a line; one instance a thread. */
@FunctionalInterface
public interface LineSelector {

    /**
     * Whether the line in {@code array[offset .. offset+length)} is kept. Once the task is cancelled it returns soon,
     * with anything.
     *
     * @throws InvalidJobException when the line cannot be judged; the task then fails with its message
     */
    boolean keep(byte[] array, int offset, int length) throws InvalidJobException;
}
