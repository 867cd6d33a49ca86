package org.virtugrid.control.rest.problem;

import org.springframework.http.HttpStatus;
import org.virtugrid.api.Problem;
import org.virtugrid.grid.fault.GridException;

/** Every kind of problem the REST API answers with. */
public final class Problems {
    private Problems() {}

    /** The problem that tells of a grid error. */
    public static Problem of(GridException e) {
        HttpStatus status =
                switch (e.kind()) {
                    case INVALID -> HttpStatus.BAD_REQUEST;
                    case NOT_FOUND -> HttpStatus.NOT_FOUND;
                    case REFUSED, CONFLICT -> HttpStatus.CONFLICT;
                    case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
                };
        String type =
                switch (e.kind()) {
                    case INVALID -> "invalid-input";
                    case NOT_FOUND -> "not-found";
                    case REFUSED -> "refused";
                    case CONFLICT -> "conflict";
                    case UNAVAILABLE -> "unavailable";
                };
        return of(type, status, e.getMessage(), e.field(), e.fix());
    }

    /** Wrong input. */
    public static Problem invalid(String field, String detail, String fix) {
        return of("invalid-input", HttpStatus.BAD_REQUEST, detail, field, fix);
    }

    /** Wrong input that HTTP has a status of its own for. */
    public static Problem invalid(HttpStatus status, String detail, String fix) {
        return of("invalid-input", status, detail, null, fix);
    }

    /** Nothing at that address. */
    public static Problem noSuchPath(String path) {
        return of(
                "not-found",
                HttpStatus.NOT_FOUND,
                "there is nothing at " + path,
                null,
                "GET /api/openapi.json lists every path");
    }

    /** More bytes than are taken. */
    public static Problem tooLarge(long limitBytes) {
        return of(
                "too-large",
                HttpStatus.CONTENT_TOO_LARGE,
                "the request has more than " + limitBytes + " bytes",
                null,
                "send less, or put the data into a dataset");
    }

    /** No valid token. */
    public static Problem unauthorized() {
        return of(
                "unauthorized",
                HttpStatus.UNAUTHORIZED,
                "this needs the admin token",
                null,
                "send 'Authorization: Bearer TOKEN' with the content of the file 'token' in the home");
    }

    /** Comes from a place that may not do this. */
    public static Problem forbidden(String detail, String fix) {
        return of("forbidden", HttpStatus.FORBIDDEN, detail, null, fix);
    }

    /** Belongs to a later version. */
    public static Problem notImplemented(String detail, String fix) {
        return of("not-implemented", HttpStatus.NOT_IMPLEMENTED, detail, null, fix);
    }

    /** Any kind. */
    public static Problem of(String type, HttpStatus status, String detail, String field, String fix) {
        return new Problem(type, status.getReasonPhrase(), status.value(), detail, null, field, fix);
    }

    /** The same problem, met at this path. */
    public static Problem at(Problem problem, String path) {
        return new Problem(
                problem.type(),
                problem.title(),
                problem.status(),
                problem.detail(),
                path,
                problem.field(),
                problem.fix());
    }
}
