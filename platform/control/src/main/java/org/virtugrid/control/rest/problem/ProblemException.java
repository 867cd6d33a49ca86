package org.virtugrid.control.rest.problem;

import org.virtugrid.api.Problem;

/** An error that belongs to HTTP rather than to the grid, such as a body that is too large. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** An error that is answered with this problem. */
    public ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    /** What is answered. */
    public Problem problem() {
        return problem;
    }
}
