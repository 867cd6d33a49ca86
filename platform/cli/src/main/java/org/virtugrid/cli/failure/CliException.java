package org.virtugrid.cli.failure;

/** An end of the command that the user shall read about in one line, without a stack trace. */
public class CliException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    public CliException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public CliException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public static CliException failed(String message) {
        return new CliException(ExitCode.FAILED, message);
    }

    public static CliException wrongInput(String message) {
        return new CliException(ExitCode.WRONG_INPUT, message);
    }

    public static CliException notReachable(String message) {
        return new CliException(ExitCode.NOT_REACHABLE, message);
    }

    public int exitCode() {
        return exitCode;
    }
}
