package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.SnapshotPlan;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSnapshot;

class SnapshotRulesTest {
    private static final VmRecord W1 = Scenes.record(1, Desired.RUNNING, false);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static VmSnapshot of(String... caches) {
        return new VmSnapshot("s", Instant.EPOCH, false, Set.of(caches));
    }

    @Test
    void a_disk_goes_back_while_all_that_was_on_it_is_there_and_the_same() {
        assertThat(SnapshotRules.obstacle(
                        of("dataset-a", "virtugrid-tasks"), Set.of("dataset-a", "virtugrid-tasks", "b")))
                .isEmpty();
        assertThat(SnapshotRules.obstacle(of("dataset-a", "dataset-b"), Set.of("dataset-a")))
                .hasValueSatisfying(why -> assertThat(why).contains("deleted: a dataset;"));
        assertThat(SnapshotRules.obstacle(of("dataset-a", "SQL_PUBLIC_T"), Set.of("dataset-a", "SQL_PUBLIC_T")))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("SQL_PUBLIC_T").doesNotContain("dataset-a"));
        assertThat(SnapshotRules.obstacle(of("load-x"), Set.of("load-x"))).isPresent();
    }

    @Test
    void a_disk_counts_until_the_grid_and_a_cold_start_go_on_without_it() {
        Set<String> others = Set.of("vm-2", "vm-3");
        GridSnapshot without =
                Scenes.grid(true, Scenes.WHOLE, Scenes.ALL, others, Scenes.member(2, 2), Scenes.member(3, 3));
        assertThat(SnapshotRules.counted(without, W1)).isEmpty();

        assertThat(List.of(
                        GridSnapshot.ABSENT,
                        Scenes.grid(false, Scenes.WHOLE, Scenes.ALL, others, Scenes.member(2, 2)),
                        Scenes.active(Scenes.WHOLE, Scenes.member(1, 1)),
                        Scenes.grid(true, Scenes.WHOLE, Scenes.ALL, Scenes.WORKERS, Scenes.member(2, 2)),
                        Scenes.grid(true, Scenes.WHOLE, Scenes.ALL, Set.of(), Scenes.member(2, 2)),
                        Scenes.grid(true, Scenes.LOSSY, Scenes.ALL, others, Scenes.member(2, 2)),
                        Scenes.grid(true, GridSnapshot.Copies.UNKNOWN, Scenes.ALL, others, Scenes.member(2, 2))))
                .allSatisfy(grid -> assertThat(SnapshotRules.counted(grid, W1)).isPresent());
    }

    @Test
    void the_plan_counts_its_own_snapshots_alone() {
        SnapshotPlan plan = new SnapshotPlan(Duration.ofHours(6), 2);
        VmSnapshot byUser = new VmSnapshot("mine", START.plus(Duration.ofHours(9)), false, Set.of());
        List<VmSnapshot> three = List.of(auto(0), byUser, auto(6), auto(12));

        assertThat(plan.due(List.of(), START)).isTrue();
        assertThat(plan.due(List.of(byUser), START)).isTrue();
        assertThat(plan.due(three, START.plus(Duration.ofHours(17)))).isFalse();
        assertThat(plan.due(three, START.plus(Duration.ofHours(18)))).isTrue();
        assertThat(plan.surplus(three)).containsExactly(auto(0));
        assertThat(plan.surplus(List.of(byUser, auto(0)))).isEmpty();
    }

    private static VmSnapshot auto(int hour) {
        return new VmSnapshot("auto-" + hour, START.plus(Duration.ofHours(hour)), true, Set.of());
    }
}
