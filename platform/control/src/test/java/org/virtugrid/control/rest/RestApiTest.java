package org.virtugrid.control.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.grid.compute.TaskSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RestApiTest {
    private static final JsonMapper JSON = new JsonMapper();

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
    void unknownPathsMethodsAndBodiesAreProblems() throws IOException {
        problem(server.get("/api/nothing"), 404, "not-found");
        problem(server.postJson("/api/super-vm/status", "{}"), 405, "invalid-input");
        assertThat(server.postJson("/api/super-vm/status", "{}").headers().firstValue("Allow"))
                .hasValue("GET");
        JsonNode unknown = problem(server.postJson("/api/vms", "{\"name\":\"a\",\"ram\":1}"), 400, "invalid-input");
        assertThat(unknown.get("field").asString()).isEqualTo("ram");
        JsonNode wrong = problem(server.postJson("/api/vms", "{\"name\":\"a\",\"cpus\":\"x\"}"), 400, "invalid-input");
        assertThat(wrong.get("field").asString()).isEqualTo("cpus");
        problem(server.postJson("/api/vms", "{\"name\":"), 400, "invalid-input");
        problem(server.postJson("/api/vms", ""), 400, "invalid-input");
        problem(server.postJson("/api/vms", "{} {}"), 400, "invalid-input");
        problem(
                server.send(server.to("/api/vms").POST(HttpRequest.BodyPublishers.ofString("name=a"))),
                415,
                "invalid-input");
        JsonNode flag = problem(server.postJson("/api/vms/actions?wait=maybe", "{}"), 400, "invalid-input");
        assertThat(flag.get("field").asString()).isEqualTo("wait");
        assertThat(flag.get("instance").asString()).isEqualTo("/api/vms/actions");
    }

    @Test
    void bodiesAreBounded() throws IOException {
        problem(server.postJson("/api/vms", " ".repeat(2 << 20)), 413, "too-large");
        HttpRequest.Builder chunked = server.to("/api/super-vm/process")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new Endless(40 << 20)));
        problem(server.send(chunked), 413, "too-large");
        problem(server.postJson("/ignite?cmd=version", " ".repeat(2 << 20)), 413, "too-large");
    }

    @Test
    void whileTheGridStartsOnlyWhatNeedsItIsUnavailable() throws IOException {
        server.platform.ready = false;
        for (String path : List.of("/api/datasets", "/api/datasets/x/content", "/api/tasks", "/ignite?cmd=version")) {
            JsonNode problem = problem(server.get(path), 503, "unavailable");
            assertThat(problem.get("detail").asString()).contains("waiting for worker-2");
        }
        problem(server.postJson("/api/super-vm/process", "{}"), 503, "unavailable");
        problem(server.put("/api/datasets/x", "bytes"), 503, "unavailable");
        for (String path :
                List.of("/api/super-vm/status", "/api/vms", "/api/events", "/api/hosts", "/api/nodes", "/api/doctor")) {
            assertThat(server.get(path).statusCode()).as(path).isEqualTo(200);
        }
    }

    @Test
    void inlineInputReachesTheJobDigitByDigit() throws IOException {
        String filler = "\"é€𝄞\",".repeat(20_000);
        String input = "[" + filler + "1.10, 1e400,-0, 12345678901234567890123456789, {\"a\":[1.0]}]";
        HttpResponse<String> response = server.postJson(
                "/api/super-vm/process",
                "{\"operation\":\"sort\",\"inputData\": " + input
                        + " ,\"parameters\":{\"cpu\":2,\"memory\":2048,\"numeric\":true,\"top\":1.50,\"by\":\"x\"}}");
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.headers().firstValue("Location")).hasValue("/api/tasks/t1");
        TaskSpec spec = server.tasks.submitted.get(0);
        assertThat(spec.inputJson()).isEqualTo(input);
        assertThat(spec.parameters())
                .isEqualTo(Map.of("cpu", "2", "memory", "2048", "numeric", "true", "top", "1.50", "by", "x"));
        assertThat(JSON.readTree(response.body()).get("taskId").asString()).isEqualTo("t1");
    }

    @Test
    void wrongTasksAreRefusedByField() throws IOException {
        field("{\"inputData\":[1]}", "operation");
        field("{\"operation\":\"sort\"}", "inputData");
        field("{\"operation\":\"sort\",\"inputData\":[1],\"dataset\":\"d\"}", "inputData");
        field("{\"operation\":\"sort\",\"inputData\":{}}", "inputData");
        field("{\"operation\":\"sort\",\"dataset\":\"../etc\"}", "dataset");
        field("{\"operation\":\"sort\",\"dataset\":\"d\",\"saveAs\":\"-x\"}", "saveAs");
        field("{\"operation\":\"sort\",\"dataset\":\"d\",\"parameters\":{\"x\":[1]}}", "parameters.x");
        field("{\"operation\":\"sort\",\"dataset\":\"d\",\"parameters\":{\"cpu\":0}}", "parameters.cpu");
        field("{\"operation\":\"sort\",\"dataset\":\"d\",\"parameters\":{\"memory\":1e99}}", "parameters.memory");
        field("{\"operation\":\"sort\",\"dataset\":\"d\",\"speed\":1}", "speed");
        field("{\"operation\":\"sort\",\"operation\":\"count\",\"dataset\":\"d\"}", "body");
        field("{\"operation\":\"sort\",\"inputData\":[1,}", "body");
        field("[]", "body");
        field("{\"operation\":\"nonsense\",\"dataset\":\"d\"}", "operation");
        assertThat(server.tasks.submitted).isEmpty();
    }

    private void field(String body, String field) throws IOException {
        JsonNode problem = problem(server.postJson("/api/super-vm/process", body), 400, "invalid-input");
        assertThat(problem.get("field").asString()).as(body).isEqualTo(field);
    }

    @Test
    void manyTasksComeAsLinesOrAsAnArray() throws IOException {
        String line = "{\"operation\":\"sum\",\"inputData\":[1, 2]}";
        HttpResponse<String> lines = ndjson((line + "\n\n").repeat(3000) + line);
        assertThat(lines.statusCode()).isEqualTo(202);
        assertThat(JSON.readTree(lines.body()).get("taskIds").size()).isEqualTo(3001);
        JsonNode awaited = JSON.readTree(server.postJson("/api/tasks?waitSeconds=5", "[" + line + "," + line + "]")
                .body());
        assertThat(awaited.path("tasks")).hasSize(2);
        assertThat(awaited.path("tasks").get(1).path("taskId").asString(""))
                .isEqualTo(awaited.path("taskIds").get(1).asString(""));
        problem(server.postJson("/api/tasks?waitSeconds=31", "[" + line + "]"), 400, "invalid-input");
        String many = "[" + (line + ",").repeat(1_000) + line + "]";
        problem(server.postJson("/api/tasks?waitSeconds=1", many), 400, "invalid-input");
        HttpResponse<String> array = server.postJson("/api/tasks", "[" + line + "," + line + "]");
        assertThat(JSON.readTree(array.body()).get("taskIds").size()).isEqualTo(2);
        assertThat(server.tasks.submitted).allMatch(spec -> spec.inputJson().equals("[1, 2]"));

        JsonNode wrong = problem(ndjson(line + "\n{\"operation\":\"sum\"}\n"), 400, "invalid-input");
        assertThat(wrong.get("detail").asString()).startsWith("line 2:");
        problem(ndjson(line + "\n{oops\n"), 400, "invalid-input");
        problem(ndjson("\n"), 400, "invalid-input");
        assertThat(server.tasks.submitted).hasSize(3005);
    }

    private HttpResponse<String> ndjson(String body) throws IOException {
        return server.send(server.to("/api/tasks")
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void tasksAreListedShownAwaitedAndSummedUp() throws IOException {
        server.postJson("/api/super-vm/process", "{\"operation\":\"sort\",\"inputData\":[2,1]}");
        JsonNode running = JSON.readTree(server.get("/api/tasks/t1").body());
        assertThat(running.get("progress").asDouble()).isEqualTo(0.25);
        assertThat(running.get("running").get("w1").get(0).asInt()).isEqualTo(3);
        assertThat(server.get("/api/tasks/t1?waitSeconds=5").body()).contains("\"result\":[1,2.50,3e400]");
        assertThat(server.get("/api/tasks?state=succeeded&type=process&from=1h&to=2030-01-01T00:00:00Z&limit=5")
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.tasks.lastQuery.limit()).isEqualTo(5);
        assertThat(server.get("/api/tasks/summary").body())
                .isEqualTo("[{\"type\":\"process\",\"total\":1,\"succeeded\":1,\"failed\":0,\"successRate\":1.0,"
                        + "\"meanSeconds\":3.0}]");
        problem(server.get("/api/tasks/none"), 404, "not-found");
        problem(server.get("/api/tasks/t1?waitSeconds=31"), 400, "invalid-input");
        problem(server.get("/api/tasks?state=lazy"), 400, "invalid-input");
        problem(server.get("/api/tasks?limit=0"), 400, "invalid-input");
        problem(server.get("/api/tasks?from=yesterday"), 400, "invalid-input");
        problem(server.postJson("/api/tasks/none/retry", ""), 404, "not-found");
    }

    @Test
    void whatComesLaterSaysSo() throws IOException {
        for (String path : List.of("render", "browser", "sync")) {
            problem(server.postJson("/api/super-vm/" + path, "{}"), 501, "not-implemented");
        }
    }

    @Test
    void scalingCreatesOrDestroysTheNewestThatMayGo() throws IOException {
        assertThat(server.postJson("/api/super-vm/scale", "{\"nodes\":5}").body())
                .isEqualTo("{\"total\":5,\"ready\":5}");
        server.vms.holders.add("w5");
        assertThat(server.postJson("/api/super-vm/scale", "{\"nodes\":4}").body())
                .isEqualTo("{\"total\":4,\"ready\":4}");
        assertThat(server.vms.list()).extracting(vm -> vm.name()).containsExactly("w1", "w2", "w3", "w5");
        server.vms.holders.addAll(Set.of("w1", "w2", "w3"));
        JsonNode refused = problem(server.postJson("/api/super-vm/scale", "{\"nodes\":3}"), 409, "refused");
        assertThat(refused.get("detail").asString()).contains("last copy of dataset x");
        problem(server.postJson("/api/super-vm/scale", "{\"nodes\":0}"), 400, "invalid-input");
        problem(server.postJson("/api/super-vm/scale", "{}"), 400, "invalid-input");
    }

    @Test
    void hostsAreDrainedAndVmsMoveAndADryRunChangesNothing() throws IOException {
        assertThat(server.postJson("/api/hosts/a/drain?dryRun=true", "").body()).contains("\"allowed\":true");
        assertThat(server.hosts.maintained).isEmpty();
        assertThat(server.postJson("/api/hosts/a/drain", "").statusCode()).isEqualTo(202);
        assertThat(server.get("/api/hosts").body()).contains("\"maintenance\":true");
        assertThat(server.postJson("/api/hosts/a/resume", "").body()).contains("\"maintenance\":false");
        problem(server.postJson("/api/hosts/c/drain", ""), 404, "not-found");
        problem(server.postJson("/api/hosts/-c/drain", ""), 400, "invalid-input");

        assertThat(server.postJson("/api/vms/w1/migrate?wait=true", "{\"host\":\"b\"}")
                        .body())
                .contains("moved to b");
        assertThat(server.postJson("/api/vms/w1/migrate?dryRun=true", "{\"host\":\"b\"}")
                        .body())
                .contains("\"bytesToMove\":");
        problem(server.postJson("/api/vms/w1/migrate", "{\"host\":\"c\"}"), 404, "not-found");
        problem(server.postJson("/api/vms/w1/migrate", "{}"), 400, "invalid-input");

        assertThat(server.postJson("/api/vms/actions?dryRun=true", "{\"action\":\"destroy\",\"all\":true}")
                        .body())
                .contains("\"action\":\"destroy\"");
        assertThat(server.postJson("/api/super-vm/scale?dryRun=true", "{\"nodes\":5}")
                        .body())
                .contains("[\"w4\",\"w5\"]");
        assertThat(server.vms.list()).hasSize(3);
    }

    @Test
    void vmsAreNamedByIdOrNameAndRefusalsAreConflicts() throws IOException {
        assertThat(server.get("/api/vms/w1").statusCode()).isEqualTo(200);
        problem(server.get("/api/vms/w9"), 404, "not-found");
        problem(server.postJson("/api/vms", "{\"name\":\"a b\"}"), 400, "invalid-input");
        assertThat(server.postJson("/api/vms", "{\"name\":\"extra\",\"cpus\":1}")
                        .statusCode())
                .isEqualTo(202);
        server.vms.holders.add("w1");
        problem(server.send(server.to("/api/vms/w1?wait=true").DELETE()), 409, "refused");
        assertThat(server.send(server.to("/api/vms/w2").DELETE()).statusCode()).isEqualTo(200);
        problem(server.postJson("/api/vms/actions", "{\"action\":\"explode\",\"all\":true}"), 400, "invalid-input");
        problem(server.postJson("/api/vms/actions", "{\"action\":\"stop\"}"), 400, "invalid-input");
        assertThat(server.postJson("/api/vms/actions", "{\"action\":\"stop\",\"ids\":[\"id-w3\"]}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void metricsDoctorAndShutdownAnswer() throws IOException {
        JsonNode vm = JSON.readTree(server.get("/api/super-vm/metrics").body())
                .get("vms")
                .get(0);
        assertThat(vm.propertyNames()).containsExactly("vmId", "cpuUsage", "memoryUsage", "networkUsage", "uptime");
        JsonNode doctor = JSON.readTree(server.get("/api/doctor").body());
        assertThat(doctor.findValuesAsString("check"))
                .containsExactly(
                        "java",
                        "disk",
                        "memory",
                        "heap",
                        "clock",
                        "secrets",
                        "ports",
                        "workers",
                        "hosts",
                        "virtualization",
                        "datasets");
        assertThat(doctor.findValuesAsString("found"))
                .anySatisfy(found -> assertThat(found).contains("a: warning: emulated", "; b: "));
        assertThat(server.postJson("/api/shutdown", "").statusCode()).isEqualTo(202);
        assertThat(server.platform.shutDown).isTrue();
    }

    @Test
    void aStartBuildsNothingOfTheDocument() {
        var beans = server.context().getBeanFactory();
        assertThat(beans.getSingletonNames())
                .extracting(name -> beans.getSingleton(name).getClass().getName())
                .filteredOn(type -> type.startsWith("org.springdoc"))
                .as("but the shell around it")
                .allMatch(type -> type.startsWith("org.springdoc.core.configuration.SpringDocConfiguration"));
    }

    @Test
    void theOpenApiDocumentHasEveryPath() throws IOException {
        HttpResponse<String> response = server.get("/api/openapi.json");
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode document = JSON.readTree(response.body());
        Set<String> operations = new TreeSet<>();
        document.get("paths").properties().forEach(path -> path.getValue()
                .propertyNames()
                .forEach(method -> operations.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
        assertThat(operations)
                .contains(
                        "GET /api/health",
                        "GET /api/super-vm/status",
                        "GET /api/super-vm/resources",
                        "GET /api/super-vm/metrics",
                        "POST /api/super-vm/process",
                        "POST /api/super-vm/render",
                        "POST /api/super-vm/browser",
                        "POST /api/super-vm/sync",
                        "POST /api/super-vm/scale",
                        "GET /api/vms",
                        "POST /api/vms",
                        "GET /api/vms/{id}",
                        "DELETE /api/vms/{id}",
                        "POST /api/vms/actions",
                        "POST /api/vms/{id}/migrate",
                        "GET /api/vms/{id}/snapshots",
                        "POST /api/vms/{id}/snapshots",
                        "POST /api/vms/{id}/snapshots/{name}/revert",
                        "DELETE /api/vms/{id}/snapshots/{name}",
                        "GET /api/hosts",
                        "GET /api/hosts/gpus",
                        "POST /api/hosts/{name}/drain",
                        "POST /api/hosts/{name}/resume",
                        "GET /api/nodes",
                        "GET /api/nodes/{id}",
                        "GET /api/datasets",
                        "GET /api/datasets/{id}",
                        "PUT /api/datasets/{id}",
                        "DELETE /api/datasets/{id}",
                        "GET /api/datasets/{id}/upload",
                        "GET /api/datasets/{id}/content",
                        "GET /api/datasets/{id}/chunks",
                        "POST /api/datasets/{id}/check",
                        "GET /api/tasks",
                        "POST /api/tasks",
                        "GET /api/tasks/{id}",
                        "POST /api/tasks/{id}/cancel",
                        "POST /api/tasks/{id}/retry",
                        "GET /api/tasks/{id}/progress",
                        "GET /api/tasks/summary",
                        "GET /api/tasks/archive",
                        "POST /api/tasks/archive",
                        "GET /api/events",
                        "POST /api/shutdown",
                        "GET /api/doctor",
                        "POST /api/session",
                        "GET /ignite",
                        "POST /ignite");
        JsonNode put = document.at("/paths/~1api~1datasets~1{id}/put");
        assertThat(put.get("parameters").findValuesAsString("name"))
                .contains("id", "strategy", "chunkSize", "backups", "column", "delimiter", "offset", "prefixSha256");
        assertThat(put.at("/responses/401/content/application~1problem+json/schema/$ref")
                        .asString())
                .isEqualTo("#/components/schemas/Problem");
        assertThat(document.at("/components/schemas/Problem/properties/fix").isMissingNode())
                .isFalse();
        assertThat(document.at("/components/schemas/ProcessRequest").isMissingNode())
                .isFalse();
    }

    private static JsonNode problem(HttpResponse<String> response, int status, String type) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        JsonNode problem = JSON.readTree(response.body());
        assertThat(problem.get("type").asString()).isEqualTo(type);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("detail").asString()).isNotBlank();
        return problem;
    }
}
