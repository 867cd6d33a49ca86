package org.virtugrid.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.virtugrid.cli.console.Console;

/**
 * Runs the usual commands once against answers of its own, so that the JVM can archive the classes they load. It
 * touches nothing but memory and a directory of its own.
 */
final class Training {
    private static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final Map<String, String> ANSWERS = Map.of(
            "/api/super-vm/status",
            "{\"state\":\"READY\",\"vms\":{\"total\":3,\"ready\":3},\"resources\":{\"cpus\":{\"total\":3.0,\"free\":1.5}},"
                    + "\"tasks\":{\"queued\":0},\"datasets\":1,\"datasetsWithLoss\":[],\"ports\":{\"thin\":10800}}",
            "/api/vms",
            "[{\"id\":\"1\",\"name\":\"w1\",\"state\":\"READY\",\"cpus\":1,\"memoryBytes\":1,\"cpuUsage\":0.5,"
                    + "\"uptimeSeconds\":5,\"labels\":{\"a\":\"b\"}}]",
            "/api/datasets/d",
            "{\"datasetId\":\"d\",\"sizeBytes\":0,\"seconds\":0.1,\"createdAt\":\"2026-01-01T00:00:00Z\",\"sha256\":\""
                    + EMPTY_SHA256 + "\"}",
            "/api/datasets/d/content",
            "",
            "/api/super-vm/process",
            "{\"taskId\":\"t\",\"state\":\"SUCCEEDED\",\"startedAt\":\"2026-01-01T00:00:00Z\",\"result\":"
                    + "{\"total\":1,\"top\":[{\"word\":\"a\",\"count\":1}]}}");

    private Training() {}

    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String answer = ANSWERS.get(exchange.getRequestURI().getPath());
            byte[] body =
                    (answer == null ? "{\"status\":404,\"detail\":\"none\"}" : answer).getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length == 0 ? -1 : body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
        Path home = Files.createTempDirectory("virtugrid-training");
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            for (List<String> command : commands()) {
                Main.run(console(home, url), command.toArray(String[]::new));
            }
        } finally {
            server.stop(0);
            Files.deleteIfExists(home);
        }
        // The digest's formatter is used only on another thread otherwise
        HexFormat.of().formatHex(new byte[] {1});
    }

    private static List<List<String>> commands() {
        return List.of(
                List.of("status"),
                List.of("-o", "json", "status"),
                List.of("-o", "yaml", "vm", "list"),
                List.of("vm", "list"),
                List.of("vm", "show", "none"),
                List.of("dataset", "put", "d", "-"),
                List.of("dataset", "get", "d"),
                List.of("run", "process", "--operation", "sort", "--input", "[1]"),
                List.of("doctor"),
                List.of("--help"),
                List.of("vm", "lst"));
    }

    private static Console console(Path home, String url) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Console(
                new ByteArrayInputStream(new byte[0]),
                nowhere,
                nowhere,
                nowhere,
                false,
                false,
                Map.of("VIRTUGRID_HOME", home.toString(), "VIRTUGRID_URL", url, "VIRTUGRID_TOKEN", "none"),
                Clock.systemUTC());
    }
}
