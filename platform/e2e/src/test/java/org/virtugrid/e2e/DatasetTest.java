package org.virtugrid.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.virtugrid.e2e.harness.Commands;
import org.virtugrid.e2e.harness.Grid;
import org.virtugrid.e2e.harness.Json;
import org.virtugrid.e2e.harness.Result;
import org.virtugrid.e2e.harness.Texts;
import org.virtugrid.e2e.harness.WithGrid;
import tools.jackson.databind.JsonNode;

/** Files of all kinds go in and come back. */
@WithGrid
@Order(20)
class DatasetTest {
    private static final Path ONE_LINE =
            Path.of("target", "texts", "one-line.txt").toAbsolutePath();

    private final Grid grid;

    DatasetTest(Grid grid) {
        this.grid = grid;
    }

    @ParameterizedTest
    @ValueSource(strings = {"size", "lines", "round-robin", "key"})
    void everyFileComesBackByteForByte(String strategy) throws IOException {
        List<String> options = new ArrayList<>(List.of("--strategy", strategy, "--chunk-size", "64KiB"));
        if (strategy.equals("key")) {
            options.addAll(List.of("--column", "1", "--delimiter", "space"));
        }
        int number = 0;
        for (Map.Entry<String, Path> file : files().entrySet()) {
            String name = "bytes-" + strategy + "-" + number++;
            String what = file.getKey() + " by " + strategy;
            JsonNode put = grid.put(name, file.getValue(), options.toArray(String[]::new));
            assertThat(put.propertyNames())
                    .as(what)
                    .contains("datasetId", "sizeBytes", "chunks", "backups", "sha256", "seconds");
            assertThat(put.path("sizeBytes").asLong(-1)).as(what).isEqualTo(Files.size(file.getValue()));
            assertThat(put.path("sha256").asString("")).as(what).isEqualTo(Texts.sha256(file.getValue()));
            assertThat(Texts.sha256(grid.get(name))).as(what).isEqualTo(Texts.sha256(file.getValue()));
            everyChunkHasACopyOnAnotherWorker(name, put, what);
            grid.virtugrid("dataset", "delete", name, "--yes").expect(0);
        }
    }

    private void everyChunkHasACopyOnAnotherWorker(String name, JsonNode put, String what) {
        JsonNode chunks = grid.rest("/api/datasets/" + name + "/chunks");
        assertThat(chunks).as(what).hasSize(put.path("chunks").asInt(-1));
        Set<String> workers = grid.recordedWorkerPids().keySet();
        long bytes = 0;
        int index = 0;
        for (JsonNode chunk : chunks) {
            assertThat(chunk.path("index").asInt(-1)).as(what).isEqualTo(index++);
            assertThat(chunk.path("checksum").asString("")).as(what).matches("[0-9a-f]{8}");
            assertThat(chunk.path("live").asInt(0)).as(what).isEqualTo(2);
            assertThat(chunk.path("replicaVmIds")).as(what).hasSize(1);
            assertThat(workers)
                    .as(what)
                    .contains(
                            chunk.path("originalVmId").asString(""),
                            chunk.path("replicaVmIds").path(0).asString(""));
            assertThat(chunk.path("originalVmId"))
                    .as(what)
                    .isNotEqualTo(chunk.path("replicaVmIds").path(0));
            bytes += chunk.path("sizeBytes").asLong(0);
        }
        assertThat(bytes).as(what).isEqualTo(put.path("sizeBytes").asLong(-1));
    }

