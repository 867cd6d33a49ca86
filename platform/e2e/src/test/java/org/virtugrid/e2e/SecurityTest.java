package org.virtugrid.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.ignite.Ignition;
import org.apache.ignite.client.IgniteClient;
import org.apache.ignite.configuration.ClientConfiguration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.virtugrid.e2e.harness.Commands;
import org.virtugrid.e2e.harness.Grid;
import org.virtugrid.e2e.harness.Proc;
import org.virtugrid.e2e.harness.WithGrid;
import tools.jackson.databind.JsonNode;

/** What holds against those who are on the machine and have no token. */
@WithGrid
@Order(40)
class SecurityTest {
    private final Grid grid;

    SecurityTest(Grid grid) {
        this.grid = grid;
    }

    @Test
    void everyPathButHealthWantsTheToken() {
        int operations = 0;
        JsonNode paths = grid.rest("/api/openapi.json").path("paths");
        for (String path : paths.propertyNames()) {
            for (String method : paths.path(path).propertyNames()) {
                if (path.equals("/api/health")) {
                    continue;
                }
                String real = path.replaceAll("\\{[^}]*}", "x");
                for (String authorization : List.of("", "Bearer wrong", "Bearer ", "Basic dmlydHVncmlkOng=")) {
                    HttpRequest.Builder request = grid.request(real)
                            .method(method.toUpperCase(java.util.Locale.ROOT), HttpRequest.BodyPublishers.noBody());
                    if (!authorization.isEmpty()) {
                        request.header("Authorization", authorization);
                    }
                    HttpResponse<String> response = grid.send(request);
                    // Signing in is how the page shows a token, so it may be asked without one and refuse by itself
                    assertThat(response.statusCode())
                            .as("%s %s with '%s'", method, real, authorization)
                            .isIn(path.equals("/api/session") ? List.of(400, 401, 404, 405, 415) : List.of(401));
                    assertThat(response.body()).doesNotContain("Exception");
                }
                operations++;
            }
        }
        assertThat(operations).as("operations in the OpenAPI document").isGreaterThan(25);
        assertThat(grid.send(grid.request("/api/not-there").GET()).statusCode()).isEqualTo(401);
        assertThat(grid.send(grid.request("/ignite?cmd=version").GET()).statusCode())
                .isEqualTo(401);
        HttpResponse<String> health = grid.send(grid.request("/api/health").GET());
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).isEqualTo("{\"status\":\"UP\",\"state\":\"READY\"}");
    }

    @Test
    void aWrongTokenIsTheSameForTheCommandLine() {
        grid.virtugrid("--token", "wrong", "status").expect(2);
        grid.virtugrid("--token", "wrong", "dataset", "list").refused(2, "token");
    }

    @Test
    void noSecretIsToldToOtherProcesses() {
        List<Long> pids = grid.pids();
        assertThat(pids).hasSizeGreaterThanOrEqualTo(4);
        for (String secret : secrets()) {
            for (long pid : pids) {
                assertThat(String.join(" ", Proc.commandLine(pid))).doesNotContain(secret);
                assertThat(String.join(" ", Proc.environment(pid))).isNotEmpty().doesNotContain(secret);
            }
        }
    }

    private List<String> secrets() {
        List<String> secrets = List.of(grid.token(), grid.ignitePassword());
        assertThat(secrets).allMatch(secret -> secret.length() >= 32).doesNotHaveDuplicates();
        return secrets;
    }

    @Test
    void noSecretIsInALogOrAnyOtherFile() throws IOException {
        grid.virtugrid("--token", "wrong", "status");
        grid.rest("GET", "/ignite?cmd=version", null);
        List<Path> allowed = List.of(grid.home().resolve("token"), grid.home().resolve("secrets/ignite-password"));
        int looked = 0;
        for (Path file : files()) {
            // Databases are left out: Ignite keeps a salted hash of the password in its own
            if (allowed.contains(file) || file.toString().contains("/db/")) {
                continue;
            }
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            for (String secret : secrets()) {
                assertThat(text.contains(secret)).as("a secret in %s", file).isFalse();
            }
            looked++;
        }
        assertThat(looked).isGreaterThan(8);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(grid.home())) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void noSecretIsAnAttributeOfANode() throws Exception {
        try (IgniteClient client = Ignition.startClient(new ClientConfiguration()
                .setAddresses("127.0.0.1:" + grid.port("thin"))
                .setUserName("virtugrid")
                .setUserPassword(grid.ignitePassword()))) {
            int nodes = 0;
            for (var node : client.cluster().nodes()) {
                String attributes = node.attributes().toString();
                assertThat(attributes).contains("virtugrid").doesNotContain(grid.token(), grid.ignitePassword());
                assertThat(node.attributes()).doesNotContainKeys("PATH", "HOME", "user.home", "java.class.path");
                nodes++;
            }
            assertThat(nodes).isEqualTo(4);
        }
    }

    @Test
    void theHomeIsItsOwnersAlone() throws IOException {
        assertThat(mode(grid.home())).isEqualTo("rwx------");
        assertThat(mode(grid.home().resolve("token"))).isEqualTo("rw-------");
        assertThat(mode(grid.home().resolve("secrets/ignite-password"))).isEqualTo("rw-------");
        assertThat(mode(grid.home().resolve("home.json"))).isEqualTo("rw-------");
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void onlyLoopbackIsListenedOn() throws IOException {
        Set<String> inodes = new HashSet<>();
        for (long pid : grid.pids()) {
            inodes.addAll(Commands.shell(
                            "ls -l /proc/$1/fd 2>/dev/null | sed -n 's/.*socket:\\[\\([0-9]*\\)\\].*/\\1/p'", pid)
                    .lines()
                    .toList());
        }
        List<String> addresses = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                List<String> fields = List.of(line.strip().split("\\s+", -1));
                if (fields.size() > 9 && fields.get(3).equals("0A") && inodes.contains(fields.get(9))) {
                    addresses.add(fields.get(1).substring(0, fields.get(1).indexOf(':')));
                }
            }
        }
        assertThat(addresses).as("listening sockets").hasSizeGreaterThanOrEqualTo(11);
        assertThat(Set.copyOf(addresses)).isSubsetOf("0100007F", "0000000000000000FFFF00000100007F");
    }

    @Test
    void bodiesAreBounded() {
        String large = "{\"operation\":\"count\",\"inputData\":[\"" + "x".repeat(33 << 20) + "\"]}";
        assertThat(grid.rest("POST", "/api/super-vm/process", large).statusCode())
                .isEqualTo(413);
        assertThat(grid.rest("POST", "/api/vms", "{\"name\":\"" + "x".repeat(2 << 20) + "\"}")
                        .statusCode())
                .isEqualTo(413);
        assertThat(grid.rest("GET", "/api/health", null).statusCode()).isEqualTo(200);
    }

    @Test
    void anotherHostNameIsRefused() {
        String answer = Commands.shell(
                "exec 3<>/dev/tcp/127.0.0.1/$1; printf 'GET /api/health HTTP/1.1\\r\\nHost: evil.example\\r\\n"
                        + "Connection: close\\r\\n\\r\\n' >&3; cat <&3",
                grid.port());
        assertThat(answer).startsWith("HTTP/1.1 421");
    }
}
