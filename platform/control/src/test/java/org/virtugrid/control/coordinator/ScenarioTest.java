package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.virtugrid.control.coordinator.SimulatedPlatform.Size;
import org.virtugrid.control.vm.Desired;

/** Stories of faults, step by step; in each of them every invariant holds after every event, too. */
@ExtendWith(QuietCoordinator.class)
class ScenarioTest {
    private static final long MINUTE = 60_000;
    private static final int W1 = 0;
    private static final int W2 = 1;
    private static final int W3 = 2;

    private SimulatedPlatform platform;
    private int told;

    /** A platform that is READY, whose story begins now. */
    private void ready(int workers, int hosts, int controls) {
        platform = new SimulatedPlatform(new Size(workers, hosts, controls, Mishaps.PARTITIONS), new Random(42));
        rests();
        told = platform.story().size();
    }

    private String id(int worker) {
        return platform.ids().get(worker);
    }

    private void rests() {
        assertThat(platform.comesToRest(30 * MINUTE))
                .as(() -> String.join("\n", platform.chronicle()))
                .isTrue();
    }

    private List<String> story() {
        return platform.story().subList(told, platform.story().size());
    }

    private void storyTells(String... events) {
        assertThat(story()).containsSubsequence(events);
    }

    private void waitFor(String event) {
        assertThat(platform.runUntil(now -> story().contains(event), 5 * MINUTE))
                .as(() -> event + " in\n" + String.join("\n", platform.chronicle()))
                .isTrue();
    }

    private void nobodyIsFenced() {
        assertThat(story()).noneMatch(event -> event.startsWith("VM_FENCED"));
    }

    @Test
    void a_worker_is_killed_in_mid_write() {
        ready(3, 1, 1);

        platform.kill(id(W1));
        rests();

        assertThat(story()).containsExactly("VM_CRASHED w1", "VM_STARTED w1", "VM_READY w1");
    }

    @Test
    void a_worker_freezes_and_is_fenced_before_it_is_replaced() {
        ready(3, 1, 1);

        platform.freeze(id(W1));
        waitFor("VM_FENCED w1");
        rests();

        assertThat(story()).containsExactly("VM_HUNG w1", "VM_FENCED w1", "VM_STARTED w1", "VM_READY w1");
    }

    @Test
    void a_worker_that_is_cut_off_halts_and_comes_back_empty() {
        ready(3, 1, 1);

        platform.cut(id(W1));
        waitFor("VM_DATABASE_EMPTIED w1");
        rests();

        storyTells("VM_DATABASE_EMPTIED w1", "VM_STARTED w1", "VM_READY w1");
    }

    @Test
    void a_hung_hypervisor_fences_nobody() {
        ready(4, 2, 1);
        SimulatedMachines.Host host = platform.machines().guest(id(W1)).host();

        platform.hang(host);
        platform.run(5 * MINUTE);

        assertThat(story()).containsExactly("VM_UNKNOWN w1", "VM_UNKNOWN w3");
        platform.goOn(host);
        rests();
        assertThat(story()).containsExactly("VM_UNKNOWN w1", "VM_UNKNOWN w3", "VM_READY w1", "VM_READY w3");
    }

    @Test
    void half_of_the_workers_freeze_at_once_and_are_fenced() {
        ready(4, 1, 1);

        platform.freeze(id(W1));
        platform.freeze(id(W2));
        waitFor("VM_FENCED w1");
        waitFor("VM_FENCED w2");
        rests();

        storyTells("VM_FENCED w1", "VM_READY w1");
        storyTells("VM_FENCED w2", "VM_READY w2");
    }

    @Test
    void more_than_half_of_the_workers_freeze_at_once_and_nobody_is_fenced() {
        ready(4, 1, 1);

        List.of(id(W1), id(W2), id(W3)).forEach(platform::freeze);
        platform.run(10 * MINUTE);

        storyTells("FENCING_STOPPED grid");
        nobodyIsFenced();
        platform.ids().forEach(platform::thaw);
        rests();
        storyTells("FENCING_STOPPED grid", "FENCING_RESUMED grid", "LOST_PARTITIONS_RESET grid");
    }

    @Test
    void the_last_copy_is_asked_to_go() {
        ready(3, 1, 1);

        assertThat(platform.ask("stop", id(W1), id(W2)))
                .startsWith("refused")
                .contains("the only copy of dataset data");
        assertThat(platform.ask("stop", id(W1))).isEqualTo("done");
        waitFor("VM_STOPPED w1");
        platform.run(MINUTE);
        // Nobody fills the place of w1, so w2 and w3 hold alone what it held
        assertThat(platform.ask("stop", id(W2))).startsWith("refused").contains("the only copy of dataset data");
        assertThat(platform.ask("stop", id(W3))).startsWith("refused");
        assertThat(platform.ask("destroy", id(W3))).startsWith("refused");

        assertThat(story()).containsExactly("VM_STOPPED w1");
    }

