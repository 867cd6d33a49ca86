package org.virtugrid.e2e.death;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.virtugrid.e2e.harness.Commands;
import org.virtugrid.e2e.harness.Grid;
import org.virtugrid.e2e.harness.Proc;
import org.virtugrid.e2e.harness.Texts;
import org.virtugrid.e2e.harness.WithGrid;
import tools.jackson.databind.JsonNode;

/** Nobody touches anything but the process that is killed or frozen. */
@WithGrid(value = WithGrid.Kind.OWN, memory = "512MiB")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(900)
class DeathTest {
    private static final Duration DEADLINE = Duration.ofMinutes(4);
    private static final String DATASET = "victim";
    /** Slow enough that a worker can be caught at it: a line without a match is searched once for each two letters e in it. */
    private static final String[] SLOW = {"--param", "pattern=e.*e.*qz"};

    private static long expected;
    private static Path input;

    private final Grid grid;

    DeathTest(Grid grid) {
        this.grid = grid;
    }

    @BeforeAll
    static void put(Grid grid) throws IOException {
        input = text(grid, 40 << 20);
        expected = Long.parseLong(Commands.shell("LC_ALL=C grep -c 'e.*e.*qz' \"$1\" || true", input)
                .trim());
        assertThat(expected).as("lines that match").isPositive();
        grid.put(DATASET, input, "--chunk-size", "256KiB");
    }

