package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.virtugrid.control.coordinator.Scenes.ALL;
import static org.virtugrid.control.coordinator.Scenes.LIMITS;
import static org.virtugrid.control.coordinator.Scenes.LOSSY;
import static org.virtugrid.control.coordinator.Scenes.WHOLE;
import static org.virtugrid.control.coordinator.Scenes.WORKERS;
import static org.virtugrid.control.coordinator.Scenes.active;
import static org.virtugrid.control.coordinator.Scenes.decide;
import static org.virtugrid.control.coordinator.Scenes.died;
import static org.virtugrid.control.coordinator.Scenes.frozen;
import static org.virtugrid.control.coordinator.Scenes.grid;
import static org.virtugrid.control.coordinator.Scenes.member;
import static org.virtugrid.control.coordinator.Scenes.record;
import static org.virtugrid.control.coordinator.Scenes.running;
import static org.virtugrid.control.coordinator.Scenes.seen;
import static org.virtugrid.control.coordinator.Scenes.vm;
import static org.virtugrid.control.coordinator.Scenes.whole;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.virtugrid.control.coordinator.GridSnapshot.Copies;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmProbe;

/** Who is fenced, what its database is worth afterwards, and when the coordinator holds its hand. */
class FencingTest {
    private final Reconciler reconciler = new Reconciler(LIMITS);

    @Test
    void a_process_that_stood_still_all_the_time_keeps_its_database() {
        Memory frozenMember = decide(whole(), 2000, Desired.RUNNING, false, frozen(1), active(WHOLE, member(1, 1)))
                .memory();

        Decision out = decide(frozenMember, 7000, Desired.RUNNING, false, frozen(1), active(WHOLE));

        assertThat(out.actions()).singleElement().isInstanceOfSatisfying(Action.Fence.class, fence -> assertThat(
                        fence.suspect())
                .isFalse());
    }

    @Test
    void a_process_that_freezes_before_its_node_joins_is_fenced_as_soon_as_a_member_would_be() {
        Decision first = decide(Memory.FRESH, 2000, Desired.RUNNING, false, frozen(1), active(WHOLE));
        assertThat(first.actions()).isEmpty();
        long patience = LIMITS.failureDetection().toMillis();
        assertThat(decide(first.memory(), 2000 + patience, Desired.RUNNING, false, frozen(1), active(WHOLE))
                        .actions())
                .isEmpty();
        Decision later = decide(first.memory(), 2001 + patience, Desired.RUNNING, false, frozen(1), active(WHOLE));
        assertThat(later.actions()).singleElement().isInstanceOfSatisfying(Action.Fence.class, fence -> assertThat(
                        fence.suspect())
                .as("it can have committed nothing")
                .isFalse());

        Memory thawed = decide(first.memory(), 3000, Desired.RUNNING, false, running(1), active(WHOLE))
                .memory();
        assertThat(decide(thawed, 2001 + patience, Desired.RUNNING, false, frozen(1), active(WHOLE))
                        .actions())
                .isEmpty();
    }

    @Test
    void a_process_that_may_have_run_on_comes_back_empty() {
        Memory out = decide(whole(), 2000, Desired.RUNNING, false, running(1), active(WHOLE))
                .memory();

        Decision later = decide(out, 3100, Desired.RUNNING, false, running(1), active(WHOLE));

        assertThat(later.actions()).singleElement().isInstanceOfSatisfying(Action.Fence.class, fence -> assertThat(
                        fence.suspect())
                .isTrue());
    }

    @Test
    void a_suspect_database_is_emptied_only_when_every_partition_lives_elsewhere() {
        assertThat(decide(whole(), 2000, Desired.RUNNING, true, died(1), active(WHOLE))
                        .actions())
                .singleElement()
                .isInstanceOf(Action.Wipe.class);
        assertThat(decide(whole(), 2000, Desired.RUNNING, true, died(1), active(LOSSY))
                        .actions())
                .singleElement()
                .isInstanceOf(Action.Keep.class);
        assertThat(decide(whole(), 2000, Desired.RUNNING, true, died(1), active(Copies.UNKNOWN))
                        .actions())
                .isEmpty();
    }