    @Test
    void the_leader_freezes_and_thaws() {
        ready(3, 1, 3);
        SimulatedControl old = platform.leader();

        platform.kill(id(W1));
        platform.run(25);
        assertThat(old.last().actions()).as("it has decided to start w1").isNotEmpty();
        assertThat(old.resting()).as("and is about to").isFalse();
        old.freeze();
        waitFor("VM_STARTED w1");
        assertThat(platform.leader()).isNotSameAs(old);
        assertThat(platform.figures().of(SimulatedFigures.REFUSED)).isZero();
        old.thaw();

        assertThat(platform.figures().of(SimulatedFigures.REFUSED))
                .as("its old decision")
                .isPositive();
        assertThat(platform.ask(old, "stop", id(W2)))
                .as("what it is asked before it knows")
                .isEqualTo("failed");
        rests();
        assertThat(story()).containsOnlyOnce("VM_STARTED w1");
    }

    @Test
    void the_power_is_cut_and_one_host_stays_away() {
        ready(3, 3, 3);
        platform.controls().forEach(SimulatedControl::kill);
        platform.ids().forEach(platform::kill);
        platform.run(1_000);
        String last = platform.grid().lastLiveOf(platform.ids()).iterator().next();
        SimulatedMachines.Guest missed = platform.machines().guest(last);
        SimulatedMachines.Host away = missed.host();
        platform.hang(away);
        platform.controls().forEach(SimulatedControl::start);
        platform.run(10 * MINUTE);

        assertThat(platform.leader().last().overall().reason())
                .startsWith("the grid stays inactive until " + missed.record().name() + " is back");
        assertThat(story()).doesNotContain("GRID_ACTIVATED grid");
        platform.goOn(away);
        rests();
        assertThat(story()).doesNotContain("DATA_LOST data");
    }

    @Test
    void the_disk_of_a_destroyed_worker_is_needed_after_all() {
        ready(3, 1, 1);

        assertThat(platform.ask("destroy", id(W1))).isEqualTo("done");
        waitFor("VM_STOPPED w1");
        platform.kill(id(W2));

        waitFor("VM_DESTROYED w1");
        storyTells("VM_STOPPED w1", "DATA_LOST data", "VM_STARTED w1", "LOST_PARTITIONS_RESET grid", "VM_DESTROYED w1");
        rests();
    }

    /** Found by the simulation: both waited for each other. */
    @Test
    void a_suspect_worker_is_needed_while_another_one_is_behind() {
        ready(3, 1, 1);
        platform.ask("stop", id(W2));
        waitFor("VM_STOPPED w2");
        platform.run(MINUTE);

        platform.leader().freeze();
        platform.kill(id(W1));
        platform.run(6_000);
        String last = id(W3);
        platform.freeze(last);
        platform.run(6_000);
        platform.thaw(last);
        platform.run(2_000);
        assertThat(platform.machines().guest(last).record().suspect()).isTrue();
        platform.machines().want(platform.machines().guest(id(W2)), Desired.RUNNING);
        platform.cease();

        rests();
        storyTells("VM_DATABASE_KEPT w3", "VM_STARTED w3", "GRID_ACTIVATED grid", "VM_STARTED w2");
    }

    /** Found by the simulation: a third of the workers hang, as far as control sees, so no brake held. */
    @Test
    void a_single_control_node_that_is_cut_off_fences_nobody() {
        ready(3, 1, 1);

        platform.slowBoots(true);
        platform.kill(id(W1));
        platform.kill(id(W2));
        waitFor("VM_STARTED w1");
        waitFor("VM_STARTED w2");
        platform.leader().cutOff();
        waitFor("VM_HUNG w3");
        platform.run(MINUTE);
        platform.cease();
        rests();

        assertThat(story()).doesNotContain("VM_FENCED w3");
    }

    @Test
    void the_coordinator_dies_at_every_step() {
        long deaths = IntStream.range(0, 60)
                .filter(step -> {
                    ready(4, 1, 1);
                    platform.leader().dieIn(step);
                    platform.freeze(id(W1));
                    platform.cut(id(W2));
                    platform.ask("destroy", id(W3));
                    platform.run(20_000);
                    platform.cease();
                    rests();
                    return platform.figures().of("control died in an action") > 0;
                })
                .count();
        assertThat(deaths).as("steps at which it died").isGreaterThan(20);
    }
}
