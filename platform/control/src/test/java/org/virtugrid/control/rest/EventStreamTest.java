package org.virtugrid.control.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EventStreamTest {
    @TempDir
    private Path home;

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.start(home);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void eventsOfThePastComeFirstAndLaterOnesAsTheyHappen() throws Exception {
        server.events.record("VM_CRASHED", "w1", "exit code 137", Map.of("pid", 42));
        assertThat(server.get("/api/events?since=1h").body()).contains("VM_CRASHED");
        assertThat(server.get("/api/events?since=2099-01-01T00:00:00Z").body()).isEqualTo("[]");
        try (BufferedReader stream = open("/api/events?since=1h")) {
            assertThat(next(stream)).contains("event:event").anyMatch(line -> line.contains("VM_CRASHED"));
            server.events.record("VM_STARTED", "w1", "restarted", Map.of());
            assertThat(next(stream)).anyMatch(line -> line.contains("VM_STARTED"));
            assertThat(server.events.listeners).hasSize(1);
        }
    }

    @Test
    void aSubscriberThatIsGoneIsForgotten() throws Exception {
        open("/api/events").close();
        await().atMost(java.time.Duration.ofSeconds(30)).until(() -> {
            server.events.record("TICK", "test", "so that something is written", Map.of());
            return server.events.listeners.isEmpty();
        });
    }

    @Test
    void aTasksProgressEndsWithTheTask() throws Exception {
        server.postJson("/api/super-vm/process", "{\"operation\":\"sort\",\"inputData\":[2,1]}");
        try (BufferedReader stream = open("/api/tasks/t1/progress")) {
            assertThat(next(stream)).anyMatch(line -> line.contains("\"state\":\"RUNNING\""));
            server.tasks.succeed("t1", "[1,2]");
            assertThat(next(stream)).anyMatch(line -> line.contains("\"result\":[1,2]"));
            assertThat(stream.readLine()).isNull();
        }
        assertThat(server.send(server.to("/api/tasks/none/progress").header("Accept", "text/event-stream"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void subscribersAreBounded() throws Exception {
        List<BufferedReader> streams = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            streams.add(open("/api/events"));
        }
        assertThat(server.send(server.to("/api/events").header("Accept", "text/event-stream"))
                        .statusCode())
                .isEqualTo(503);
        assertThat(server.get("/api/vms").statusCode()).isEqualTo(200);
        for (BufferedReader stream : streams) {
            stream.close();
        }
    }

    private BufferedReader open(String path) throws Exception {
        HttpResponse<InputStream> response = server.http.send(
                server.to(path).header("Accept", "text/event-stream").build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** The lines of the next event; heartbeats are passed over. */
    private static List<String> next(BufferedReader stream) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = stream.readLine(); line != null; line = stream.readLine()) {
            if (line.isEmpty() && !lines.isEmpty()) {
                return lines;
            }
            if (!line.isEmpty() && !line.startsWith(":")) {
                lines.add(line);
            }
        }
        return lines;
    }
}
