package org.virtugrid.e2e.death;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.virtugrid.e2e.harness.Proc;
import org.virtugrid.e2e.harness.ThreeControls;

/** Three control nodes, and what happens to the one that leads. */
@Tag("system")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(950)
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ControlDeathTest {
    /** What a control node records when it does something to a VM or to the grid. */
    private static final Set<String> DEEDS = Set.of(
            "VM_CREATED",
            "VM_STARTED",
            "VM_FENCED",
            "VM_STOPPED",
            "VM_DATABASE_EMPTIED",
            "VM_DATABASE_KEPT",
            "VM_DESTROYED",
            "GRID_ACTIVATED",
            "BASELINE_CHANGED",
            "LOST_PARTITIONS_RESET");

    private static ThreeControls grid;

    @BeforeAll
    static void start() throws IOException {
        grid = new ThreeControls();
        long began = System.nanoTime();
        grid.up(2);
        print("three control nodes and two workers from nothing to whole", seconds(began));
    }

    @AfterAll
    static void end() throws IOException {
        grid.close();
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private static void print(String what, double seconds) {
        System.out.printf("measured: %s: %.1f s%n", what, seconds);
    }

    private static int another(int than) {
        return ThreeControls.ALL.stream()
                .filter(number -> number != than)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> deedsSince(int number, Instant since) {
        return grid.events(number).stream()
                .filter(event -> Instant.parse(event.path("time").asString("")).isAfter(since))
                .map(event -> event.path("type").asString(""))
                .filter(DEEDS::contains)
                .collect(Collectors.toList());
    }

    @Test
    @Order(1)
    void whenTheLeaderIsKilledAnotherOneActs() {
        int leader = grid.leader();
        Instant killed = Instant.now();
        long began = System.nanoTime();

        Proc.signal("KILL", grid.controlPid(leader));
        grid.killAndAwaitReplacement("w1");
        print("kill -9 of leader and a worker, to the worker's new process", seconds(began));
        Instant led = grid.awaitOtherLeader(leader);
        print(
                "kill -9 of the leader, to the next one",
                Duration.between(killed, led).toMillis() / 1e3);

        assertThat(Duration.between(killed, led)).isPositive();
        grid.restart(leader);
        grid.awaitWhole();
    }

    @Test
    @Order(2)
    void aLeaderThatThawsCarriesOutNothingAndItsOwnerBringsItBack() {
        int leader = grid.leader();
        long pid = grid.controlPid(leader);
        Instant frozen = Instant.now();

        Proc.signal("STOP", pid);
        Instant led = grid.awaitOtherLeader(leader);
        print(
                "freeze of the leader, to the next one",
                Duration.between(frozen, led).toMillis() / 1e3);
        // While it is frozen its successor does something that it would have done, too
        grid.killAndAwaitReplacement("w2");
        grid.awaitOtherLeader(leader);
        await("the grid goes on without the frozen one")
                .atMost(Duration.ofSeconds(60))
                .until(() -> grid.status(another(leader))
                        .filter(status -> status.path("control")
                                .valueStream()
                                .noneMatch(node -> node.path("id").asString("").equals("control-" + leader)
                                        && node.path("joined").asBoolean(true)))
                        .isPresent());
        long thawed = System.nanoTime();
        Proc.signal("CONT", pid);

        await("the thawed one learns that it is out, and ends")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !Proc.isAlive(pid));
        print("thaw of the old leader, to its end", seconds(thawed));
        assertThat(deedsSince(leader, frozen)).as("what the old leader did").isEmpty();
        long back = System.nanoTime();
        grid.restart(leader);
        grid.awaitWhole();
        print("restart of a control node by its owner, to a whole grid", seconds(back));
    }

    @Test
    @Order(3)
    void aLeaderThatIsCutOffChangesNothingAndComesBackWhenTheCutHeals() throws IOException {
        int leader = grid.leader();
        long pid = grid.controlPid(leader);
        Path file = Files.writeString(grid.scratch().resolve("data"), "some data\n".repeat(1000));
        Instant cut = Instant.now();

        grid.cutOff(leader);
        Instant led = grid.awaitOtherLeader(leader);
        print("cut of the leader, to the next one", Duration.between(cut, led).toMillis() / 1e3);

        assertThat(grid.virtugrid(leader, "vm", "create", "lonely").exitCode())
                .as("a VM made by the one that is cut off")
                .isNotZero();
        assertThat(grid.virtugrid(leader, "dataset", "put", "lonely", file.toString())
                        .exitCode())
                .as("data taken by the one that is cut off")
                .isNotZero();
        grid.virtugrid(another(leader), "dataset", "put", "majority", file.toString())
                .expect(0);
        grid.killAndAwaitReplacement("w1");
        await("the one that is cut off ends")
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !Proc.isAlive(pid));
        print(
                "cut of the leader, to its end",
                Duration.between(cut, Instant.now()).toMillis() / 1e3);
        assertThat(deedsSince(leader, led)).as("what the old leader did").isEmpty();

        grid.heal();
        grid.restart(leader);
        grid.awaitWhole();
        assertThat(grid.virtugrid(leader, "-o", "json", "dataset", "show", "majority")
                        .expect(0)
                        .json()
                        .path("sizeBytes")
                        .asLong(0))
                .isEqualTo(Files.size(file));
    }

    @Test
    @Order(4)
    void downThroughAnyOfThemStopsAll() {
        List<Long> control = ThreeControls.ALL.stream().map(grid::controlPid).toList();

        grid.virtugrid(another(grid.leader()), "down").expect(0);

        await("all control nodes have ended").atMost(Duration.ofSeconds(30)).until(() -> control.stream()
                .noneMatch(Proc::isAlive));
        assertThat(grid.workers().values()).allMatch(pid -> pid == 0 || !Proc.isAlive(pid));
    }
}
