package org.virtugrid.cli.launch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands in for the control process: a program of its own that is STARTING at first and READY a little later. */
public final class FakeControl {
    private static final Pattern PORT = Pattern.compile("\"httpPort\"\\s*:\\s*(\\d+)");

    private FakeControl() {}

    public static void main(String[] args) throws IOException {
        Path home = Path.of(args[1]);
        Files.writeString(
                home.resolve("environment"), String.join("\n", System.getenv().keySet()));
        if (Files.exists(home.resolve("control.yaml"))
                && Files.readString(home.resolve("control.yaml")).contains("wrong")) {
            System.err.println("a line of the log");
            System.err.println("virtugrid: control.yaml: wrong; mend it");
            System.exit(2);
        }
        if (Files.exists(home.resolve("fail"))) {
            System.out.println("first line of trouble");
            System.out.println("last line of trouble");
            System.exit(3);
        }
        Matcher port = PORT.matcher(Files.readString(home.resolve("home.json")));
        if (!port.find()) {
            throw new IllegalStateException("no port");
        }
        String token = Files.readString(home.resolve("token")).strip();
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port.group(1))), 0);
        server.createContext("/api/super-vm/status", exchange -> {
            boolean allowed =
                    ("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            boolean stuck = Files.exists(home.resolve("stuck"));
            boolean ready = asked.incrementAndGet() > 2 && !stuck;
            answer(
                    exchange,
                    allowed ? 200 : 401,
                    "{\"state\":\"" + (ready ? "READY" : "STARTING") + "\",\"reason\":"
                            + (stuck ? "\"waiting for members: w2\"" : "null")
                            + ",\"vms\":{\"total\":3,\"ready\":" + (ready ? 3 : 1) + "},\"ports\":{\"thin\":1}}");
        });
        server.createContext("/api/shutdown", exchange -> {
            boolean silent = Files.exists(home.resolve("silent-host"))
                    && exchange.getRequestURI().getQuery().contains("destroy=true");
            answer(exchange, silent ? 503 : 202, silent ? "{\"detail\":\"host b does not answer\"}" : "{}");
            if (silent) {
                return;
            }
            Path report = home.resolve("report");
            if (Files.exists(report)) {
                Files.createDirectories(home.resolve("control"));
                Files.move(report, home.resolve("control/shutdown.json"), StandardCopyOption.REPLACE_EXISTING);
            }
            if (!Files.exists(home.resolve("deaf"))) {
                System.exit(0);
            }
        });
        server.start();
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        try (exchange) {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
