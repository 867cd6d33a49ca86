package org.virtugrid.control.rest.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.virtugrid.api.Problem;
import tools.jackson.databind.json.JsonMapper;

/** Writes a problem where no controller is at work: in filters and in the server itself. */
public final class ProblemWriter {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ProblemWriter() {}

    /** Answers with the problem; does nothing once an answer has begun. */
    public static void write(HttpServletRequest request, HttpServletResponse response, Problem problem)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.setStatus(problem.status());
        response.setContentType("application/problem+json");
        byte[] body = json(Problems.at(problem, request.getRequestURI()));
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    static byte[] json(Problem problem) {
        return JSON.writeValueAsBytes(problem);
    }
}
