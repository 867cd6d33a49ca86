package org.virtugrid.control.rest.ignite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.virtugrid.control.security.SecuritySettings;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.node.IgniteUsers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Ignite's own REST on loopback. Everything goes in the body of a POST, so that no URL and no log ever has the
 * password. One client id makes all calls share one session there; logging in costs a tenth of a second.
 */
final class IgniteRest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** What a caller may not say in our name. */
    private static final Set<String> RESERVED =
            Set.of("ignite.login", "ignite.password", "user", "password", "clientId", "sessionToken", "destId");

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
    private final String clientId = UUID.randomUUID().toString();
    private final SecuritySettings settings;
    private final JsonMapper json;

    IgniteRest(SecuritySettings settings, JsonMapper json) {
        this.settings = settings;
        this.json = json;
    }

    /** Ignite's answer, without what is nobody's business. */
    ObjectNode call(Map<String, String> params) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + settings.restHttpPort() + "/ignite"))
                .timeout(DEADLINE)
                .header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
                .POST(HttpRequest.BodyPublishers.ofString(form(params)))
                .build();
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.body().length > 0 && json.readTree(response.body()) instanceof ObjectNode answer) {
                return cleaned(answer);
            }
            throw unavailable("answered with status " + response.statusCode(), null);
        } catch (IOException e) {
            throw unavailable("does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("was not waited for", e);
        }
    }

    private String form(Map<String, String> params) {
        StringBuilder form = new StringBuilder(params.entrySet().stream()
                .filter(param -> !RESERVED.contains(param.getKey()))
                .map(param -> encoded(param.getKey()) + "=" + encoded(param.getValue()))
                .collect(Collectors.joining("&")));
        try {
            String password = Files.readString(settings.ignitePasswordFile()).strip();
            return form.append("&clientId=")
                    .append(clientId)
                    .append("&ignite.login=")
                    .append(IgniteUsers.USER)
                    .append("&ignite.password=")
                    .append(encoded(password))
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the password of the Ignite user", e);
        }
    }

    private static ObjectNode cleaned(ObjectNode answer) {
        answer.putNull("sessionToken");
        answer.remove("securitySubjectId");
        JsonNode error = answer.get("error");
        if (error != null && error.isString()) {
            int trace = error.asString().indexOf(", trace=");
            if (trace > 0) {
                answer.put("error", error.asString().substring(0, trace) + "]");
            }
        }
        return answer;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private static GridException unavailable(String what, Exception cause) {
        return new GridException(
                GridException.Kind.UNAVAILABLE, null, "Ignite's REST " + what, "try again shortly", cause);
    }
}
