package org.virtugrid.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.ignite.Ignition;
import org.apache.ignite.client.ClientAuthenticationException;
import org.apache.ignite.client.ClientException;
import org.apache.ignite.client.IgniteClient;
import org.apache.ignite.client.IgniteClientFuture;
import org.apache.ignite.configuration.ClientConfiguration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.virtugrid.e2e.harness.Commands;
import org.virtugrid.e2e.harness.Grid;
import org.virtugrid.e2e.harness.Json;
import org.virtugrid.e2e.harness.Result;
import org.virtugrid.e2e.harness.Texts;
import org.virtugrid.e2e.harness.WithGrid;
import tools.jackson.databind.JsonNode;

/** Plain Ignite thin clients, as docs/guide/thin-client.md says. */
@WithGrid
@Order(30)
class ThinClientTest {
    private static final String TASKS = "org.virtugrid.grid.thin.";

    private final Grid grid;

    ThinClientTest(Grid grid) {
        this.grid = grid;
    }

    @Test
    void theProgramOfTheGuideCompilesAndRunsWithIgniteCoreAlone() throws IOException {
        String guide = Files.readString(Grid.INSTALL.resolve("docs/guide/thin-client.md"));
        Matcher program = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(guide);
        assertThat(program.find()).isTrue();
        Matcher option = Pattern.compile("--add-opens=\\S+?UNNAMED").matcher(guide);
        assertThat(option.find()).isTrue();
        Path folder = Files.createTempDirectory(grid.scratch(), "thin client");
        Path source = Files.writeString(folder.resolve("ThinClient.java"), program.group(1));
        String libraries = Arrays.stream(System.getProperty("java.class.path").split(":", -1))
                .filter(jar -> jar.matches(".*/(ignite-core|cache-api|annotations)-[0-9.]+\\.jar"))
                .collect(Collectors.joining(":"));
        assertThat(libraries).contains("ignite-core").doesNotContain("virtugrid-grid");
        Path java = Path.of(System.getProperty("java.home"), "bin");

        run(java.resolve("javac").toString(), "-Xlint:all", "-Werror", "-cp", libraries, source.toString());
        Path text = Texts.dictionary();
        Result result = run(
                java.resolve("java").toString(),
                option.group(),
                "-cp",
                libraries + ":" + folder,
                "ThinClient",
                grid.home().toString(),
                Integer.toString(grid.port("thin")),
                text.toString());

        List<String> answers = result.out().lines().toList();
        assertThat(answers).as(result.toString()).hasSize(3);
        JsonNode dataset = Json.parse(answers.get(0));
        assertThat(dataset.path("sha256").asString("")).isEqualTo(Texts.sha256(text));
        assertThat(dataset.path("sizeBytes").asLong(0)).isEqualTo(Files.size(text));
        assertThat(Texts.sha256(grid.get("thin"))).isEqualTo(Texts.sha256(text));
        JsonNode count = Json.parse(answers.get(1));
        assertThat(count.path("state").asString("")).isEqualTo("SUCCEEDED");
        assertThat(count.path("result").path("total").asLong(0))
                .isEqualTo(Long.parseLong(Commands.shell("wc -w <\"$1\"", text).strip()));
        assertThat(count.path("result").path("top")).hasSize(3);
        assertThat(Json.parse(answers.get(2)).path("result").toString()).isEqualTo("[1,2,3]");

        String id = count.path("taskId").asString("");
        assertThat(count).as("a task is the same by every way").isEqualTo(grid.rest("/api/tasks/" + id));
    }

    private static Result run(String... command) {
        return Commands.run(List.of(command), Map.of(), null, null, Duration.ofMinutes(2))
                .expect(0);
    }

