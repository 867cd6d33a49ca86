package org.virtugrid.control.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SnapshotApiTest {
    @TempDir
    Path home;

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.start(home);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.builder().build().readTree(answer.body());
    }

    private HttpResponse<String> revert(String name) throws IOException {
        return server.send(server.to("/api/vms/w1/snapshots/" + name + "/revert?wait=true")
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void snapshotsAreTakenListedGoneBackToAndRemoved() throws IOException {
        HttpResponse<String> made = server.postJson("/api/vms/w1/snapshots", "{\"name\":\"before\"}");
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(json(made).get("name").asString()).isEqualTo("before");
        assertThat(json(server.postJson("/api/vms/w1/snapshots", "{}"))
                        .get("name")
                        .asString())
                .isEqualTo("s-1");
        assertThat(json(server.get("/api/vms/w1/snapshots"))).hasSize(2);

        assertThat(revert("before").statusCode()).isEqualTo(200);
        assertThat(server.send(server.to("/api/vms/w1/snapshots/before").DELETE())
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.send(server.to("/api/vms/w1/snapshots/before").DELETE())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void whatIsWrongUnknownRefusedOrBrokenIsToldApart() throws IOException {
        assertThat(server.postJson("/api/vms/w1/snapshots", "{\"name\":\"a b\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.get("/api/vms/w9/snapshots").statusCode()).isEqualTo(404);
        assertThat(revert("nothing").statusCode()).isEqualTo(404);
        assertThat(revert("kept").statusCode()).isEqualTo(409);
        HttpResponse<String> silent = revert("silent");
        assertThat(silent.statusCode()).isEqualTo(503);
        assertThat(json(silent).get("detail").asString()).isEqualTo("host a did not answer");
        assertThat(revert("broken").statusCode()).isEqualTo(500);
    }
}
