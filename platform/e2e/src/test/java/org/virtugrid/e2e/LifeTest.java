package org.virtugrid.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.virtugrid.e2e.harness.Grid;
import org.virtugrid.e2e.harness.Json;
import org.virtugrid.e2e.harness.Proc;
import org.virtugrid.e2e.harness.Result;
import org.virtugrid.e2e.harness.Texts;
import org.virtugrid.e2e.harness.WithGrid;
import tools.jackson.databind.JsonNode;

/** Start and stop, with all that may be in the way. Small grids: one worker where one does. */
@WithGrid(WithGrid.Kind.UNSTARTED)
@Order(60)
class LifeTest {
    private static final String[] SMALL = {"--workers", "1", "--backups", "0", "--worker-memory", "512MiB"};

    private final Grid grid;

    LifeTest(Grid grid) {
        this.grid = grid;
    }

    @Test
    void downAndUpKeepEverything() throws IOException {
        try (Grid fresh = Grid.prepare("down-and-up")) {
            fresh.virtugrid(
                            "up",
                            "--port",
                            Integer.toString(fresh.port()),
                            "--workers",
                            "2",
                            "--worker-memory",
                            "512MiB")
                    .expect(0);
            String token = fresh.token();
            JsonNode put = fresh.put("kept", Texts.sources());
            String id = fresh.detached("word-count", "kept");
            JsonNode task = fresh.json("task", "wait", id);
            int thin = fresh.port("thin");
            JsonNode before = fresh.rest("/api/tasks?limit=100");
            List<Long> pids = fresh.pids();

            Result again = fresh.virtugrid("-o", "json", "up");
            assertThat(again.expect(0).json().path("state").asString("")).isEqualTo("READY");
            assertThat(again.json().path("workers").asInt(0)).isEqualTo(2);
            assertThat(again.json().path("url").asString("")).isEqualTo(fresh.url());
            assertThat(fresh.virtugrid("up").expect(0).out()).contains("up already");
            assertThat(fresh.pids()).as("nothing was started again").containsExactlyElementsOf(pids);

            assertThat(fresh.json("down").path("state").asString("")).isEqualTo("STOPPED");
            assertThat(fresh.pids()).isEmpty();
            assertThat(fresh.json("status").path("state").asString("")).isEqualTo("STOPPED");
            fresh.virtugrid("dataset", "list").refused(5, "virtugrid up");
            fresh.virtugrid("run", "process", "--operation", "sum", "--input", "[1]")
                    .expect(5);
            fresh.down();

            assertThat(fresh.json("up").path("state").asString("")).isEqualTo("READY");
            assertThat(fresh.token()).isEqualTo(token);
            assertThat(fresh.port("thin")).isEqualTo(thin);
            assertThat(Texts.sha256(fresh.get("kept")))
                    .isEqualTo(put.path("sha256").asString(""));
            assertThat(fresh.json("dataset", "check", "kept").path("consistent").asBoolean(false))
                    .isTrue();
            assertThat(fresh.json("task", "show", id)).isEqualTo(task);
            assertThat(fresh.rest("/api/tasks?limit=100").size()).isEqualTo(before.size() + 1);

            fresh.virtugrid("down", "--destroy").refused(2, "--yes");
            assertThat(fresh.home()).exists();
            fresh.virtugrid("down", "--destroy", "--yes").expect(0);
            assertThat(fresh.home()).doesNotExist();
            assertThat(fresh.pids()).isEmpty();
        }
    }

    @Test
    void twoHomesLiveSideBySide() throws IOException {
        try (Grid one = Grid.prepare("side-one");
                Grid other = Grid.prepare("side-other")) {
            one.up(SMALL);
            other.up(SMALL);
            assertThat(one.token()).isNotEqualTo(other.token());
            Map<String, Object> ports =
                    Map.of("one", one.json("status").path("ports").toString());
            for (String use : List.of("http", "thin", "restHttp", "restTcp", "discovery", "communication")) {
                assertThat(one.port(use)).as(use).isNotEqualTo(other.port(use));
            }
            assertThat(ports).isNotEmpty();
            Path small = Files.writeString(one.scratch().resolve("small.txt"), "one\n");
            one.put("mine", small);
            other.virtugrid("dataset", "show", "mine").refused(3, "mine");
            assertThat(other.send(other.request("/api/datasets").header("Authorization", "Bearer " + one.token()))
                            .statusCode())
                    .isEqualTo(401);

            Result elsewhere = grid.run(
                    null, null, "--url", one.url(), "--token", one.token(), "-o", "json", "dataset", "show", "mine");
            assertThat(elsewhere.expect(0).json().path("datasetId").asString(""))
                    .isEqualTo("mine");

            one.down();
            assertThat(other.json("status").path("state").asString("")).isEqualTo("READY");
        }
    }