    @Test
    void wrongArgumentsAreRefusedInOneSentence() throws Exception {
        try (IgniteClient client = client(grid.ignitePassword())) {
            refused(client, "RunProcess", Map.of("operation", "nonsense", "input", "[1]"), "nonsense");
            refused(client, "RunProcess", Map.of("operation", "sum", "input", "[1", "wait", true), "JSON");
            refused(client, "RunProcess", Map.of("operation", "sum", "dataset", "not-there"), "not-there");
            refused(client, "RunProcess", Map.of("operation", "sum", "input", "[1]", "extra", 1), "extra");
            refused(client, "RunProcess", Map.of("operation", 1, "input", "[1]"), "operation");
            refused(client, "RunProcess", Map.of("operation", "sum", "input", "[1]", "wait", "yes"), "wait");
            refused(client, "ShowTask", Map.of("taskId", "not-there"), "not-there");
            refused(client, "BeginLoad", Map.of("dataset", "../../escaped"), "../../escaped");
            refused(
                    client,
                    "CommitLoad",
                    Map.of("dataset", "d", "cache", "virtugrid-tasks", "pieces", 0),
                    "virtugrid-tasks");
        }
    }

    @Test
    void aLoadThatIsNotWholeLeavesNothingAndCanBeMended() throws Exception {
        byte[] piece = "one line\n".getBytes(StandardCharsets.UTF_8);
        try (IgniteClient client = client(grid.ignitePassword())) {
            String cache = client.compute().execute(TASKS + "BeginLoad", Map.of("dataset", "thin-mended"));
            client.<Integer, byte[]>cache(cache).put(0, piece);
            client.<Integer, byte[]>cache(cache).put(2, piece);
            Map<String, Object> commit = Map.of("dataset", "thin-mended", "cache", cache, "pieces", 2);
            refused(client, "CommitLoad", commit, "piece 1 is missing");
            grid.virtugrid("dataset", "show", "thin-mended").refused(3, "thin-mended");

            client.<Integer, byte[]>cache(cache).put(1, piece);
            refused(client, "CommitLoad", commit, "3 pieces");
            client.compute()
                    .execute(TASKS + "CommitLoad", Map.of("dataset", "thin-mended", "cache", cache, "pieces", 3));
            assertThat(Files.readString(grid.get("thin-mended"))).isEqualTo("one line\n".repeat(3));
            assertThat(client.cacheNames()).doesNotContain(cache);

            String dropped = client.compute().execute(TASKS + "BeginLoad", Map.of("dataset", "thin-dropped"));
            client.compute().execute(TASKS + "AbortLoad", Map.of("cache", dropped));
            assertThat(client.cacheNames()).doesNotContain(dropped);
        }
    }

    @Test
    void waitingCallsDontBlockOneAnother() throws Exception {
        grid.put("thin-sources", Texts.sources());
        try (IgniteClient client = client(grid.ignitePassword())) {
            Map<String, Object> task = Map.of("operation", "word-count", "dataset", "thin-sources", "wait", true);
            List<IgniteClientFuture<String>> calls = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                calls.add(client.compute().executeAsync2(TASKS + "RunProcess", task));
            }
            Set<String> states = new HashSet<>();
            for (IgniteClientFuture<String> call : calls) {
                states.add(
                        Json.parse(call.get(3, TimeUnit.MINUTES)).path("state").asString(""));
            }
            assertThat(states).containsExactly("SUCCEEDED");
        }
    }

    @Test
    void nobodyComesInWithoutThePassword() {
        assertThatThrownBy(() -> client("wrong")).isInstanceOf(ClientAuthenticationException.class);
        assertThatThrownBy(() ->
                        Ignition.startClient(new ClientConfiguration().setAddresses("127.0.0.1:" + grid.port("thin"))))
                .isInstanceOf(ClientException.class);
        assertThatThrownBy(() -> Ignition.startClient(new ClientConfiguration()
                        .setAddresses("127.0.0.1:" + grid.port("thin"))
                        .setUserName("ignite")
                        .setUserPassword("ignite")))
                .isInstanceOf(ClientAuthenticationException.class);
    }

    private static void refused(IgniteClient client, String task, Map<String, Object> arguments, String word) {
        assertThatThrownBy(() -> client.compute().execute(TASKS + task, arguments))
                .isInstanceOf(ClientException.class)
                .hasMessageContaining(word)
                .hasMessageNotContaining("\n");
    }

    private IgniteClient client(String password) {
        return Ignition.startClient(new ClientConfiguration()
                .setAddresses("127.0.0.1:" + grid.port("thin"))
                .setUserName("virtugrid")
                .setUserPassword(password));
    }
}