    @Test
    void a_suspect_VM_waits_for_the_others_when_the_grid_can_do_without_it() {
        GridSnapshot cold = grid(false, Copies.UNKNOWN, ALL, Set.of("vm-2", "vm-3"), member(2, 2), member(3, 3));

        Decision decision = decide(Memory.FRESH, 2000, Desired.RUNNING, true, VmProbe.off(), cold);

        assertThat(decision.actions()).singleElement().isInstanceOf(Action.Activate.class);
    }

    @Test
    void a_suspect_VM_is_kept_when_the_grid_cannot_do_without_it() {
        GridSnapshot cold = grid(false, Copies.UNKNOWN, ALL, WORKERS, member(2, 2), member(3, 3));

        Decision decision = decide(Memory.FRESH, 2000, Desired.RUNNING, true, VmProbe.off(), cold);

        assertThat(decision.actions()).singleElement().isInstanceOf(Action.Keep.class);
    }

    @Test
    void the_brake_stops_fencing_when_most_hang_at_once_but_not_the_restart_of_the_dead() {
        GridSnapshot alone = grid(true, LOSSY, ALL, WORKERS);
        Memory memory = whole();

        Decision decision = reconciler.decide(
                memory,
                seen(
                        2000,
                        alone,
                        vm(record(1, Desired.RUNNING, false), frozen(1)),
                        vm(record(2, Desired.RUNNING, false), frozen(2)),
                        vm(record(3, Desired.RUNNING, false), died(3))));

        assertThat(decision.actions()).singleElement().isInstanceOfSatisfying(Action.Start.class, start -> assertThat(
                        start.vmId())
                .isEqualTo("vm-3"));
        assertThat(decision.findings()).extracting(Decision.Finding::type).contains("FENCING_STOPPED");
        assertThat(decision.overall().state()).isEqualTo("DEGRADED");
    }

    @Test
    void a_second_fence_within_a_minute_waits() {
        Memory memory = decide(whole(), 2000, Desired.RUNNING, false, frozen(1), active(WHOLE))
                .memory();
        GridSnapshot two = grid(true, WHOLE, ALL, WORKERS, member(1, 11), member(3, 3));
        VmObservation[] vms = {
            vm(record(1, Desired.RUNNING, false), running(11)),
            vm(record(2, Desired.RUNNING, false), frozen(2)),
            vm(record(3, Desired.RUNNING, false), running(3))
        };

        assertThat(reconciler.decide(memory, seen(30_000, two, vms)).actions()).isEmpty();
        assertThat(reconciler.decide(memory, seen(62_001, two, vms)).actions())
                .singleElement()
                .isInstanceOf(Action.Fence.class);
    }

    @Test
    void a_coordinator_that_stood_still_itself_fences_nobody_for_a_while() {
        Memory memory = whole();
        Observation after = new Observation(
                20_000,
                List.of(
                        vm(record(1, Desired.RUNNING, false), frozen(1)),
                        vm(record(2, Desired.RUNNING, false), running(2)),
                        vm(record(3, Desired.RUNNING, false), running(3))),
                active(WHOLE),
                false,
                8_000);

        Decision first = reconciler.decide(memory, after);

        assertThat(first.actions()).isEmpty();
        assertThat(decide(first.memory(), 29_000, Desired.RUNNING, false, frozen(1), active(WHOLE))
                        .actions())
                .isEmpty();
        assertThat(decide(first.memory(), 31_000, Desired.RUNNING, false, frozen(1), active(WHOLE))
                        .actions())
                .singleElement()
                .isInstanceOf(Action.Fence.class);
    }
}
