package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.virtugrid.control.coordinator.Scenes.LIMITS;
import static org.virtugrid.control.coordinator.Scenes.LOSSY;
import static org.virtugrid.control.coordinator.Scenes.WHOLE;
import static org.virtugrid.control.coordinator.Scenes.died;
import static org.virtugrid.control.coordinator.Scenes.frozen;
import static org.virtugrid.control.coordinator.Scenes.grid;
import static org.virtugrid.control.coordinator.Scenes.member;
import static org.virtugrid.control.coordinator.Scenes.record;
import static org.virtugrid.control.coordinator.Scenes.running;
import static org.virtugrid.control.coordinator.Scenes.seen;
import static org.virtugrid.control.coordinator.Scenes.unknown;
import static org.virtugrid.control.coordinator.Scenes.vm;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.virtugrid.api.VmState;
import org.virtugrid.control.coordinator.GridSnapshot.Copies;
import org.virtugrid.control.coordinator.GridSnapshot.Member;
import org.virtugrid.control.coordinator.Verdict.Kind;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmProbe;

class ReconcilerTest {
    private static final Set<String> ALL = Set.of("vm-1", "vm-2", "vm-3", "control-1");
    private static final Set<String> WORKERS = Set.of("vm-1", "vm-2", "vm-3");

    private final Reconciler reconciler = new Reconciler(LIMITS);

    /** w1 is the VM in question; w2 and w3 are well. */
    private Decision decide(
            Memory memory, long now, Desired desired, boolean suspect, VmProbe probe, GridSnapshot grid) {
        return reconciler.decide(
                memory,
                seen(
                        now,
                        grid,
                        vm(record(1, desired, suspect), probe),
                        vm(record(2, Desired.RUNNING, false), running(2)),
                        vm(record(3, Desired.RUNNING, false), running(3))));
    }

    private Memory whole() {
        return decide(Memory.FRESH, 1000, Desired.RUNNING, false, running(1), active(WHOLE, member(1, 1)))
                .memory();
    }

    private static GridSnapshot active(Copies copies, Member... first) {
        Member[] members = java.util.Arrays.copyOf(first, first.length + 2);
        members[first.length] = member(2, 2);
        members[first.length + 1] = member(3, 3);
        return grid(true, copies, ALL, WORKERS, members);
    }

    private static GridSnapshot activeWithout1InBaseline(Member... first) {
        Member[] members = java.util.Arrays.copyOf(first, first.length + 2);
        members[first.length] = member(2, 2);
        members[first.length + 1] = member(3, 3);
        return grid(true, WHOLE, Set.of("vm-2", "vm-3", "control-1"), WORKERS, members);
    }

    /** What w1 looks like. */
    enum Look {
        OFF,
        DIED,
        UNSEEN,
        JOINED,
        FROZEN_MEMBER,
        FROZEN_OUT,
        RUNNING_OUT,
        NEW_LIFE;

        private VmProbe probe() {
            return switch (this) {
                case OFF -> VmProbe.off();
                case DIED -> died(1);
                case UNSEEN -> unknown();
                case JOINED, RUNNING_OUT -> running(1);
                case FROZEN_MEMBER, FROZEN_OUT -> frozen(1);
                case NEW_LIFE -> running(7);
            };
        }

        private GridSnapshot grid() {
            boolean inGrid = this == JOINED || this == FROZEN_MEMBER;
            return inGrid ? active(WHOLE, member(1, 1)) : active(WHOLE);
        }
    }

    private Kind expectedVerdict(Look look, Desired desired) {
        boolean wanted = desired == Desired.RUNNING;
        return switch (look) {
            case OFF -> wanted ? Kind.OFF : Kind.STOPPED;
            case DIED -> wanted ? Kind.CRASHED : Kind.STOPPED;
            case UNSEEN -> Kind.UNKNOWN;
            case JOINED, FROZEN_MEMBER -> Kind.ALIVE;
            case FROZEN_OUT -> Kind.HUNG;
            case RUNNING_OUT -> Kind.LEAVING;
            case NEW_LIFE -> Kind.STARTING;
        };
    }

    private Class<? extends Action> expectedAction(Look look, Desired desired) {
        return switch (desired) {
            case RUNNING ->
                switch (look) {
                    case OFF, DIED -> Action.Start.class;
                    case FROZEN_OUT -> Action.Fence.class;
                    case UNSEEN, JOINED, FROZEN_MEMBER, RUNNING_OUT, NEW_LIFE -> null;
                };
            case STOPPED ->
                switch (look) {
                    case OFF, DIED, UNSEEN -> null;
                    case JOINED, FROZEN_MEMBER, FROZEN_OUT, RUNNING_OUT, NEW_LIFE -> Action.Stop.class;
                };
            // still in the baseline: out of that first, whatever it looks like
            case DESTROYED ->
                switch (look) {
                    case OFF, DIED -> Action.SetBaseline.class;
                    case JOINED, FROZEN_MEMBER -> Action.Retire.class;
                    case FROZEN_OUT, NEW_LIFE -> Action.Stop.class;
                    case RUNNING_OUT, UNSEEN -> null;
                };
        };
    }

