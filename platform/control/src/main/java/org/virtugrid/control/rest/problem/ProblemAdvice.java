package org.virtugrid.control.rest.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import org.springframework.web.util.DisconnectedClientHelper;
import org.virtugrid.api.Problem;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.grid.fault.CacheTrouble;
import org.virtugrid.grid.fault.GridException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** The one place where exceptions become answers. */
@RestControllerAdvice
public class ProblemAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);
    private static final MediaType PROBLEM_JSON = MediaType.APPLICATION_PROBLEM_JSON;

    @ExceptionHandler
    ResponseEntity<Problem> onGridError(GridException e, HttpServletRequest request, HttpServletResponse response) {
        // What a user typed wrong is the user's to know, not the operator's
        if (e.getCause() != null && e.kind() == GridException.Kind.UNAVAILABLE) {
            LOG.warn("{} {}: {}", request.getMethod(), request.getRequestURI(), e.getMessage(), e);
        }
        return answer(Problems.of(e), e, request, response);
    }

    @ExceptionHandler
    ResponseEntity<Problem> onDriverError(
            VmDriverException e, HttpServletRequest request, HttpServletResponse response) {
        LOG.warn("{} {}: {}", request.getMethod(), request.getRequestURI(), e.getMessage(), e);
        String look = "see `virtugrid host list` and `virtugrid events`";
        Problem problem =
                switch (e.kind()) {
                    case NOT_FOUND ->
                        Problems.of("not-found", HttpStatus.NOT_FOUND, e.getMessage(), null, "see `virtugrid vm list`");
                    case UNREACHABLE, OUTCOME_UNKNOWN ->
                        Problems.of("host-silent", HttpStatus.SERVICE_UNAVAILABLE, e.getMessage(), null, look);
                    case FAILED, UNSUPPORTED ->
                        Problems.of("driver-failed", HttpStatus.INTERNAL_SERVER_ERROR, e.getMessage(), null, look);
                };
        return answer(problem, e, request, response);
    }

    @ExceptionHandler
    ResponseEntity<Problem> onProblem(ProblemException e, HttpServletRequest request, HttpServletResponse response) {
        if (response.isCommitted()) {
            return null; // the connection is gone already: that is what the problem tells of
        }
        ResponseEntity<Problem> answer = answer(e.problem(), e, request, response);
        if (e.header() != null) {
            response.setHeader(e.header(), e.value());
        }
        return answer;
    }

    @ExceptionHandler({NoHandlerFoundException.class, NoResourceFoundException.class})
    ResponseEntity<Problem> onUnknownPath(Exception e, HttpServletRequest request, HttpServletResponse response) {
        return answer(Problems.noSuchPath(request.getRequestURI()), e, request, response);
    }

    @ExceptionHandler
    ResponseEntity<Problem> onWrongMethod(HttpRequestMethodNotSupportedException e, HttpServletRequest request) {
        String allowed =
                e.getSupportedMethods() == null ? "another method" : String.join(" or ", e.getSupportedMethods());
        Problem problem = Problems.invalid(
                HttpStatus.METHOD_NOT_ALLOWED, e.getMethod() + " is not possible here", "use " + allowed);
        HttpHeaders headers = new HttpHeaders();
        if (e.getSupportedHttpMethods() != null) {
            headers.setAllow(e.getSupportedHttpMethods());
        }
        return ResponseEntity.status(problem.status())
                .headers(headers)
                .contentType(PROBLEM_JSON)
                .body(Problems.at(problem, request.getRequestURI()));
    }

    @ExceptionHandler
    ResponseEntity<Problem> onWrongMediaType(
            HttpMediaTypeNotSupportedException e, HttpServletRequest request, HttpServletResponse response) {
        return answer(
                Problems.invalid(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        "a body of type '" + e.getContentType() + "' is not understood here",
                        "send " + names(e.getSupportedMediaTypes())),
                e,
                request,
                response);
    }

    @ExceptionHandler
    ResponseEntity<Problem> onUnacceptable(
            HttpMediaTypeNotAcceptableException e, HttpServletRequest request, HttpServletResponse response) {
        return answer(
                Problems.invalid(
                        HttpStatus.NOT_ACCEPTABLE,
                        "there is no answer of the type you accept",
                        "accept " + names(e.getSupportedMediaTypes())),
                e,
                request,
                response);
    }

    @ExceptionHandler
    ResponseEntity<Problem> onMissingParameter(
            MissingServletRequestParameterException e, HttpServletRequest request, HttpServletResponse response) {
        String name = e.getParameterName();
        return answer(Problems.invalid(name, name + " is missing", "give it in the query"), e, request, response);
    }

    @ExceptionHandler
    ResponseEntity<Problem> onWrongParameter(
            MethodArgumentTypeMismatchException e, HttpServletRequest request, HttpServletResponse response) {
        String wanted = e.getRequiredType() == null
                ? "another value"
                : e.getRequiredType() == boolean.class || e.getRequiredType() == Boolean.class
                        ? "true or false"
                        : "a whole number";
        return answer(
                Problems.invalid(e.getName(), e.getName() + " is not " + wanted, "give " + wanted),
                e,
                request,
                response);
    }

    @ExceptionHandler
    ResponseEntity<Problem> onUnreadableBody(
            HttpMessageNotReadableException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return answer(problem.problem(), e, request, response);
            }
            if (cause instanceof JacksonException json) {
                return onJson(json, request, response);
            }
        }
        return answer(Problems.invalid("body", "the body is missing", "send a JSON object"), e, request, response);
    }

    @ExceptionHandler
    ResponseEntity<Problem> onJson(JacksonException e, HttpServletRequest request, HttpServletResponse response) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return answer(problem.problem(), e, request, response);
            }
        }
        return answer(unreadable(e), e, request, response);
    }

    private static Problem unreadable(JacksonException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            String known = unknown.getKnownPropertyIds() == null
                    ? "the documented names"
                    : unknown.getKnownPropertyIds().stream()
                            .map(String::valueOf)
                            .sorted()
                            .collect(Collectors.joining(", "));
            return Problems.invalid(
                    unknown.getPropertyName(),
                    "there is no field '" + unknown.getPropertyName() + "'",
                    "use one of " + known);
        }
        if (e instanceof DatabindException wrong && !(e.getCause() instanceof StreamReadException)) {
            String field = wrong.getPath().stream()
                    .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                    .collect(Collectors.joining("."));
            return Problems.invalid(
                    field.isEmpty() ? "body" : field,
                    (field.isEmpty() ? "the body" : field) + " has a value of the wrong kind",
                    "see /api/openapi.json");
        }
        if (e instanceof StreamConstraintsException) {
            return Problems.invalid(
                    "body",
                    "the body goes beyond what is read: " + e.getOriginalMessage(),
                    "send shorter numbers and texts, and nest less deeply");
        }
        String where = e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        return Problems.invalid("body", "the body is not valid JSON" + where, "send valid JSON in UTF-8");
    }

    @ExceptionHandler
    ResponseEntity<Problem> onAnythingElse(Exception e, HttpServletRequest request, HttpServletResponse response)
            throws Exception {
        if (e instanceof org.springframework.security.core.AuthenticationException
                || e instanceof org.springframework.security.access.AccessDeniedException) {
            throw e;
        }
        if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
            LOG.debug("{} {}: the client is gone", request.getMethod(), request.getRequestURI());
            return null;
        }
        if (response.isCommitted()) {
            throw e;
        }
        Optional<GridException> trouble = CacheTrouble.of(e);
        if (trouble.isPresent()) {
            return onGridError(trouble.get(), request, response);
        }
        LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
        return answer(
                Problems.of(
                        "internal",
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "the request failed inside",
                        null,
                        "see logs/control.log in the home"),
                e,
                request,
                response);
    }

    /** The answer; an error in the middle of one breaks it off, so that nobody takes the rest for complete. */
    private static ResponseEntity<Problem> answer(
            Problem problem, Exception cause, HttpServletRequest request, HttpServletResponse response) {
        if (response.isCommitted()) {
            throw new BrokenAnswerException(cause);
        }
        response.reset();
        return ResponseEntity.status(problem.status())
                .contentType(PROBLEM_JSON)
                .body(Problems.at(problem, request.getRequestURI()));
    }

    private static String names(List<MediaType> types) {
        return types.stream().map(MediaType::toString).distinct().collect(Collectors.joining(" or "));
    }

    /** Breaks off an answer that has begun. */
    private static final class BrokenAnswerException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BrokenAnswerException(Throwable cause) {
            super(cause.getMessage(), cause);
        }
    }
}
