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
import static org.virtugrid.control.coordinator.Scenes.unknown;
import static org.virtugrid.control.coordinator.Scenes.whole;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.virtugrid.api.VmState;
import org.virtugrid.control.coordinator.GridSnapshot.Copies;
import org.virtugrid.control.coordinator.Verdict.Kind;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmProbe;

class ReconcilerTest {
    private final Reconciler reconciler = new Reconciler(LIMITS);

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
    void a_host_that_is_silent_for_a_moment_is_no_news_and_one_that_stays_silent_is_told_once() {
        GridSnapshot grid = active(WHOLE, member(1, 1));
        Memory memory = whole();
        for (long now = 1500; now <= 4000; now += 500) {
            Decision decision = decide(memory, now, Desired.RUNNING, false, unknown(), grid);
            assertThat(decision.vms().get("vm-1").verdict().kind()).isEqualTo(Kind.UNKNOWN);
            assertThat(decision.vms().get("vm-1").state()).isEqualTo(VmState.READY);
            assertThat(decision.findings()).isEmpty();
            assertThat(decision.actions()).isEmpty();
            memory = decision.memory();
        }
        Decision seenAgain = decide(memory, 4500, Desired.RUNNING, false, running(1), grid);
        assertThat(seenAgain.findings()).isEmpty();

        Decision silent = decide(memory, 4500, Desired.RUNNING, false, unknown(), grid);

        assertThat(silent.vms().get("vm-1").state()).isEqualTo(VmState.UNKNOWN);
        assertThat(silent.findings()).extracting(Decision.Finding::type).containsExactly("VM_UNKNOWN");
        assertThat(decide(silent.memory(), 5000, Desired.RUNNING, false, unknown(), grid)
                        .findings())
                .isEmpty();
        Decision back = decide(silent.memory(), 5000, Desired.RUNNING, false, running(1), grid);
        assertThat(back.findings()).extracting(Decision.Finding::type).containsExactly("VM_READY");
    }

    @Test
    void who_is_silent_and_has_left_the_grid_is_unknown_at_once() {
        Decision decision = decide(whole(), 1500, Desired.RUNNING, false, unknown(), active(WHOLE));

        assertThat(decision.vms().get("vm-1").state()).isEqualTo(VmState.UNKNOWN);
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

    /** The actions on w1, which dies again and again, at each of its chances. */
    private List<Action> whileItKeepsDying(int times, Copies copies) {
        List<Action> actions = new ArrayList<>();
        Memory memory = Memory.FRESH;
        long now = 1_000_000;
        for (int i = 0; i < times; i++) {
            now += 61_000;
            Decision decision = decide(memory, now, Desired.RUNNING, false, died(i + 1), active(copies));
            memory = decision.memory();
            actions.addAll(decision.actions());
        }
        return actions;
    }

    @Test
    void a_vm_that_never_comes_up_gets_a_new_disk_once_others_hold_all_of_the_old_one() {
        List<Action> actions = whileItKeepsDying(LIMITS.startsBeforeReplacement() + 2, WHOLE);

        assertThat(actions.subList(0, LIMITS.startsBeforeReplacement()))
                .allMatch(action -> action instanceof Action.Start);
        assertThat(actions.get(LIMITS.startsBeforeReplacement()))
                .isInstanceOfSatisfying(Action.Replace.class, replace -> assertThat(replace.why())
                        .contains("5 times in a row", "others hold all"));
        assertThat(actions.get(LIMITS.startsBeforeReplacement() + 1)).isInstanceOf(Action.Start.class);
    }

    @Test
    void a_vm_that_never_comes_up_gets_a_new_disk_although_its_own_copies_are_missing_meanwhile() {
        // A real grid makes them nowhere else as long as it is a member, see GridContract
        Copies itsOwnAreMissing = new Copies(true, false, 3, Set.of());

        assertThat(whileItKeepsDying(LIMITS.startsBeforeReplacement() + 2, itsOwnAreMissing))
                .anyMatch(action -> action instanceof Action.Replace);
    }

    @Test
    void a_vm_that_never_comes_up_keeps_its_disk_while_it_may_be_needed() {
        assertThat(whileItKeepsDying(20, LOSSY)).allMatch(action -> action instanceof Action.Start);
        assertThat(whileItKeepsDying(20, Copies.UNKNOWN)).allMatch(action -> action instanceof Action.Start);
    }

    @Test
    void a_vm_that_kept_dying_and_was_stopped_by_its_owner_starts_at_once_when_it_is_wanted_again() {
        Memory memory = Memory.FRESH;
        long now = 1_000_000;
        for (int i = 1; i <= 4; i++) {
            now += 61_000;
            memory = decide(memory, now, Desired.RUNNING, false, died(i), active(WHOLE))
                    .memory();
        }
        assertThat(decide(memory, now + 100, Desired.RUNNING, false, died(5), active(WHOLE))
                        .actions())
                .as("it has to wait")
                .isEmpty();

        Memory stopped = decide(memory, now + 100, Desired.STOPPED, false, VmProbe.off(), active(WHOLE))
                .memory();

        assertThat(decide(stopped, now + 200, Desired.RUNNING, false, VmProbe.off(), active(WHOLE))
                        .actions())
                .singleElement()
                .isInstanceOf(Action.Start.class);
    }
}
