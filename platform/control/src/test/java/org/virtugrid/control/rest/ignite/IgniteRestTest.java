package org.virtugrid.control.rest.ignite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.ignite.Ignite;
import org.apache.ignite.Ignition;
import org.apache.ignite.cluster.ClusterState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.control.rest.TestServer;
import org.virtugrid.grid.node.GridNode;
import org.virtugrid.grid.node.IgniteUsers;
import org.virtugrid.grid.node.NodeSettings;
import org.virtugrid.grid.topology.Caches;
import org.virtugrid.grid.topology.NodeRole;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Drives a real, secured grid of one control node and two workers through {@code /ignite}. */
@Timeout(120)
class IgniteRestTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PASSWORD = "pass word&with=signs%";

    private static final List<Ignite> NODES = new ArrayList<>();
    private static final Set<Integer> TAKEN = new HashSet<>();
    private static TestServer server;
    private static int restPort;

    @BeforeAll
    static void start(@TempDir Path home) throws IOException {
        restPort = freePort();
        List<Integer> discovery = List.of(freePort(), freePort(), freePort());
        List<String> addresses =
                discovery.stream().map(port -> "127.0.0.1:" + port).toList();
        for (int i = 0; i < 3; i++) {
            NODES.add(GridNode.start(new NodeSettings(
                    i == 0 ? NodeRole.CONTROL : NodeRole.WORKER,
                    i == 0 ? "control-1" : "w" + i,
                    "node-" + i,
                    "",
                    "host",
                    Files.createDirectories(home.resolve("vm" + i)).resolve("db"),
                    "127.0.0.1",
                    discovery.get(i),
                    freePort(),
                    addresses,
                    64L << 20,
                    false,
                    Duration.ofSeconds(10),
                    2,
                    0,
                    i == 0 ? restPort : 0,
                    i == 0 ? freePort() : 0,
                    null)));
        }
        Ignite control = NODES.get(0);
        control.cluster().state(ClusterState.ACTIVE);
        IgniteUsers.secure(control, PASSWORD);
        Caches.ofUsers().forEach(control::addCacheConfiguration);
        server = TestServer.start(home, PASSWORD, restPort, () -> control);
    }

    @AfterAll
    static void stop() {
        server.close();
        for (int i = NODES.size() - 1; i >= 0; i--) {
            Ignition.stop(NODES.get(i).name(), true);
        }
    }

    @Test
    void entriesArePutReadAndScanned() throws IOException {
        ok("getorcreate", "cacheName", "plain");
        ok("put", "cacheName", "plain", "key", "k1", "val", "é 1&2");
        assertThat(ok("get", "cacheName", "plain", "key", "k1").asString()).isEqualTo("é 1&2");
        ok("putall", "cacheName", "plain", "k1", "a", "v1", "1", "k2", "b", "v2", "2", "k3", "c", "v3", "3");
        assertThat(ok("getall", "cacheName", "plain", "k1", "a", "k2", "b").toString())
                .isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
        assertThat(ok("cas", "cacheName", "plain", "key", "a", "val", "9", "val2", "1")
                        .asBoolean())
                .isTrue();
        assertThat(ok("size", "cacheName", "plain").asInt()).isEqualTo(4);
        assertThat(ok("add", "cacheName", "plain", "key", "a", "val", "7").asBoolean())
                .isFalse();
        assertThat(ok("rep", "cacheName", "plain", "key", "a", "val", "8").asBoolean())
                .isTrue();
        assertThat(ok("rmv", "cacheName", "plain", "key", "a").asBoolean()).isTrue();

        JsonNode page = ok("qryscanexe", "cacheName", "plain", "pageSize", "2");
        assertThat(page.get("items").size()).isEqualTo(2);
        assertThat(page.get("last").asBoolean()).isFalse();
        JsonNode rest = ok("qryfetch", "qryId", page.get("queryId").asString(), "pageSize", "2");
        assertThat(rest.get("items").size()).isEqualTo(1);
        assertThat(rest.get("last").asBoolean()).isTrue();
        JsonNode open = ok("qryscanexe", "cacheName", "plain", "pageSize", "1");
        ok("qrycls", "qryId", open.get("queryId").asString());

        ok("destcache", "cacheName", "plain");
        assertThat(NODES.get(0).cacheNames()).doesNotContain("plain");
    }

    @Test
    void sqlIsAnsweredInTheShapeOfIgnitesRest() throws IOException {
        ok("qryfldexe", "qry", "CREATE TABLE person (id INT PRIMARY KEY, name VARCHAR, age INT)");
        for (int id = 1; id <= 5; id++) {
            ok(
                    "qryfldexe",
                    "qry",
                    "INSERT INTO person VALUES (?, ?, ?)",
                    "arg1",
                    Integer.toString(id),
                    "arg2",
                    "n" + id,
                    "arg3",
                    Integer.toString(10 * id));
        }
        JsonNode page = ok(
                "qryfldexe",
                "pageSize",
                "2",
                "qry",
                "SELECT id, name FROM person WHERE age > ? ORDER BY id",
                "arg1",
                "10");
        assertThat(page.get("items").toString()).isEqualTo("[[2,\"n2\"],[3,\"n3\"]]");
        assertThat(page.get("last").asBoolean()).isFalse();
        assertThat(page.get("fieldsMetadata").get(0).get("fieldName").asString())
                .isEqualTo("ID");
        assertThat(page.get("fieldsMetadata").get(0).get("fieldTypeName").asString())
                .isEqualTo("java.lang.Integer");
        String id = page.get("queryId").asString();
        JsonNode next = ok("qryfetch", "pageSize", "2", "qryId", id);
        assertThat(next.get("items").toString()).isEqualTo("[[4,\"n4\"],[5,\"n5\"]]");
        assertThat(next.get("last").asBoolean()).isTrue();
        assertThat(call("qryfetch", "pageSize", "2", "qryId", id).statusCode()).isEqualTo(404);
        ok("qrycls", "qryId", id);

        JsonNode closed = ok("qryfldexe", "psz", "1", "qry", "SELECT * FROM person");
        ok("qrycls", "qryId", closed.get("queryId").asString());
        assertThat(call(
                                "qryfetch",
                                "pageSize",
                                "1",
                                "qryId",
                                closed.get("queryId").asString())
                        .statusCode())
                .isEqualTo(404);

        JsonNode entries =
                ok("qryexe", "cacheName", "SQL_PUBLIC_PERSON", "type", "PERSON", "qry", "age >= ?", "arg1", "50");
        assertThat(entries.get("items").get(0).get("key").asInt()).isEqualTo(5);
        assertThat(entries.get("items").get(0).get("value").get("NAME").asString())
                .isEqualTo("n5");

        JsonNode wrong = JSON.readTree(call("qryfldexe", "qry", "SELEC 1").body());
        assertThat(wrong.get("successStatus").asInt()).isEqualTo(1);
        assertThat(wrong.get("error").asString()).isNotBlank().doesNotContain("\tat ");
        assertThat(wrong.get("response").isNull()).isTrue();
    }

    @Test
    void cachesOfUsersLieOnWorkersWithACopy() throws IOException {
        ok("getorcreate", "cacheName", "mine");
        ok("qryfldexe", "qry", "CREATE TABLE place (id INT PRIMARY KEY, name VARCHAR)");
        for (String cache : List.of("mine", "SQL_PUBLIC_PLACE")) {
            var nodes = NODES.get(0).affinity(cache).mapPartitionToPrimaryAndBackups(0);
            assertThat(nodes).as(cache).hasSize(2).noneMatch(node -> node.consistentId()
                    .equals("node-0"));
        }
    }

    @Test
    void theTopologyShowsTheMembersAndNoSecret() throws IOException {
        HttpResponse<String> top = call("top", "attr", "true", "mtr", "false");
        assertThat(JSON.readTree(top.body()).get("response").size()).isEqualTo(3);
        assertThat(top.body()).doesNotContain(PASSWORD).doesNotContain("secur");
        assertThat(JSON.readTree(top.body()).get("sessionToken").isNull()).isTrue();
        assertThat(ok("version").asString()).startsWith("2.");
        assertThat(ok("currentstate").asBoolean()).isTrue();
    }

    @Test
    void whatWouldChangeTheClusterOrThePlatformIsRefused() throws IOException {
        for (String cmd : List.of(
                "setstate",
                "deactivate",
                "inactive",
                "activate",
                "setbaseline",
                "removebaseline",
                "adduser",
                "updateuser",
                "exe",
                "log",
                "quit")) {
            HttpResponse<String> refused = call(cmd, "state", "INACTIVE", "user", "x", "password", "y");
            assertThat(refused.statusCode()).as(cmd).isEqualTo(409);
            assertThat(refused.body()).contains("\"type\":\"refused\"", "\"fix\":\"");
        }
        for (String cache : List.of("virtugrid-tasks", "dataset-1", "ignite-sys-cache", "DATASET-1")) {
            for (String cmd : List.of("put", "rmvall", "clear", "destcache", "getorcreate")) {
                assertThat(call(cmd, "cacheName", cache, "key", "k", "val", "v").statusCode())
                        .as(cmd + " " + cache)
                        .isEqualTo(409);
            }
        }
        for (String sql : List.of(
                "create user x with password 'y'",
                "/* */ DROP  USER \"x\"",
                "KILL QUERY 'x'",
                "create table t (id int primary key, v int) with \"cache_name=dataset-x\"")) {
            assertThat(call("qryfldexe", "qry", sql).statusCode()).as(sql).isEqualTo(409);
        }
        assertThat(call("frobnicate").statusCode()).isEqualTo(400);
        assertThat(call("put", "key", "k").statusCode()).isEqualTo(400);
        assertThat(call("qryfldexe").statusCode()).isEqualTo(400);
        assertThat(server.get("/ignite").statusCode()).isEqualTo(400);
        assertThat(NODES.get(0).cluster().state()).isEqualTo(ClusterState.ACTIVE);
    }

    @Test
    void theRawPortWantsThePassword() throws Exception {
        HttpResponse<String> raw = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + restPort + "/ignite?cmd=top"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(JSON.readTree(raw.body()).get("successStatus").asInt()).isNotZero();
    }

    @Test
    void formsWorkLikeQueries() throws IOException {
        HttpResponse<String> form = server.send(server.to("/ignite")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("cmd=version")));
        assertThat(JSON.readTree(form.body()).get("successStatus").asInt()).isZero();
    }

    private static JsonNode ok(String cmd, String... params) throws IOException {
        HttpResponse<String> response = call(cmd, params);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode answer = JSON.readTree(response.body());
        assertThat(answer.get("successStatus").asInt()).as(response.body()).isZero();
        return answer.get("response");
    }

    private static HttpResponse<String> call(String cmd, String... params) throws IOException {
        StringBuilder query = new StringBuilder("/ignite?cmd=" + cmd);
        for (int i = 0; i < params.length; i += 2) {
            query.append('&').append(params[i]).append('=').append(URLEncoder.encode(params[i + 1], UTF_8));
        }
        return server.get(query.toString());
    }

    /** A port that this test has not taken yet, below the range from which the kernel takes ports for connections. */
    private static int freePort() throws IOException {
        for (int tries = 0; ; tries++) {
            int port = ThreadLocalRandom.current().nextInt(22_000, 30_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                if (TAKEN.add(port)) {
                    return socket.getLocalPort();
                }
            } catch (BindException e) {
                if (tries > 100) {
                    throw e;
                }
            }
        }
    }
}