    @Test
    void aBusyPortIsNamedWithARemedy() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            int port = Grid.freePort();
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            Result up = grid.virtugrid(
                    "up", "--port", Integer.toString(port), "--workers", "1", "--worker-memory", "512MiB");
            up.refused(1, Integer.toString(port), "taken", "virtugrid up --port");
            assertThat(grid.pids()).isEmpty();
        }
    }

    @Test
    void whatCannotBeIsRefusedBeforeAnythingStarts() {
        grid.virtugrid("up", "--worker-memory", "100MiB").refused(2, "512");
        grid.virtugrid("up", "--workers", "0").refused(2, "--workers");
        grid.virtugrid("up", "--port", "70000").refused(2, "--port");
        grid.virtugrid("up", "--driver", "nonsense").refused(2, "nonsense");
        grid.virtugrid("up", "--backups", "9").refused(2, "--backups");
        grid.virtugrid("up", "--nonsense").expect(2);
        grid.virtugrid("nonsense").expect(2);
        grid.virtugrid("up", "--workers", "30", "--worker-memory", "64GiB", "--port", Integer.toString(grid.port()))
                .refused(1, "memory", "remedy");
        assertThat(grid.pids()).isEmpty();
        assertThat(grid.home().resolve("home.json")).doesNotExist();
    }

    @Test
    void aFolderOfSomebodyElseIsLeftAlone() throws IOException {
        Path foreign = Files.createDirectory(grid.scratch().resolve("letters"));
        Path letter = Files.writeString(foreign.resolve("letter.txt"), "dear");
        grid.virtugrid("--home", foreign.toString(), "up").refused(1, "not empty", "--home");
        grid.virtugrid("--home", foreign.toString(), "down", "--destroy", "--yes")
                .refused(4, "nothing was deleted");
        assertThat(foreign).isDirectoryContaining(letter::equals);
        try (var entries = Files.list(foreign)) {
            assertThat(entries.filter(entry -> !entry.getFileName().toString().equals("up.lock")))
                    .containsExactly(letter);
        }
    }

    @Test
    void aStaleHomeIsTakenOverAndNoStrangerIsHarmed() throws IOException {
        try (Grid stale = Grid.prepare("stale")) {
            stale.up(SMALL);
            stale.put("kept", Texts.dictionary());
            long[] pids = stale.pids().stream().mapToLong(Long::longValue).toArray();
            Proc.signal("KILL", pids);
            // The pid of the record belongs to somebody else by now
            Process stranger = new ProcessBuilder("sleep", "600").start();
            try {
                Path record = stale.home().resolve("control.json");
                String ticks =
                        Json.parse(Files.readString(record)).path("startTicks").toString();
                Files.writeString(record, "{\"pid\":" + stranger.pid() + ",\"startTicks\":" + ticks + "}");
                stale.virtugrid("status").expect(0);
                assertThat(stale.json("up").path("state").asString("")).isEqualTo("READY");
                assertThat(Texts.sha256(stale.get("kept"))).isEqualTo(Texts.sha256(Texts.dictionary()));
                stale.down();
                assertThat(stranger.isAlive()).isTrue();
            } finally {
                stranger.destroyForcibly();
            }
        }
    }

    @Test
    void aHomeOfANewerVersionIsRefused() throws IOException {
        Path home = Files.createDirectory(
                grid.scratch().resolve("newer"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(home.resolve("home.json"), "{\"formatVersion\":99}");
        grid.virtugrid("--home", home.toString(), "up").refused(1, "newer", "remedy");
    }

    @Test
    void nothingRunsIsNoError() {
        assertThat(grid.json("status").path("state").asString("")).isEqualTo("STOPPED");
        grid.virtugrid("down").expect(0);
        JsonNode doctor = Json.parse(grid.virtugrid("-o", "json", "doctor").out());
        assertThat(doctor.isArray()).isTrue();
        assertThat(doctor.path(0).propertyNames()).contains("check", "ok", "found", "fix");
    }
}
