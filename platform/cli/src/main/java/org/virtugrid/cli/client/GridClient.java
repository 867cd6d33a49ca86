package org.virtugrid.cli.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.failure.ExitCode;
import org.virtugrid.cli.format.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Calls the API. Blocks; safe for use by several threads. Every failure is a {@link CliException} with the exit code
 * that belongs to it.
 *
 * <p>Uses the JDK's old HTTP client on purpose: it loads in a third of the time of the new one.
 */
public final class GridClient {
    private static final String LEADER = "VirtuGrid-Leader";
    static final int CONNECT_MILLIS = 5_000;

    private final GridAddress address;
    private final String token;

    /** A token of null asks without one. */
    public GridClient(GridAddress address, String token) {
        this.address = address;
        this.token = token == null ? null : checkedToken(token);
    }

    public GridAddress address() {
        return address;
    }

    /**
     * Sends the request and returns the answer; a missing node where it has no body. A control node that does not lead names
     * the one that does, which is asked then; the token goes to no other machine for that.
     */
    public JsonNode call(Request request) {
        try {
            return callHere(request);
        } catch (ApiException e) {
            if (e.leader() == null || !address.isLoopback()) {
                throw e;
            }
            GridAddress leader = GridAddress.parse(e.leader());
            if (!leader.isLoopback() || leader.equals(address)) {
                throw e;
            }
            return new GridClient(leader, token).callHere(request);
        }
    }

    private JsonNode callHere(Request request) {
        try {
            HttpURLConnection connection = open(request, "application/json, application/problem+json");
            try (InputStream body = answer(request, connection)) {
                return parse(new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    public <T> T call(Request request, Class<T> type) {
        return Json.read(call(request), type);
    }

    /** Opens a download; the caller closes the stream. */
    public InputStream open(Request request) {
        try {
            return answer(request, open(request, "application/octet-stream, application/problem+json"));
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /** Hands every event of a stream over until the grid ends it or it breaks off. */
    public void stream(Request request, Consumer<JsonNode> events) throws IOException {
        HttpURLConnection connection = open(request.patience(Duration.ZERO), "text/event-stream");
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(answer(request, connection), StandardCharsets.UTF_8))) {
            StringBuilder data = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data:")) {
                    data.append(line, 5, line.length()).append('\n');
                } else if (line.isEmpty() && data.length() > 0) {
                    events.accept(parse(data.toString()));
                    data.setLength(0);
                }
            }
        }
    }

    /** Whether anything answers as a grid there. */
    public boolean isUp() {
        try {
            call(Request.get("/api/health").patience(Duration.ofSeconds(5)));
            return true;
        } catch (CliException e) {
            return false;
        }
    }

    String token() {
        return token;
    }

    CliException unreachable(IOException e) {
        String remedy = address.isLoopback() && e instanceof ConnectException ? "; start it with: virtugrid up" : "";
        return new CliException(
                ExitCode.NOT_REACHABLE,
                "the grid at " + address + " cannot be reached (" + reason(e) + ")" + remedy,
                e);
    }

    static String reason(IOException e) {
        if (e instanceof ConnectException) {
            return "nothing listens there";
        }
        if (e instanceof UnknownHostException) {
            return "unknown host";
        }
        if (e instanceof NoRouteToHostException) {
            return "no route to the host";
        }
        if (e instanceof SocketTimeoutException) {
            return "no answer in time";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private HttpURLConnection open(Request request, String accept) throws IOException {
        URL url = address.resolve(request.target()).toURL();
        HttpURLConnection connection =
                (HttpURLConnection) (address.isLoopback() ? url.openConnection(Proxy.NO_PROXY) : url.openConnection());
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout((int) request.patience().toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestMethod(request.method());
        connection.setRequestProperty("Accept", accept);
        if (token != null) {
            connection.setRequestProperty("Authorization", "Bearer " + token);
        }
        return connection;
    }

    private static InputStream answer(Request request, HttpURLConnection connection) throws IOException {
        if (request.body() != null) {
            byte[] json = Json.bytes(request.body());
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setFixedLengthStreamingMode(json.length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(json);
            }
        } else if (!request.method().equals("GET")) {
            connection.setRequestProperty("Content-Length", "0");
        }
        int status = connection.getResponseCode();
        if (status >= 300 || status < 200) {
            InputStream body = connection.getErrorStream();
            throw ApiException.of(
                    status,
                    body == null ? "" : new String(body.readNBytes(1 << 20), StandardCharsets.UTF_8),
                    connection.getHeaderField(LEADER));
        }
        return connection.getInputStream();
    }

    static JsonNode parse(String body) {
        try {
            return Json.parse(body);
        } catch (JacksonException e) {
            throw new CliException(1, "what answers there is not a grid: its answer is no JSON", e);
        }
    }

    private static String checkedToken(String token) {
        String stripped = token.strip();
        if (stripped.isEmpty() || !stripped.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw CliException.wrongInput("the token is empty or has characters that no token has");
        }
        return stripped;
    }
}