    /** Files as they are found in life, by what is special about them. */
    private Map<String, Path> files() throws IOException {
        Path folder = Files.createTempDirectory(grid.scratch(), "files with spaces");
        byte[] noise = new byte[1_000_000];
        new Random(20261121).nextBytes(noise);
        byte[] words = Files.readAllBytes(Texts.dictionary());
        Map<String, Path> files = new LinkedHashMap<>();
        files.put("the dictionary", Texts.dictionary());
        files.put("an empty file", Files.createFile(folder.resolve("nothing in it")));
        files.put("one newline", Files.write(folder.resolve("newline"), new byte[] {'\n'}));
        files.put("one byte", Files.write(folder.resolve("x"), new byte[] {'x'}));
        files.put("no final newline", Files.write(folder.resolve("no end.txt"), List.of("a b", "c d")));
        Files.write(files.get("no final newline"), java.util.Arrays.copyOf(words, words.length - 1));
        files.put("bytes that are no text", Files.write(folder.resolve("noise"), noise));
        files.put(
                "returns and empty lines",
                Files.writeString(folder.resolve("dos"), "a\r\n\r\n\n\n b \r\n".repeat(9999)));
        return files;
    }

    @Test
    void aLineOfAHundredMegabytesIsStoredOrClearlyRefused() throws IOException {
        Path file = oneLine();
        for (String strategy : List.of("size", "lines")) {
            String name = "one-line-" + strategy;
            JsonNode put = grid.put(name, file, "--strategy", strategy);
            assertThat(put.path("sha256").asString("")).isEqualTo(Texts.sha256(file));
            assertThat(Texts.sha256(grid.get(name))).isEqualTo(Texts.sha256(file));
            grid.virtugrid("dataset", "delete", name, "--yes").expect(0);
        }
        grid.virtugrid("dataset", "put", "one-line-key", file.toString(), "--strategy", "key", "--column", "1")
                .refused(2, "16 MiB");
        nothingIsLeftOf("one-line-key");
    }

    private static Path oneLine() throws IOException {
        Files.createDirectories(ONE_LINE.getParent());
        if (!Files.exists(ONE_LINE) || Files.size(ONE_LINE) != 100_000_001) {
            byte[] megabyte = "0123456789".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
            try (OutputStream out = Files.newOutputStream(ONE_LINE)) {
                for (int i = 0; i < 100; i++) {
                    out.write(megabyte);
                }
                out.write('\n');
            }
        }
        return ONE_LINE;
    }

    private void nothingIsLeftOf(String name) {
        grid.virtugrid("dataset", "show", name).refused(3, name);
        assertThat(grid.rest("GET", "/api/datasets/" + name + "/upload", null).statusCode())
                .isEqualTo(404);
        assertThat(grid.json("dataset", "list").toString()).doesNotContain("\"" + name + "\"");
    }

    @Test
    void standardInputIsStoredLikeAFile() {
        Result put = grid.run(Texts.sources(), null, "-o", "json", "dataset", "put", "from-stdin", "-");
        assertThat(put.expect(0).json().path("sha256").asString("")).isEqualTo(Texts.sha256(Texts.sources()));
        assertThat(Texts.sha256(grid.get("from-stdin"))).isEqualTo(Texts.sha256(Texts.sources()));
    }

    @Test
    void whatIsThereIsNeverReplaced() throws IOException {
        Path file = Files.writeString(grid.scratch().resolve("first.txt"), "first\n");
        Path other = Files.writeString(grid.scratch().resolve("other.txt"), "other\n");
        JsonNode first = grid.put("taken", file);
        JsonNode again = grid.put("taken", file);
        assertThat(again.path("sha256")).isEqualTo(first.path("sha256"));
        grid.virtugrid("dataset", "put", "taken", other.toString()).refused(2, "taken");
        assertThat(Files.readString(grid.get("taken"))).isEqualTo("first\n");
    }