    /** Words of the dictionary in lines of very different length, the same in each run. */
    private static Path text(Grid grid, int bytes) throws IOException {
        List<String> words = Files.readAllLines(Path.of("/usr/share/dict/words"), StandardCharsets.UTF_8);
        Random random = new Random(42);
        Path file = grid.scratch().resolve("text of victims");
        long written = 0;
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            while (written < bytes) {
                StringBuilder line = new StringBuilder();
                for (int i = random.nextInt(24); i >= 0; i--) {
                    line.append(words.get(random.nextInt(words.size())))
                            .append(random.nextInt(20_000) == 0 ? " eeqz " : " ");
                }
                out.append(line).append('\n');
                written += line.length() + 1;
            }
        }
        return file;
    }

    @BeforeEach
    void whole() {
        // A test that failed may have left control dead
        grid.up();
        grid.awaitReady(DEADLINE);
    }

    @AfterEach
    void everyCopyIsThereAndRight() {
        grid.awaitReady(DEADLINE);
        JsonNode check = grid.json("dataset", "check", DATASET);
        assertThat(check.path("consistent").asBoolean(false)).as("%s", check).isTrue();
    }

    private String begin() {
        String id = grid.detached("filter", DATASET, SLOW);
        await("the task runs on all workers")
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> grid.rest("/api/tasks/" + id).path("running").size() == 3);
        return id;
    }

    private void expectRightResult(JsonNode task) {
        assertThat(task.path("state").asString("")).as("%s", task).isEqualTo("SUCCEEDED");
        assertThat(task.path("result").path("matched").asLong(-1)).isEqualTo(expected);
    }

    private static String leader(JsonNode task) {
        JsonNode vms = task.path("vmIds");
        return vms.path(vms.size() - 1).asString("");
    }

    private String follower(JsonNode task) {
        String leader = leader(task);
        return task.path("running").propertyNames().stream()
                .filter(vm -> !vm.equals(leader))
                .findFirst()
                .orElseThrow();
    }

    private boolean happened(String type, String vm) {
        for (JsonNode event : grid.rest("/api/events?since=10m")) {
            if (event.path("type").asString("").equals(type) && event.toString().contains(vm)) {
                return true;
            }
        }
        return false;
    }

    private long resets() {
        return grid.rest("/api/events?since=1h").findValuesAsString("type").stream()
                .filter(type -> type.equals("LOST_PARTITIONS_RESET"))
                .count();
    }

    /** Kills these workers at once and waits until others stand in their place and all is READY. */
    private void killAndAwaitOthers(List<Long> pids) {
        pids.forEach(pid -> Proc.signal("KILL", pid));
        await("all run again").atMost(DEADLINE).untilAsserted(() -> assertThat(
                        grid.workerPids().values())
                .doesNotContainNull()
                .doesNotContainAnyElementsOf(pids));
        grid.awaitReady(DEADLINE);
    }

    private void isWholeAndIsDeleted(String dataset, JsonNode put) {
        JsonNode check = grid.json("dataset", "check", dataset);
        assertThat(check.path("consistent").asBoolean(false)).as("%s", check).isTrue();
        assertThat(Texts.sha256(grid.get(dataset))).isEqualTo(put.path("sha256").asString(""));
        grid.virtugrid("dataset", "delete", dataset, "--yes").expect(0);
    }

    private void awaitReplaced(String vm, long oldPid) {
        await(vm + " runs again")
                .atMost(DEADLINE)
                .untilAsserted(
                        () -> assertThat(grid.workerPids().get(vm)).isNotNull().isNotEqualTo(oldPid));
    }

    @Test
    @Order(1)
    void aKilledWorkerCostsNothing() {
        String id = begin();
        String vm = follower(grid.rest("/api/tasks/" + id));
        long pid = grid.workerPids().get(vm);
        // Frozen first, so that what it holds at the moment of its death can be looked at.
        Proc.signal("STOP", pid);
        JsonNode atDeath = grid.rest("/api/tasks/" + id);
        assertThat(atDeath.path("state").asString("")).isEqualTo("RUNNING");
        assertThat(atDeath.path("running").path(vm).size())
                .as("partitions without a committed result")
                .isPositive();
        Proc.signal("KILL", pid);

        JsonNode task = grid.awaitTask(id, DEADLINE);
        expectRightResult(task);
        assertThat(task.path("attempts").asInt(0)).isEqualTo(1);
        awaitReplaced(vm, pid);
        assertThat(happened("VM_CRASHED", vm)).isTrue();
    }

    @Test
    @Order(2)
    void aKilledLeaderCostsNothing() {
        String id = begin();
        String vm = leader(grid.rest("/api/tasks/" + id));
        long pid = grid.workerPids().get(vm);
        Proc.signal("KILL", pid);

        JsonNode task = grid.awaitTask(id, DEADLINE);
        expectRightResult(task);
        assertThat(task.path("attempts").asInt(0)).isEqualTo(2);
        assertThat(task.path("history").toString())
                .as("the killed worker led an attempt that was not committed")
                .contains("RECLAIMED");
        awaitReplaced(vm, pid);
    }

    @Test
    @Order(3)
    void aFrozenWorkerIsFencedAndReplaced() {
        String id = begin();
        String vm = follower(grid.rest("/api/tasks/" + id));
        long pid = grid.workerPids().get(vm);
        Proc.signal("STOP", pid);
        assertThat(grid.rest("/api/tasks/" + id).path("running").path(vm).size())
                .isPositive();

        expectRightResult(grid.awaitTask(id, DEADLINE));
        awaitReplaced(vm, pid);
        assertThat(Proc.isAlive(pid)).as("the frozen process").isFalse();
        assertThat(happened("VM_FENCED", vm)).isTrue();
    }

    @Test
    @Order(4)
    void aThawedWorkerThatNobodyFencedHaltsAndComesBackEmpty() {
        String vm = grid.workerPids().keySet().iterator().next();
        long pid = grid.workerPids().get(vm);
        Proc.signal("KILL", grid.controlPid());
        Proc.signal("STOP", pid);
        // The others count it as failed when the last topology that they keep no longer has it.
        await("the others go on without it").atMost(DEADLINE).until(() -> neededByOthers(vm) == 0);
        Proc.signal("CONT", pid);
        await("it halts").atMost(DEADLINE).until(() -> !Proc.isAlive(pid));
        assertThat(grid.home().resolve("vms").resolve(vm).resolve("segmented")).exists();

        grid.up();
        grid.awaitReady(DEADLINE);
        assertThat(grid.home().resolve("vms").resolve(vm).resolve("segmented")).doesNotExist();
        assertThat(happened("VM_DATABASE_EMPTIED", vm)).isTrue();
    }

    private long neededByOthers(String vm) {
        try (Stream<Path> folders = Files.list(grid.home().resolve("vms"))) {
            return folders.filter(folder -> !folder.getFileName().toString().equals(vm))
                    .map(folder -> folder.resolve("last-topology"))
                    .filter(file -> read(file).contains(vm))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Order(5)
    void workersAndJobsOutliveControl() {
        String id = begin();
        Map<String, Long> before = grid.workerPids();
        Proc.signal("KILL", grid.controlPid());
        grid.up();
        JsonNode task = grid.awaitTask(id, DEADLINE);
        expectRightResult(task);
        assertThat(task.path("attempts").asInt(0)).isEqualTo(1);
        assertThat(grid.workerPids()).isEqualTo(before);
    }

    @Test
    @Order(6)
    void everythingIsKilledAndEverythingComesBack() {
        JsonNode small = grid.json("run", "process", "--operation", "sum", "--input", "[1,2,3]");
        String id = begin();
        List<Long> all = new ArrayList<>(grid.workerPids().values());
        all.add(1, grid.controlPid());
        all.forEach(pid -> Proc.signal("KILL", pid));
        grid.up();
        expectRightResult(grid.awaitTask(id, DEADLINE));
        JsonNode again = grid.rest("/api/tasks/" + small.path("taskId").asString(""));
        assertThat(again.path("state").asString("")).isEqualTo("SUCCEEDED");
        assertThat(Commands.shell("cmp \"$1\" \"$2\" && echo same", input, grid.get(DATASET)))
                .contains("same");
    }

    /** Ignite keeps a node out that brings caches which the others don't have. Control must never be in the way like that. */
    @Test
    @Order(6)
    void whatWorkersMadeWhileControlWasAwayOutlivesAColdStart() {
        grid.put("sorted-often", Texts.dictionary());
        StringBuilder body = new StringBuilder();
        int many = 30;
        for (int i = 0; i < many; i++) {
            body.append("{\"operation\":\"sort\",\"dataset\":\"sorted-often\",\"saveAs\":\"often-" + i + "\"}\n");
        }
        List<Long> workers = List.copyOf(grid.workerPids().values());
        JsonNode ids = grid.submit(body.toString());
        Proc.signal("KILL", grid.controlPid());
        await("workers have made datasets that control doesn't know")
                .atMost(DEADLINE)
                .until(() -> !storedDatasets(grid.home().resolve("control"))
                        .containsAll(storedDatasets(grid.home().resolve("vms"))));
        workers.forEach(pid -> Proc.signal("KILL", pid));

        grid.up();
        for (JsonNode id : ids) {
            JsonNode task = grid.awaitTask(id.asString(""), DEADLINE);
            assertThat(task.path("state").asString("")).as("%s", task).isEqualTo("SUCCEEDED");
        }
        for (int i = 0; i < many; i++) {
            assertThat(grid.rest("DELETE", "/api/datasets/often-" + i, null).statusCode())
                    .isBetween(200, 204);
        }
        grid.virtugrid("dataset", "delete", "sorted-often", "--yes").expect(0);
    }

    private static Set<String> storedDatasets(Path databases) {
        String folders =
                Commands.shell("find \"$1\" -name 'cache-dataset-*' -printf '%f\\n' 2>/dev/null || true", databases);
        return folders.lines().collect(Collectors.toSet());
    }

    @Test
    @Order(7)
    void oldValuesAreNeverServed() throws IOException {
        List<String> vms = List.copyOf(grid.workerPids().keySet());
        String old = vms.get(0);
        String away = vms.get(2);
        grid.put("deleted-meanwhile", input, "--chunk-size", "1MiB");
        grid.virtugrid("vm", "stop", old).expect(0);
        grid.virtugrid("dataset", "delete", "deleted-meanwhile", "--yes").expect(0);
        // Rewritten without the stopped worker: the same name, other bytes.
        Path first = Files.writeString(grid.scratch().resolve("first"), "old\n".repeat(20_000));
        Path second = Files.writeString(grid.scratch().resolve("second"), "new\n".repeat(20_000));
        grid.put("rewritten", first, "--chunk-size", "4KiB");
        grid.virtugrid("dataset", "delete", "rewritten", "--yes").expect(0);
        grid.put("rewritten", second, "--chunk-size", "4KiB");
        List<Long> all = new ArrayList<>(grid.recordedWorkerPids().values());
        all.add(grid.controlPid());
        all.forEach(pid -> Proc.signal("KILL", pid));

        Path folder = grid.home().resolve("vms").resolve(away);
        Path hidden = grid.home().resolve("hidden");
        Files.move(folder, hidden);
        grid.virtugrid("up", "--timeout", "25s").expect(1);
        // The old worker asks to come back; what it has must not be served while the newer copies are away.
        grid.virtugrid("vm", "start", old, "--no-wait");
        assertThat(grid.virtugrid("dataset", "get", "rewritten", "-").exitCode())
                .isNotZero();
        assertThat(grid.rest("/api/super-vm/status").path("state").asString("")).isNotEqualTo("READY");
        grid.down();
        Files.move(hidden, folder);
        grid.up();
        grid.awaitReady(DEADLINE);
        assertThat(Commands.shell("cmp \"$1\" \"$2\" && echo same", second, grid.get("rewritten")))
                .contains("same");
    }

    @Test
    @Order(8)
    void theLastCopyIsSacred() throws IOException {
        Path file = Files.writeString(grid.scratch().resolve("single"), "only once\n".repeat(100_000));
        grid.put("single", file, "--backups", "0", "--chunk-size", "4KiB");
        for (String vm : grid.workerPids().keySet()) {
            grid.virtugrid("vm", "destroy", vm, "--yes").refused(4, "dataset single");
            grid.virtugrid("vm", "stop", vm).refused(4, "dataset single");
        }
        grid.virtugrid("dataset", "delete", "single", "--yes").expect(0);
        List<String> vms = List.copyOf(grid.workerPids().keySet());
        grid.virtugrid("vm", "stop", vms.get(0), vms.get(1)).refused(4, "dataset " + DATASET);
        grid.virtugrid("vm", "destroy", vms.get(0), vms.get(1), "--yes").refused(4, "dataset " + DATASET);
    }

    @Test
    @Order(9)
    void twoWorkersAtOnceComeBackWithEverything() {
        List<Long> two = grid.workerPids().values().stream().limit(2).toList();
        killAndAwaitOthers(two);
        assertThat(Commands.shell("cmp \"$1\" \"$2\" && echo same", input, grid.get(DATASET)))
                .contains("same");
    }

    /** At the reset of lost partitions a copy that was just being made must not pass for a whole one. */
    @Test
    @Order(10)
    void twoDieWhileAThirdIsBeingFilled() {
        List<String> vms = List.copyOf(grid.workerPids().keySet());
        grid.virtugrid("vm", "stop", vms.get(0), "--wait").expect(0);
        JsonNode put = grid.put("half-copied", Texts.large(), "--chunk-size", "256KiB");
        List<Long> others =
                List.of(grid.workerPids().get(vms.get(1)), grid.workerPids().get(vms.get(2)));
        grid.virtugrid("vm", "start", vms.get(0)).expect(0);
        await("copies are being made")
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> grid.rest("/api/super-vm/status").toString().contains("copies are being made"));
        long before = resets();
        killAndAwaitOthers(others);
        assertThat(resets()).as("times that lost partitions came back").isGreaterThan(before);
        isWholeAndIsDeleted("half-copied", put);
    }

    /** While a worker joins, its copies are compared with those of who is there; nobody else knows that they are old. */
    @Test
    @Order(11)
    void twoDieWhileAThirdJoins() {
        List<String> vms = List.copyOf(grid.workerPids().keySet());
        grid.virtugrid("vm", "stop", vms.get(0), "--wait").expect(0);
        JsonNode put = grid.put("overtaken", input);
        List<Long> others =
                List.of(grid.workerPids().get(vms.get(1)), grid.workerPids().get(vms.get(2)));
        grid.virtugrid("vm", "start", vms.get(0), "--no-wait").expect(0);
        await("its node is in the grid")
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> grid.rest("/api/nodes").toString().contains(vms.get(0)));
        killAndAwaitOthers(others);
        isWholeAndIsDeleted("overtaken", put);
    }

    @Test
    @Order(12)
    void aLossIsDeclaredAndNeverReadAsEmpty() throws IOException {
        Path file = Files.writeString(grid.scratch().resolve("doomed"), "soon gone\n".repeat(100_000));
        grid.put("doomed", file, "--chunk-size", "4KiB", "--backups", "0");
        String vm = grid.workerPids().keySet().iterator().next();
        grid.down();
        // The newest dataset's chunks vanish from one disk; there is no other copy of them.
        Path database = grid.home().resolve("vms").resolve(vm).resolve("db");
        String removed = Commands.shell(
                "d=$(find \"$1\" -type d -name 'cache-dataset-*' -printf '%T@ %p\\n' | sort -n | tail -n 1 | cut -d ' ' -f 2-);"
                        + " rm -v \"$d\"/part-* | wc -l",
                database);
        assertThat(Integer.parseInt(removed.trim())).isPositive();
        grid.up();

        JsonNode show = grid.json("dataset", "show", "doomed");
        assertThat(show.path("state").asString("")).isEqualTo("LOSSY");
        assertThat(show.path("lostChunks").size()).isPositive();
        int lost = show.path("lostChunks").path(0).asInt(-1);
        assertThat(grid.json("dataset", "chunks", "doomed")
                        .path(lost)
                        .path("live")
                        .asInt(-1))
                .isZero();
        assertThat(grid.virtugrid("dataset", "get", "doomed", "-").exitCode()).isNotZero();
        String count = grid.detached("count", "doomed");
        JsonNode task = grid.awaitTask(count, DEADLINE);
        assertThat(task.path("state").asString("")).isEqualTo("FAILED");
        assertThat(task.path("error").asString("")).contains("doomed");
        grid.virtugrid("dataset", "delete", "doomed", "--yes").expect(0);
    }
}
