package org.virtugrid.control.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.grid.dataset.DatasetState;
import org.virtugrid.grid.dataset.PartitionStrategy;

class DatasetApiTest {
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
    void putStoresAndGetReturnsTheSameBytes() throws Exception {
        HttpResponse<String> put = server.put(
                "/api/datasets/d.1?strategy=key&column=2&delimiter=comma&backups=2&chunkSize=4096", "a,b\nc");
        assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
        DatasetInfo info = server.datasets.find("d.1").orElseThrow();
        assertThat(info.strategy()).isEqualTo(PartitionStrategy.KEY);
        assertThat(info.keyColumn()).isEqualTo(2);
        assertThat(info.delimiter()).isEqualTo((byte) ',');
        assertThat(info.backups()).isEqualTo(2);
        assertThat(server.put("/api/datasets/d.1", "a,b\nc").statusCode()).isEqualTo(200);
        assertThat(server.put("/api/datasets/d.1", "other").statusCode()).isEqualTo(409);

        HttpResponse<String> get = server.get("/api/datasets/d.1/content");
        assertThat(get.body()).isEqualTo("a,b\nc");
        assertThat(get.headers().firstValue("Content-Length")).hasValue("5");
        assertThat(get.headers().firstValue("ETag")).hasValue("\"" + sha256("a,b\nc") + "\"");
        assertThat(get.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
        assertThat(get.headers().firstValue("Repr-Digest").orElseThrow()).startsWith("sha-256=:");

        assertThat(server.get("/api/datasets/d.1/chunks").body())
                .contains("\"checksum\":\"0000cafe\",\"originalVmId\":\"w1\",\"replicaVmIds\":[\"w2\"],\"live\":2")
                .contains("\"originalVmId\":null,\"replicaVmIds\":[],\"live\":0");
        assertThat(server.postJson("/api/datasets/d.1/check?repair=true", "").statusCode())
                .isEqualTo(202);
        assertThat(server.tasks.submitted.get(0).operation()).isEqualTo("repair");
        assertThat(server.send(server.to("/api/datasets/d.1").DELETE()).statusCode())
                .isEqualTo(204);
        assertThat(server.get("/api/datasets/d.1").statusCode()).isEqualTo(404);
        assertThat(server.send(server.to("/api/datasets/d.1").DELETE()).statusCode())
                .isEqualTo(404);
    }

    @Test
    void anEmptyBodyIsAnEmptyDataset() throws IOException {
        assertThat(server.put("/api/datasets/empty", "").statusCode()).isEqualTo(201);
        assertThat(server.get("/api/datasets/empty/content").body()).isEmpty();
    }

    @Test
    void aFormContentTypeDoesNotSwallowTheBody() throws IOException {
        HttpRequest.Builder request = server.to("/api/datasets/curl")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .PUT(HttpRequest.BodyPublishers.ofString("a=1&b=2"));
        assertThat(server.send(request).statusCode()).isEqualTo(201);
        assertThat(server.get("/api/datasets/curl/content").body()).isEqualTo("a=1&b=2");
    }

    @Test
    void wrongParametersAreRefusedByName() throws IOException {
        wrong("-x?", "datasetId");
        wrong("a%20b?", "datasetId");
        wrong("d?strategy=random", "strategy");
        wrong("d?chunkSize=4095", "chunkSize");
        wrong("d?chunkSize=16777217", "chunkSize");
        wrong("d?backups=4", "backups");
        wrong("d?backups=3", "backups");
        wrong("d?backups=-1", "backups");
        wrong("d?column=1", "column");
        wrong("d?delimiter=tab", "delimiter");
        wrong("d?strategy=key", "column");
        wrong("d?strategy=key&column=0", "column");
        wrong("d?strategy=key&column=1&delimiter=abc", "delimiter");
        wrong("d?offset=5", "prefixSha256", 404);
        wrong("d?copies=2", "copies");
        assertThat(server.datasets.list()).isEmpty();
    }

    private void wrong(String pathAndQuery, String field) throws IOException {
        wrong(pathAndQuery, field, 400);
    }

    private void wrong(String pathAndQuery, String field, int status) throws IOException {
        HttpResponse<String> response = server.put("/api/datasets/" + pathAndQuery, "bytes");
        assertThat(response.statusCode()).as(pathAndQuery + response.body()).isEqualTo(status);
        if (status == 400) {
            assertThat(response.body()).as(pathAndQuery).contains("\"field\":\"" + field + "\"");
        }
    }

    @Test
    void aClientThatBreaksOffCanResume() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write(("PUT /api/datasets/big HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                                    + "\r\nAuthorization: Bearer " + TestServer.TOKEN
                                    + "\r\nContent-Length: 10\r\n\r\nhello")
                            .getBytes(UTF_8));
            socket.getOutputStream().flush();
            await().until(() -> server.datasets.find("big").isPresent()
                    && server.datasets.partial("big").receivedBytes() == 5);
            assertThat(server.put("/api/datasets/big", "other").statusCode()).isEqualTo(409);
        }
        await().until(() -> server.get("/api/datasets/big/upload").body().contains("\"receivedBytes\":5"));
        assertThat(server.get("/api/datasets/big/content").statusCode()).isEqualTo(409);
        String hello = sha256("hello");
        await().until(() -> server.put("/api/datasets/big?offset=4&prefixSha256=" + hello, "world")
                .body()
                .contains("5 bytes are stored"));
        assertThat(server.put("/api/datasets/big?offset=5&prefixSha256=" + sha256("hallo"), "world")
                        .statusCode())
                .isEqualTo(409);
        assertThat(server.put("/api/datasets/big?offset=5&strategy=lines&prefixSha256=" + hello, "world")
                        .statusCode())
                .isEqualTo(409);
        assertThat(server.put("/api/datasets/big?offset=5", "world").statusCode())
                .isEqualTo(400);
        HttpResponse<String> resumed = server.put("/api/datasets/big?offset=5&prefixSha256=" + hello, "world");
        assertThat(resumed.statusCode()).as(resumed.body()).isEqualTo(201);
        assertThat(server.get("/api/datasets/big/content").body()).isEqualTo("helloworld");
        assertThat(server.get("/api/datasets/big/upload").statusCode()).isEqualTo(404);
    }

    @Test
    void aGridErrorLeavesNothing() throws IOException {
        server.datasets.failing = true;
        assertThat(server.put("/api/datasets/d", "bytes").statusCode()).isEqualTo(503);
        assertThat(server.datasets.find("d")).isEmpty();
    }

    @Test
    void aLargeBodyStreamsInConstantMemory() throws IOException {
        long bytes = 400L << 20;
        HttpRequest.Builder request = server.to("/api/datasets/large")
                .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new Endless(bytes)));
        assertThat(server.send(request).statusCode()).isEqualTo(201);
        assertThat(server.datasets.find("large").orElseThrow().sizeBytes()).isEqualTo(bytes);
    }

    @Test
    void aRefusedUploadStillGetsItsAnswer() throws IOException {
        HttpRequest.Builder request = server.to("/api/datasets/large?strategy=random")
                .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new Endless(100L << 20)));
        assertThat(server.send(request).statusCode()).isEqualTo(400);
        HttpRequest.Builder anonymous = server.anonymous("/api/datasets/large")
                .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new Endless(100L << 20)));
        assertThat(server.send(anonymous).statusCode()).isEqualTo(401);
    }

    @Test
    void lossIsDeclaredAndADownloadThatFailsInTheMiddleIsBrokenOff() throws IOException {
        server.put("/api/datasets/d", "0123456789".repeat(50_000));
        server.datasets.mark("d", DatasetState.DELETING);
        assertThatThrownBy(() -> server.http.send(
                        server.to("/api/datasets/d/content").build(), HttpResponse.BodyHandlers.ofByteArray()))
                .isInstanceOf(IOException.class);
        server.datasets.mark("d", DatasetState.LOSSY);
        assertThat(server.get("/api/datasets/d").body()).contains("\"lostChunks\":[1]");
        assertThat(server.get("/api/datasets/d/content").statusCode()).isEqualTo(503);
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    }
}
