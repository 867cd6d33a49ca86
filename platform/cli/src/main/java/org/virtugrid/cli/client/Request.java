package org.virtugrid.cli.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * One call of the API.
 *
 * @param target path and query, encoded
 * @param body JSON to send, or null
 * @param patience how long the answer may take; zero waits for ever
 */
public record Request(String method, String target, JsonNode body, Duration patience) {
    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(45);

    public static Request get(String... path) {
        return new Request("GET", encodePath(path), null, USUAL_PATIENCE);
    }

    public static Request post(String... path) {
        return new Request("POST", encodePath(path), null, USUAL_PATIENCE);
    }

    public static Request put(String... path) {
        return new Request("PUT", encodePath(path), null, USUAL_PATIENCE);
    }

    public static Request delete(String... path) {
        return new Request("DELETE", encodePath(path), null, USUAL_PATIENCE);
    }

    /** Adds a query parameter, unless the value is null. */
    public Request with(String name, Object value) {
        if (value == null) {
            return this;
        }
        String separator = target.indexOf('?') < 0 ? "?" : "&";
        return new Request(method, target + separator + name + "=" + encode(value.toString()), body, patience);
    }

    public Request body(JsonNode json) {
        return new Request(method, target, json, patience);
    }

    public Request patience(Duration duration) {
        return new Request(method, target, body, duration);
    }

    private static String encodePath(String... path) {
        StringBuilder target = new StringBuilder();
        for (String segment : path) {
            // A segment that is a fixed path of several begins with a slash; others come from outside
            target.append(segment.startsWith("/api/") ? segment : "/" + encodeSegment(segment));
        }
        return target.toString();
    }

    private static String encodeSegment(String segment) {
        return segment.equals(".") || segment.equals("..") ? segment.replace(".", "%2E") : encode(segment);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
