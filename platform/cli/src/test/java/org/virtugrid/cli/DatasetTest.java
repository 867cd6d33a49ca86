package org.virtugrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes go to the grid and come back unchanged, or the command says that they didn't. */
class DatasetTest {
    private static final byte[] BYTES = new byte[3_000_001];

    static {
        new Random(7).nextBytes(BYTES);
    }

    @TempDir
    private Path folder;

    private FakeGrid grid;

    @BeforeEach
    void startGrid() throws IOException {
        grid = new FakeGrid();
        grid.on("PUT /api/datasets/d", asked -> FakeGrid.Answer.json(201, view(asked.body())));
    }

    @AfterEach
    void stopGrid() {
        grid.close();
    }

    @Test
    void putSendsAFileWithBlanksInItsName() throws IOException {
        Path file = Files.write(folder.resolve("my books.txt"), BYTES);
        Run.Result result = Run.against(grid)
                .run("-o", "json", "dataset", "put", "d", file.toString(), "--chunk-size", "2MiB", "--backups", "2");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.json().path("sha256").stringValue()).isEqualTo(sha256(BYTES));
        assertThat(grid.lastAsked().body()).isEqualTo(BYTES);
        assertThat(grid.lastAsked().query()).isEqualTo("chunkSize=2097152&backups=2");
        assertThat(grid.lastAsked().authorization()).isEqualTo("Bearer " + FakeGrid.TOKEN);
    }

    @Test
    void putSendsStandardInputAndNothingAtAll() {
        assertThat(Run.against(grid)
                        .reading(BYTES)
                        .run("dataset", "put", "d", "-")
                        .exitCode())
                .isZero();
        assertThat(grid.lastAsked().body()).isEqualTo(BYTES);
        assertThat(Run.against(grid).run("dataset", "put", "d", "-").exitCode()).isZero();
        assertThat(grid.lastAsked().body()).isEmpty();
    }

    @Test
    void otherBytesInTheGridAreNoSuccess() throws IOException {
        Path file = Files.write(folder.resolve("f"), BYTES);
        grid.on("PUT /api/datasets/d", asked -> FakeGrid.Answer.json(201, view(new byte[1])));
        Run.Result result = Run.against(grid).run("dataset", "put", "d", file.toString());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("is not what was sent");
    }

    @Test
    void aNameThatIsTakenByOtherBytesIsWrongInput() throws IOException {
        Path file = Files.write(folder.resolve("f"), BYTES);
        grid.on("PUT /api/datasets/d", 409, "{\"type\":\"conflict\",\"detail\":\"d holds other bytes\"}");
        Run.Result result = Run.against(grid).run("dataset", "put", "d", file.toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("d holds other bytes").hasLineCount(1);
    }

    @Test
    void whatCannotBeSentIsWrongInputBeforeAnythingIsAsked() {
        Run run = Run.against(grid);
        assertThat(run.run("dataset", "put", "d", folder.toString()).err()).contains("is a directory");
        assertThat(run.run("dataset", "put", "d", folder + "/none").exitCode()).isEqualTo(2);
        assertThat(run.run("dataset", "put", "../d", "-").exitCode()).isEqualTo(2);
        assertThat(run.run("dataset", "put", "d", "-", "--chunk-size", "much").exitCode())
                .isEqualTo(2);
        assertThat(grid.asked()).isEmpty();
    }

    @Test
    void resumeSendsOnlyWhatIsMissing() throws IOException {
        Path file = Files.write(folder.resolve("f"), BYTES);
        byte[] prefix = Arrays.copyOf(BYTES, 1_000_000);
        unfinished(prefix);
        grid.on("PUT /api/datasets/d", asked -> FakeGrid.Answer.json(201, view(BYTES)));
        for (Run.Result result : new Run.Result[] {
            Run.against(grid).run("dataset", "put", "d", file.toString(), "--resume"),
            Run.against(grid).reading(BYTES).run("dataset", "put", "d", "-", "--resume")
        }) {
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(grid.lastAsked().body()).isEqualTo(Arrays.copyOfRange(BYTES, 1_000_000, BYTES.length));
            assertThat(grid.lastAsked().query()).isEqualTo("offset=1000000&prefixSha256=" + sha256(prefix));
        }
    }

    @Test
    void resumeOfAnotherFileIsWrongInput() throws IOException {
        Path file = Files.write(folder.resolve("f"), BYTES);
        unfinished(new byte[1_000_000]);
        Run.Result result = Run.against(grid).run("dataset", "put", "d", file.toString(), "--resume");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(grid.asked()).noneMatch(asked -> asked.method().equals("PUT"));
    }

    @Test
    void resumeWithoutAnUnfinishedUploadSendsEverything() throws IOException {
        Path file = Files.write(folder.resolve("f"), BYTES);
        assertThat(Run.against(grid)
                        .run("dataset", "put", "d", file.toString(), "--resume")
                        .exitCode())
                .isZero();
        assertThat(grid.lastAsked().body()).isEqualTo(BYTES);
    }

    @Test
    void anUploadThatBreaksOffTellsHowToGoOn() throws Exception {
        Path file = Files.write(folder.resolve("my file"), new byte[30 << 20]);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> breaking = CompletableFuture.runAsync(() -> readSomeThenClose(server));
            Run.Result result = new Run()
                    .with("VIRTUGRID_HOME", "/nonexistent/home")
                    .with("VIRTUGRID_TOKEN", "t")
                    .run("--url", "http://127.0.0.1:" + server.getLocalPort(), "dataset", "put", "d", file.toString());
            breaking.join();
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("broke off", "dataset put d '" + file + "' --resume");
        }
    }

    @Test
    void aRefusalInTheMiddleOfAnUploadIsHeard() throws Exception {
        Path file = Files.write(folder.resolve("f"), new byte[30 << 20]);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> refusing = CompletableFuture.runAsync(() -> refuse(server));
            Run.Result result = new Run()
                    .with("VIRTUGRID_HOME", "/nonexistent/home")
                    .with("VIRTUGRID_TOKEN", "t")
                    .run("--url", "http://127.0.0.1:" + server.getLocalPort(), "dataset", "put", "d", file.toString());
            refusing.join();
            assertThat(result.err()).contains("the disk is full");
            assertThat(result.exitCode()).isEqualTo(2);
        }
    }

    @Test
    void getWritesTheSameBytesToAFileOrToStdout() throws IOException {
        stored(BYTES, view(BYTES));
        Path file = folder.resolve("out of it");
        assertThat(Run.against(grid).run("dataset", "get", "d", file.toString()).exitCode())
                .isZero();
        assertThat(file).hasBinaryContent(BYTES);
        assertThat(Run.against(grid).run("-o", "json", "dataset", "get", "d").outBytes())
                .isEqualTo(BYTES);
    }

    @Test
    void getLeavesNoFileWhenTheBytesAreNotThoseOfTheDataset() {
        stored(BYTES, view(new byte[BYTES.length]));
        Run.Result result = Run.against(grid)
                .run("dataset", "get", "d", folder.resolve("out").toString());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void getReplacesAFileOnlyWhenForced() throws IOException {
        stored(BYTES, view(BYTES));
        Path file = Files.writeString(folder.resolve("there"), "mine");
        assertThat(Run.against(grid).run("dataset", "get", "d", file.toString()).exitCode())
                .isEqualTo(2);
        assertThat(file).hasContent("mine");
        assertThat(Run.against(grid)
                        .run("dataset", "get", "d", file.toString(), "--force")
                        .exitCode())
                .isZero();
        assertThat(file).hasBinaryContent(BYTES);
        assertThat(Run.against(grid).run("dataset", "get", "none").exitCode()).isEqualTo(3);
    }

    @Test
    void deleteAsksOnATerminalAndWantsYesElsewhere() {
        stored(BYTES, view(BYTES));
        grid.on("DELETE /api/datasets/d", asked -> new FakeGrid.Answer(204, new byte[0]));
        Run.Result unasked = Run.against(grid).run("dataset", "delete", "d");
        assertThat(unasked.exitCode()).isEqualTo(2);
        assertThat(unasked.err()).contains("--yes");
        assertThat(Run.against(grid).typing("n\n").run("dataset", "delete", "d").exitCode())
                .isEqualTo(1);
        assertThat(grid.asked()).noneMatch(asked -> asked.method().equals("DELETE"));
        assertThat(Run.against(grid).typing("y\n").run("dataset", "delete", "d").exitCode())
                .isZero();
        Run.Result forced = Run.against(grid).run("dataset", "delete", "d", "--yes", "-o", "json");
        assertThat(forced.exitCode()).isZero();
        assertThat(forced.json().path("datasetId").stringValue()).isEqualTo("d");
    }

    private void unfinished(byte[] prefix) {
        grid.on(
                "GET /api/datasets/d/upload",
                200,
                "{\"datasetId\":\"d\",\"strategy\":\"size\",\"receivedBytes\":" + prefix.length + ",\"prefixSha256\":\""
                        + sha256(prefix) + "\"}");
    }

    private void stored(byte[] bytes, String view) {
        grid.on("GET /api/datasets/d", 200, view);
        grid.on("GET /api/datasets/d/content", asked -> new FakeGrid.Answer(200, bytes));
    }

    private static void readSomeThenClose(ServerSocket server) {
        try (Socket socket = server.accept();
                InputStream in = socket.getInputStream()) {
            socket.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            in.readNBytes(1 << 20);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void refuse(ServerSocket server) {
        try (Socket socket = server.accept();
                InputStream in = socket.getInputStream()) {
            socket.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            in.readNBytes(1 << 20);
            String body = "{\"type\":\"invalid-input\",\"detail\":\"the disk is full\"}";
            socket.getOutputStream()
                    .write(("HTTP/1.1 413 Too Large\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                                    + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            in.readNBytes(1 << 20);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String view(byte[] bytes) {
        return "{\"datasetId\":\"d\",\"state\":\"READY\",\"sizeBytes\":" + bytes.length
                + ",\"chunks\":1,\"backups\":1,\"seconds\":0.5,\"sha256\":\"" + sha256(bytes) + "\"}";
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
