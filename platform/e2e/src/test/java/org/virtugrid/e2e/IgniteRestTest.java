package org.virtugrid.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.virtugrid.e2e.harness.Grid;
import org.virtugrid.e2e.harness.Json;
import org.virtugrid.e2e.harness.WithGrid;
import tools.jackson.databind.JsonNode;

/** Ignite's REST through the control plane's port, and its raw port. */
@WithGrid
@Order(41)
class IgniteRestTest {
    private final Grid grid;

    IgniteRestTest(Grid grid) {
        this.grid = grid;
    }

    private JsonNode ask(String query) {
        JsonNode answer = grid.rest("/ignite?" + query);
        assertThat(answer.propertyNames()).contains("successStatus", "error", "response", "sessionToken");
        return answer;
    }

    private JsonNode response(String query) {
        JsonNode answer = ask(query);
        assertThat(answer.path("successStatus").asInt(-1))
                .as("%s: %s", query, answer)
                .isZero();
        return answer.path("response");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void keysAndValues() {
        response("cmd=getorcreate&cacheName=colours");
        response("cmd=put&cacheName=colours&key=sky&val=" + encoded("light blue & more"));
        response("cmd=putall&cacheName=colours&k1=grass&v1=green&k2=snow&v2=white");
        assertThat(response("cmd=get&cacheName=colours&key=sky").asString("")).isEqualTo("light blue & more");
        JsonNode all = response("cmd=getall&cacheName=colours&k1=grass&k2=snow");
        assertThat(all.toString()).contains("green", "white");
        assertThat(response("cmd=size&cacheName=colours").asInt(0)).isEqualTo(3);
        JsonNode scan = response("cmd=qryscanexe&cacheName=colours&pageSize=10");
        assertThat(scan.path("items")).hasSize(3);
        assertThat(response("cmd=top&attr=false&mtr=false")).hasSize(4);
        assertThat(ask("cmd=get&cacheName=not-there&key=x")
                        .path("successStatus")
                        .asInt(0))
                .isNotZero();
        response("cmd=destcache&cacheName=colours");
    }

    @Test
    void sqlInPages() {
        response("cmd=qryfldexe&qry=" + encoded("CREATE TABLE person (id INT PRIMARY KEY, name VARCHAR)"));
        for (int id = 1; id <= 5; id++) {
            response("cmd=qryfldexe&arg1=" + id + "&arg2=" + encoded("name " + id) + "&qry="
                    + encoded("INSERT INTO person VALUES (?, ?)"));
        }
        JsonNode first = response("cmd=qryfldexe&pageSize=2&arg1=1&qry="
                + encoded("SELECT id, name FROM person WHERE id > ? ORDER BY id"));
        assertThat(first.path("items").toString()).isEqualTo("[[2,\"name 2\"],[3,\"name 3\"]]");
        assertThat(first.path("last").asBoolean(true)).isFalse();
        String query = first.path("queryId").toString();
        JsonNode second = response("cmd=qryfetch&pageSize=2&qryId=" + query);
        assertThat(second.path("items").toString()).isEqualTo("[[4,\"name 4\"],[5,\"name 5\"]]");
        JsonNode open = response("cmd=qryfldexe&pageSize=1&qry=" + encoded("SELECT id FROM person"));
        response("cmd=qrycls&qryId=" + open.path("queryId"));
        assertThat(grid.rest("GET", "/ignite?cmd=qryfetch&pageSize=1&qryId=" + open.path("queryId"), null)
                        .body())
                .doesNotContain("\"successStatus\":0");
        response("cmd=qryfldexe&qry=" + encoded("DROP TABLE person"));
    }

    @Test
    void whatIsThePlatformsIsRefused() {
        for (String query : java.util.List.of(
                "cmd=put&cacheName=virtugrid-tasks&key=a&val=b",
                "cmd=destcache&cacheName=virtugrid-datasets",
                "cmd=clear&cacheName=virtugrid-tasks",
                "cmd=setstate&state=INACTIVE",
                "cmd=deactivate",
                "cmd=exe&name=org.virtugrid.grid.thin.RunProcess",
                "cmd=adduser&user=mallory&password=x",
                "cmd=qryfldexe&qry=" + encoded("CREATE USER mallory WITH PASSWORD 'x'"))) {
            HttpResponse<String> answer = grid.rest("GET", "/ignite?" + query, null);
            assertThat(answer.statusCode()).as("%s: %s", query, answer.body()).isIn(400, 409);
        }
        assertThat(grid.json("status").path("state").asString("")).isEqualTo("READY");
    }

    @Test
    void theTokenIsWantedHereToo() {
        HttpResponse<String> answer =
                grid.send(grid.request("/ignite?cmd=version").GET());
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).doesNotContain("2.17");
        assertThat(response("cmd=version").asString("")).startsWith("2.17");
    }

    @Test
    void theRawPortRefusesWithoutThePassword() throws IOException, InterruptedException {
        int port = grid.port("restHttp");
        assertThat(Json.parse(raw(port, "cmd=size&cacheName=virtugrid-tasks"))
                        .path("successStatus")
                        .asInt(0))
                .isNotZero();
        assertThat(Json.parse(raw(port, "cmd=top")).path("successStatus").asInt(0))
                .isNotZero();
        for (String user : java.util.List.of("ignite:ignite", "virtugrid:wrong", "ignite:")) {
            String credentials = "&ignite.login=" + user.substring(0, user.indexOf(':')) + "&ignite.password="
                    + user.substring(user.indexOf(':') + 1);
            assertThat(Json.parse(raw(port, "cmd=top" + credentials))
                            .path("successStatus")
                            .asInt(0))
                    .as(user)
                    .isNotZero();
        }
        String right = "&ignite.login=virtugrid&ignite.password=" + encoded(grid.ignitePassword());
        JsonNode top = Json.parse(raw(port, "cmd=top&attr=false&mtr=false" + right));
        assertThat(top.path("successStatus").asInt(-1)).isZero();
        assertThat(top.path("response")).hasSize(4);
    }

    private static String raw(int port, String query) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ignite?" + query))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
