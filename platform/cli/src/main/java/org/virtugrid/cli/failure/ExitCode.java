package org.virtugrid.cli.failure;

/** The exit codes that scripts rely on. */
public final class ExitCode {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int WRONG_INPUT = 2;
    public static final int NOT_FOUND = 3;
    public static final int REFUSED = 4;
    public static final int NOT_REACHABLE = 5;

    private ExitCode() {}
}
