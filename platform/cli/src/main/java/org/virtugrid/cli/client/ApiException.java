package org.virtugrid.cli.client;

import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.failure.ExitCode;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.format.Table;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The grid's answer that it won't or can't do what it was asked. */
public final class ApiException extends CliException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String leader;

    private ApiException(int exitCode, int status, String message, String leader) {
        super(exitCode, message);
        this.status = status;
        this.leader = leader;
    }

    /** Reads a problem (RFC 9457); any other body is not shown, as it isn't ours. */
    static ApiException of(int status, String body) {
        return of(status, body, null);
    }

    /** The same with the address of the control node that would do it, or null. */
    static ApiException of(int status, String body, String leader) {
        JsonNode problem;
        try {
            problem = Json.parse(body);
        } catch (JacksonException e) {
            problem = Json.object();
        }
        String type = problem.path("type").asString("");
        return new ApiException(exitCode(status, type), status, message(status, problem), leader);
    }

    /** The address of the control node that would do it, or null. */
    String leader() {
        return leader;
    }

    public int status() {
        return status;
    }

    private static int exitCode(int status, String type) {
        return switch (status) {
            case 400, 401, 403, 413, 422 -> ExitCode.WRONG_INPUT;
            case 404 -> ExitCode.NOT_FOUND;
            case 409 -> type.endsWith("refused") ? ExitCode.REFUSED : ExitCode.WRONG_INPUT;
            case 502, 503, 504 -> ExitCode.NOT_REACHABLE;
            default -> ExitCode.FAILED;
        };
    }

    private static String message(int status, JsonNode problem) {
        String detail = problem.path("detail").asString("");
        if (detail.isBlank()) {
            detail = problem.path("title").asString("");
        }
        String fix = problem.path("fix").asString("");
        if (status == 401 || status == 403) {
            detail = detail.isBlank() || status == 401 ? "the grid doesn't accept the token" : detail;
            fix = fix.isBlank() ? "use the one in the file 'token' of the grid's home" : fix;
        }
        if (detail.isBlank()) {
            detail = "the grid answered with status " + status;
        }
        String text = fix.isBlank() || detail.contains(fix) ? detail : stripEnd(detail) + "; " + fix;
        return Table.printable(text.strip());
    }

    private static String stripEnd(String sentence) {
        String text = sentence.strip();
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
