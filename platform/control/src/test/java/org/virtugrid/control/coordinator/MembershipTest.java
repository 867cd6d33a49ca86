package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.virtugrid.control.coordinator.Scenes.ALL;
import static org.virtugrid.control.coordinator.Scenes.LOSSY;
import static org.virtugrid.control.coordinator.Scenes.WHOLE;
import static org.virtugrid.control.coordinator.Scenes.WORKERS;
import static org.virtugrid.control.coordinator.Scenes.active;
import static org.virtugrid.control.coordinator.Scenes.activeWithout1InBaseline;
import static org.virtugrid.control.coordinator.Scenes.decide;
import static org.virtugrid.control.coordinator.Scenes.grid;
import static org.virtugrid.control.coordinator.Scenes.member;
import static org.virtugrid.control.coordinator.Scenes.running;
import static org.virtugrid.control.coordinator.Scenes.whole;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.virtugrid.control.coordinator.GridSnapshot.Copies;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmProbe;

/** When a grid is activated, who is a member, and when lost partitions are taken back into use. */
class MembershipTest {
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
    void a_VM_that_has_left_the_baseline_is_removed_only_when_its_copies_were_made_again() {
        assertThat(removed(new Copies(true, false, 4, Set.of()))).isFalse();
        assertThat(removed(LOSSY)).isFalse();
        assertThat(removed(Copies.UNKNOWN)).isFalse();
        assertThat(removed(WHOLE)).isTrue();
    }

    /** Whether a VM to be destroyed, which is off and no member any more, is removed. */
    private static boolean removed(Copies copies) {
        GridSnapshot grid =
                grid(true, copies, Set.of("vm-2", "vm-3", "control-1"), WORKERS, member(2, 2), member(3, 3));
        return decide(whole(), 2000, Desired.DESTROYED, false, VmProbe.off(), grid).actions().stream()
                .anyMatch(Action.Remove.class::isInstance);
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
}
