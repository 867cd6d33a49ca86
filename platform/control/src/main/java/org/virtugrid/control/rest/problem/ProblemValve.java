package org.virtugrid.control.rest.problem;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.http.HttpStatus;
import org.virtugrid.api.Problem;

/** What the server says when a request never reaches a controller: malformed, too long, rejected by the firewall. */
public final class ProblemValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, Throwable throwable) {
        int code = response.getStatus();
        if (code < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        HttpStatus status = Objects.requireNonNullElse(HttpStatus.resolve(code), HttpStatus.BAD_REQUEST);
        Problem problem = code >= 500
                ? Problems.of("internal", status, "the request failed inside", null, "see logs/control.log in the home")
                : Problems.invalid(status, "the request is malformed or not allowed as it stands", null);
        try {
            byte[] body = ProblemWriter.json(problem);
            response.setContentType("application/problem+json");
            response.setContentLength(body.length);
            OutputStream out = response.getOutputStream();
            out.write(body);
            response.finishResponse();
        } catch (IOException e) {
            // the client is gone; there is nobody to tell
            container.getLogger().debug("could not report an error", e);
        }
    }
}
