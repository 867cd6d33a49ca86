package org.virtugrid.grid.compute;

/** What a unit needs is not on this worker, or not any more on another: map the parts anew. */
final class PartMovedException extends Exception {
    private static final long serialVersionUID = 1L;

    PartMovedException(String message) {
        super(message);
    }
}
