package org.virtugrid.control.rest.problem;

import org.virtugrid.api.Problem;

/** An error that belongs to HTTP rather than to the grid, such as a body that is too large. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final String header;
    private final String value;

    /** An error that is answered with this problem. */
    public ProblemException(Problem problem) {
        this(problem, null, null);
    }

    /** An error that is answered with this problem and a header for programs; null for none. */
    public ProblemException(Problem problem, String header, String value) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
        this.header = header;
        this.value = value;
    }

    /** Name of the header, or null. */
    public String header() {
        return header;
    }

    /** Value of the header. */
    public String value() {
        return value;
    }

    /** What is answered. */
    public Problem problem() {
        return problem;
    }
}