    @ParameterizedTest
    @EnumSource(Desired.class)
    void every_wish_meets_every_look(Desired desired) {
        for (Look look : Look.values()) {
            Decision decision = decide(whole(), 2000, desired, false, look.probe(), look.grid());

            assertThat(decision.vms().get("vm-1").verdict().kind())
                    .as("%s %s", desired, look)
                    .isEqualTo(expectedVerdict(look, desired));
            Class<? extends Action> expected = expectedAction(look, desired);
            if (expected == null) {
                assertThat(decision.actions()).as("%s %s", desired, look).isEmpty();
            } else {
                assertThat(decision.actions())
                        .as("%s %s", desired, look)
                        .singleElement()
                        .isInstanceOf(expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Look.class)
    void nothing_begins_while_something_is_being_done_to_a_VM(Look look) {
        Decision decision = reconciler.decide(
                whole(),
                seen(2000, look.grid(), new VmObservation(record(1, Desired.RUNNING, false), look.probe(), true)));

        assertThat(decision.actions()).noneMatch(Action.OnVm.class::isInstance);
    }

    @Test
    void the_grid_is_told_of_a_death_that_it_has_not_noticed() {
        Decision first = decide(whole(), 2000, Desired.RUNNING, false, died(1), active(WHOLE, member(1, 1)));
        assertThat(first.actions())
                .containsExactly(
                        new Action.Expel("vm-1", member(1, 1).nodeId(), died(1).detail()),
                        new Action.Start("vm-1", died(1).detail()));

        Decision busy = reconciler.decide(
                whole(),
                seen(
                        2000,
                        active(WHOLE, member(1, 1)),
                        new VmObservation(record(1, Desired.RUNNING, false), died(1), true)));
        assertThat(busy.actions()).singleElement().isInstanceOf(Action.Expel.class);

        Decision nextLife = decide(whole(), 2000, Desired.RUNNING, false, died(4), active(WHOLE, member(1, 1)));
        assertThat(nextLife.actions()).noneMatch(Action.Expel.class::isInstance);
    }

    @Test
    void who_is_dead_is_no_member_although_the_grid_has_not_noticed() {
        GridSnapshot listed = grid(true, LOSSY, ALL, WORKERS, member(1, 1), member(2, 2), member(3, 3));
        assertThat(decide(whole(), 2000, Desired.RUNNING, false, running(1), listed)
                        .actions())
                .singleElement()
                .isInstanceOf(Action.ResetLost.class);
        assertThat(decide(whole(), 2000, Desired.RUNNING, false, died(1), listed)
                        .actions())
                .noneMatch(Action.ResetLost.class::isInstance);
    }

    @Test
    void a_crash_is_restarted_at_once_and_told_once() {
        Decision first = decide(whole(), 2000, Desired.RUNNING, false, died(1), active(WHOLE));

        assertThat(first.actions()).singleElement().isInstanceOf(Action.Start.class);
        assertThat(first.findings()).extracting(Decision.Finding::type).containsExactly("VM_CRASHED");
        assertThat(first.vms().get("vm-1").state()).isEqualTo(VmState.FAILED);
        Decision second = decide(first.memory(), 2100, Desired.RUNNING, false, died(1), active(WHOLE));
        assertThat(second.findings()).isEmpty();
    }

    @Test
    void a_VM_that_keeps_dying_is_started_ever_more_slowly_but_never_given_up() {
        Memory memory = whole();
        long lastStart = 0;
        long longest = 0;
        for (long now = 2000; now < 1_000_000; now += 500) {
            Decision decision = decide(memory, now, Desired.RUNNING, false, died(1), active(WHOLE));
            memory = decision.memory();
            if (!decision.actions().isEmpty()) {
                longest = Math.max(longest, lastStart == 0 ? 0 : now - lastStart);
                lastStart = now;
            }
        }
        assertThat(longest).isBetween(60_000L, 60_500L);
        assertThat(lastStart).isGreaterThan(930_000);
    }

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

    @Test
    void a_first_start_waits_for_all_and_then_activates() {
        GridSnapshot two = grid(false, Copies.UNKNOWN, Set.of(), Set.of(), member(2, 2), member(3, 3));
        Decision waiting = decide(Memory.FRESH, 1000, Desired.RUNNING, false, running(1), two);
        assertThat(waiting.actions()).isEmpty();
        assertThat(waiting.overall().stage()).isEqualTo("2 of 3 workers joined");

        GridSnapshot three = grid(false, Copies.UNKNOWN, Set.of(), Set.of(), member(1, 1), member(2, 2), member(3, 3));
        assertThat(decide(Memory.FRESH, 1000, Desired.RUNNING, false, running(1), three)
                        .actions())
                .singleElement()
                .isInstanceOf(Action.Activate.class);
    }

    @Test
    void a_cold_start_never_activates_without_a_member_of_the_last_live_topology() {
        GridSnapshot withoutOne = grid(false, Copies.UNKNOWN, ALL, WORKERS, member(2, 2), member(3, 3));

        Decision late = decide(Memory.FRESH, 3_600_000, Desired.RUNNING, false, running(1), withoutOne);

        assertThat(late.actions()).noneMatch(Action.OnGrid.class::isInstance);
        assertThat(late.overall().state()).isEqualTo("DEGRADED");
        assertThat(late.overall().reason()).contains("w1");
    }

    @Test
    void a_cold_start_waits_a_little_for_a_member_it_could_do_without() {
        GridSnapshot cold = grid(false, Copies.UNKNOWN, ALL, Set.of("vm-2", "vm-3"), member(2, 2), member(3, 3));

        assertThat(decide(Memory.FRESH, 5000, Desired.RUNNING, false, running(1), cold)
                        .actions())
                .isEmpty();
        assertThat(decide(Memory.FRESH, 21_000, Desired.RUNNING, false, running(1), cold)
                        .actions())
                .singleElement()
                .isInstanceOf(Action.Activate.class);
    }

    @Test
    void a_new_VM_joins_the_baseline_and_a_restarted_one_needs_no_change() {
        assertThat(decide(whole(), 2000, Desired.RUNNING, false, running(1), activeWithout1InBaseline(member(1, 1)))
                        .actions())
                .singleElement()
                .isInstanceOfSatisfying(Action.SetBaseline.class, change -> assertThat(change.consistentIds())
                        .isEqualTo(ALL));
        assertThat(decide(whole(), 2000, Desired.RUNNING, false, running(7), active(WHOLE, member(1, 7)))
                        .actions())
                .isEmpty();
    }

    @Test
    void a_VM_to_be_destroyed_stops_then_leaves_the_baseline_then_vanishes() {
        assertThat(decide(whole(), 2000, Desired.DESTROYED, false, running(1), active(LOSSY, member(1, 1)))
                        .actions())
                .noneMatch(Action.Retire.class::isInstance);
        assertThat(decide(whole(), 2000, Desired.DESTROYED, false, running(1), active(WHOLE, member(1, 1)))
                        .actions())
                .singleElement()
                .isInstanceOf(Action.Retire.class);
        assertThat(decide(whole(), 2000, Desired.DESTROYED, false, VmProbe.off(), active(WHOLE))
                        .actions())
                .singleElement()
                .isInstanceOfSatisfying(Action.SetBaseline.class, change -> assertThat(change.consistentIds())
                        .doesNotContain("vm-1"));
        assertThat(decide(whole(), 2000, Desired.DESTROYED, false, VmProbe.off(), activeWithout1InBaseline())
                        .actions())
                .singleElement()
                .isInstanceOf(Action.Remove.class);
    }

    @Test
    void the_disk_of_a_VM_to_be_destroyed_is_kept_until_its_copies_are_made_again() {
        Copies missing = new Copies(true, false, 4, Set.of());
        Decision first = decide(whole(), 2000, Desired.DESTROYED, false, VmProbe.off(), active(missing));
        assertThat(first.actions()).isEmpty();

        Decision muchLater = decide(first.memory(), 63_000, Desired.DESTROYED, false, VmProbe.off(), active(missing));
        assertThat(muchLater.actions()).singleElement().isInstanceOf(Action.SetBaseline.class);

        assertThat(decide(first.memory(), 63_000, Desired.DESTROYED, false, VmProbe.off(), active(LOSSY))
                        .actions())
                .as("others died: its disk may hold the last copy")
                .singleElement()
                .isInstanceOf(Action.Start.class);
    }

    @Test
    void lost_partitions_are_reset_only_when_every_member_is_back() {
        assertThat(decide(whole(), 2000, Desired.RUNNING, false, running(7), active(LOSSY))
                        .actions())
                .isEmpty();
        assertThat(decide(whole(), 2000, Desired.RUNNING, false, running(7), active(LOSSY, member(1, 7)))
                        .actions())
                .singleElement()
                .isInstanceOf(Action.ResetLost.class);
    }

    @Test
    void ready_means_every_wanted_VM_and_every_copy() {
        assertThat(decide(whole(), 2000, Desired.RUNNING, false, running(1), active(WHOLE, member(1, 1)))
                        .overall()
                        .state())
                .isEqualTo("READY");
        Copies missing = new Copies(true, false, 4, Set.of());
        Decision.Overall overall = decide(
                        whole(), 2000, Desired.RUNNING, false, running(1), active(missing, member(1, 1)))
                .overall();
        assertThat(overall.state()).isEqualTo("DEGRADED");
        assertThat(overall.reason()).contains("4 copies");
    }
}