    @Test
    void anUploadThatBreaksOffIsResumedWhereItStopped() throws Exception {
        Path file = Texts.large();
        Path pipe = grid.scratch().resolve("pipe");
        Commands.shell("mkfifo \"$1\"", pipe);
        // Opening a pipe waits for its other end, so whoever writes comes first
        long sent = 120L << 20;
        Process feeder = new ProcessBuilder(
                        "bash",
                        "-c",
                        "exec 3>\"$1\"; head -c " + sent + " \"$2\" >&3; read -r",
                        "feeder",
                        pipe.toString(),
                        file.toString())
                .start();
        Process put = grid.begin(pipe, "dataset", "put", "broken-off", "-");
        try {
            await("bytes of the upload are stored")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> grid.json("dataset", "list").toString().contains("\"broken-off\""));
            await("much of it was read by the client")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> put.isAlive() && feederIsDone(feeder));
            grid.virtugrid("dataset", "get", "broken-off").expect(2);
        } finally {
            put.descendants().forEach(ProcessHandle::destroyForcibly);
            put.destroyForcibly().waitFor();
            feeder.destroyForcibly().waitFor();
        }
        JsonNode[] upload = {null};
        await("the grid has noticed")
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> {
                    upload[0] = grid.rest("/api/datasets/broken-off/upload");
                    return upload[0].path("receivedBytes").asLong(0) > 0;
                });
        assertThat(upload[0].path("receivedBytes").asLong(0)).isBetween(32L << 20, sent);
        assertThat(upload[0].path("prefixSha256").asString("")).matches("[0-9a-f]{64}");

        Path wrong = grid.scratch().resolve("wrong.txt");
        Commands.shell("tr a-z A-Z <\"$1\" >\"$2\"", file, wrong);
        grid.virtugrid("dataset", "put", "broken-off", wrong.toString(), "--resume")
                .expect(2);
        Files.delete(wrong);

        Result resumed = grid.virtugrid("-o", "json", "dataset", "put", "broken-off", file.toString(), "--resume");
        assertThat(resumed.expect(0).json().path("sha256").asString("")).isEqualTo(Texts.sha256(file));
        assertThat(resumed.err()).doesNotContain("from the start");
        assertThat(Texts.sha256(grid.get("broken-off"))).isEqualTo(Texts.sha256(file));
        assertThat(grid.json("dataset", "check", "broken-off")
                        .path("consistent")
                        .asBoolean(false))
                .isTrue();
        grid.virtugrid("dataset", "delete", "broken-off", "--yes").expect(0);
    }

    /** It waits for a line that never comes once it has written all. */
    private static boolean feederIsDone(Process feeder) {
        return feeder.isAlive() && feeder.descendants().findAny().isEmpty();
    }

    @Test
    void deletingFreesTheDisk() {
        long before = used();
        grid.put("on-disk", Texts.sources(), "--strategy", "lines");
        long stored = 2 * 30_000_000L;
        await("two copies are on the disk")
                .atMost(Duration.ofMinutes(3))
                .until(() -> used() - before > stored * 9 / 10);
        long full = used();
        grid.virtugrid("dataset", "delete", "on-disk", "--yes").expect(0);
        await("the space is free again").atMost(Duration.ofMinutes(3)).until(() -> full - used() > stored * 8 / 10);
    }

    /** Bytes under the workers' folders, but for the log of changes, which is bounded whatever is stored. */
    private long used() {
        return Long.parseLong(Commands.shell(
                        "find \"$1\" -path '*/db/wal' -prune -o -type f -printf '%b\\n' | awk '{s+=$1} END {printf \"%d\", s*512}'",
                        grid.home().resolve("vms"))
                .strip());
    }

    @Test
    void namesStayInTheirPlace() throws IOException {
        Path file = Files.writeString(grid.scratch().resolve("small.txt"), "x\n");
        Set<String> before = allFiles();
        for (String name :
                List.of("../escaped", "a/b", ".hidden", "-x", "a b", "ä", "", "x".repeat(64), "..", "a\nb")) {
            Result put = grid.run(null, null, "dataset", "put", "--", name, file.toString());
            assertThat(put.exitCode()).as("put %s: %s", name, put).isEqualTo(2);
            assertThat(put.err().lines().count())
                    .as("messages of put %s: %s", name, put)
                    .isEqualTo(1);
        }
        for (String name : List.of("..%2f..%2fescaped", "..%2Fescaped", "a%2Fb", ".hidden", "%00", "a%20b", "%2e%2e")) {
            int status = grid.rest("PUT", "/api/datasets/" + name, "x").statusCode();
            assertThat(status).as("PUT %s", name).isBetween(400, 404);
        }
        assertThat(allFiles()).as("files outside of the home").isEqualTo(before);
        assertThat(grid.json("dataset", "list").toString()).doesNotContain("escaped", "hidden");
    }

    private Set<String> allFiles() {
        return new TreeSet<>(
                Commands.shell("find \"$1\" -path \"$2\" -prune -o -type f -print", grid.scratch(), grid.home())
                        .lines()
                        .filter(path -> !path.contains("virtugrid-"))
                        .toList());
    }

    @Test
    void wrongOptionsAreRefusedAtOnce() throws IOException {
        Path file = Files.writeString(grid.scratch().resolve("options.txt"), "x\n");
        String path = file.toString();
        grid.virtugrid("dataset", "put", "wrong", path, "--strategy", "nonsense")
                .refused(2, "nonsense");
        grid.virtugrid("dataset", "put", "wrong", path, "--chunk-size", "1KiB").refused(2, "hunk");
        grid.virtugrid("dataset", "put", "wrong", path, "--chunk-size", "much").expect(2);
        grid.virtugrid("dataset", "put", "wrong", path, "--backups", "3").refused(2, "backups");
        grid.virtugrid("dataset", "put", "wrong", path, "--strategy", "key").refused(2, "column");
        grid.virtugrid("dataset", "put", "wrong", path, "--column", "1").refused(2, "column");
        grid.virtugrid("dataset", "put", "wrong", path + " not there").refused(2, "not there");
        grid.virtugrid("dataset", "put", "wrong", grid.scratch().toString()).refused(2, "directory");
        grid.virtugrid("dataset", "get", "not-there").refused(3, "not-there");
        grid.virtugrid("dataset", "chunks", "not-there").refused(3, "not-there");
        grid.virtugrid("dataset", "check", "not-there").refused(3, "not-there");
        grid.virtugrid("dataset", "delete", "not-there", "--yes").refused(3, "not-there");
        grid.virtugrid("dataset", "nonsense").expect(2);
        nothingIsLeftOf("wrong");
    }

    @Test
    void jsonIsAsTheContractSays() {
        grid.put("shapes", Texts.dictionary(), "--chunk-size", "64KiB");
        JsonNode shown = grid.json("dataset", "show", "shapes");
        assertThat(shown.propertyNames()).contains("datasetId", "sizeBytes", "chunks", "backups", "sha256", "seconds");
        JsonNode listed = grid.json("dataset", "list");
        assertThat(listed.isArray()).isTrue();
        Set<String> names = new HashSet<>();
        listed.forEach(dataset -> names.add(dataset.path("datasetId").asString("")));
        assertThat(names).contains("shapes").hasSize(listed.size());
        JsonNode chunks = grid.json("dataset", "chunks", "shapes");
        assertThat(chunks).hasSize(16);
        assertThat(chunks.path(0).propertyNames())
                .contains("chunkId", "index", "sizeBytes", "checksum", "originalVmId", "replicaVmIds");
        JsonNode check = grid.json("dataset", "check", "shapes");
        assertThat(Json.write(check))
                .isEqualTo("{\"chunks\":16,\"copies\":32,\"missing\":0,\"different\":0,\"lost\":0,\"repaired\":0,"
                        + "\"consistent\":true}");
    }

    @Test
    void deletingAsksFirst() {
        grid.put("asked", Texts.dictionary());
        grid.virtugrid("dataset", "delete", "asked").refused(2, "--yes");
        grid.virtugrid("dataset", "show", "asked").expect(0);
        grid.virtugrid("dataset", "delete", "asked", "--yes").expect(0);
        nothingIsLeftOf("asked");
    }
}
