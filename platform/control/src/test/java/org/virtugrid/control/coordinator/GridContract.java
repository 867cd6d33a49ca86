package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.virtugrid.control.coordinator.GridSnapshot.Member;

/**
 * What the coordinator relies on in every grid; a new one's test is a small subclass. Tests share a grid, since starting a
 * real one takes long; each begins with a whole one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
public abstract class GridContract extends GridStage {
    @Test
    void nothing_is_known_and_nothing_can_be_done_before_control_has_joined() {
        Grid grid = notJoined();

        assertThat(grid.snapshot()).isEqualTo(GridSnapshot.ABSENT);
        assertThat(grid.copies()).isEmpty();
        assertThat(grid.caches()).isEmpty();
        assertThat(grid.trafficBytes(UUID.randomUUID().toString())).isZero();
        assertThatThrownBy(grid::activate).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(grid::deactivate).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(grid::prepare).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(grid::resetLost).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> grid.setBaseline(Set.of("vm-0001"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> grid.expel(UUID.randomUUID().toString(), "it is gone"))
                .isInstanceOf(IllegalStateException.class);
    }

    /** First, so that the grid of all other tests is the one that it starts. */
    @Test
    @Order(1)
    void who_has_joined_is_seen_and_no_data_is_used_until_the_grid_is_activated_and_prepared() {
        begin();

        GridSnapshot first = seen();
        assertThat(first.joined()).isTrue();
        assertThat(first.active()).isFalse();
        assertThat(first.prepared()).isFalse();
        assertThat(first.everActivated()).isFalse();
        assertThat(first.copies().known()).isFalse();
        for (int worker = 1; worker <= WORKERS; worker++) {
            Member member = member(worker);
            assertThat(member.vmId()).isEqualTo(id(worker));
            assertThat(member.lifeId()).isEqualTo(lifeId(worker));
            assertThat(member.control()).isFalse();
        }
        assertThat(first.members()).filteredOn(Member::control).hasSize(1).allSatisfy(control -> {
            assertThat(control.consistentId()).isEqualTo(controlId());
            assertThat(UUID.fromString(control.nodeId())).isNotNull();
        });
        assertThat(grid().copies()).isEmpty();
        assertThat(grid().caches()).isEmpty();
        assertThatThrownBy(() -> grid().setBaseline(withControl(ids(1, 2, 3)))).isInstanceOf(RuntimeException.class);

        grid().activate();
        grid().activate();

        assertThat(seen().active()).isTrue();
        assertThat(seen().prepared()).isFalse();
        assertThat(seen().baseline()).isEqualTo(withControl(ids(1, 2, 3)));
        assertThat(seen().workers()).isEqualTo(ids(1, 2, 3));
        assertThat(seen().copies().known()).isFalse();
        assertThat(grid().copies()).isEmpty();
        assertThat(grid().caches()).isPresent();

        grid().prepare();
        grid().prepare();

        assertThat(seen().prepared()).isTrue();
        assertThat(grid().caches().orElseThrow()).isNotEmpty();
        write();
        awaitWhole(1, 2, 3);
    }

    @Test
    void a_grid_that_was_deactivated_keeps_its_members_and_is_to_be_prepared_anew() {
        whole();

        grid().deactivate();
        grid().deactivate();

        GridSnapshot inactive = seen();
        assertThat(inactive.active()).isFalse();
        assertThat(inactive.prepared()).isFalse();
        assertThat(inactive.members()).hasSize(WORKERS + 1);
        assertThat(inactive.baseline()).isEqualTo(withControl(ids(1, 2, 3)));
        assertThat(inactive.lastLive()).isEqualTo(ids(1, 2, 3));
        assertThat(inactive.copies().known()).isFalse();
        assertThat(grid().copies()).isEmpty();
        assertThat(grid().caches()).isEmpty();
        grid().activate();
        assertThat(seen().active()).isTrue();
        assertThat(seen().prepared()).isFalse();
        grid().prepare();
        awaitWhole(1, 2, 3);
    }

    @Test
    void who_is_killed_leaves_a_place_that_nobody_fills_until_it_comes_back_as_another_node() {
        whole();
        AtomicInteger changes = new AtomicInteger();
        grid().onChange(changes::incrementAndGet);
        Member old = member(1);
        assertThat(copies().soleHoldings(nodes(1))).isEmpty();
        assertThat(copies().soleHoldings(nodes(1, 2))).isNotEmpty();

        end(1);

        until("it has left", () -> !seen().hasJoined(id(1)));
        until("that is told", () -> changes.get() > 0);
        assertThat(seen().active()).isTrue();
        assertThat(seen().baseline()).isEqualTo(withControl(ids(1, 2, 3)));
        awaitMissing(2, 3);
        assertThat(copies().complete()).isFalse();
        assertThat(copies().soleHoldings(nodes(2))).isNotEmpty();
        assertThat(copies().soleHoldings(nodes(3))).isNotEmpty();
        int before = changes.get();

        run(1);

        awaitWhole(1, 2, 3);
        assertThat(changes.get()).isGreaterThan(before);
        assertThat(member(1).nodeId()).isNotEqualTo(old.nodeId());
        assertThat(member(1).lifeId()).isEqualTo(lifeId(1)).isNotEqualTo(old.lifeId());
    }

    @Test
    void what_only_the_dead_held_is_lost_until_they_are_back_and_it_is_reset() {
        whole();
        String node = member(1).nodeId();
        end(1, 2);

        grid().expel(node, "its process is gone");
        assertThat(seen().members()).noneMatch(member -> member.nodeId().equals(node));
        grid().expel(node, "its process is gone");

        awaitTopology(3);
        until(
                "the loss is known",
                () -> seen().copies().known() && !seen().copies().lossyCaches().isEmpty());
        assertThat(copies().lossyCaches()).isEqualTo(seen().copies().lossyCaches());
        assertThat(seen().hasMajorityOf(seen().workers())).isFalse();
        assertThat(seen().lastLive()).isEqualTo(ids(1, 2, 3));

        run(1);
        run(2);

        awaitTopology(1, 2, 3);
        until("the loss is known", () -> seen().copies().known());
        assertThat(seen().copies().lossyCaches()).isNotEmpty();
        assertThat(seen().lastLive()).isEqualTo(ids(1, 2, 3));
        assertThat(copies().soleHoldings(nodes(1, 2)))
                .as("what waits for the reset is held by those who came back")
                .isNotEmpty();

        grid().resetLost();

        until("nothing is lost", () -> seen().copies().lossless());
        awaitWhole(1, 2, 3);
    }

    @Test
    void who_is_expelled_alive_leaves_at_once_and_ends_by_itself_and_comes_back_empty() {
        whole();
        String node = member(1).nodeId();

        grid().expel(node, "it is believed to be gone");

        assertThat(seen().hasJoined(id(1))).isFalse();
        until("its process ends", () -> ended(1));
        running.remove(1);
        awaitMissing(2, 3);
        wipe(1);
        run(1);
        awaitWhole(1, 2, 3);
        assertThat(copies().shareOf(nodes(1)).holdings()).isNotEmpty();
        assertThat(copies().soleHoldings(nodes(2))).isEmpty();
    }

    @Test
    void who_is_new_holds_nothing_until_the_baseline_has_it_and_one_that_left_is_forgotten() {
        whole();
        int newcomer = WORKERS + 1;
        run(newcomer);
        awaitTopology(1, 2, 3, newcomer);
        until("copies are known", () -> seen().copies().known());
        assertThat(seen().baseline()).isEqualTo(withControl(ids(1, 2, 3)));
        assertThat(seen().copies().complete()).isTrue();
        assertThat(seen().lastLive()).isEqualTo(ids(1, 2, 3));
        assertThat(copies().shareOf(nodes(newcomer)).holdings()).isEmpty();
        assertThatThrownBy(() -> grid().setBaseline(withControl(Set.of(id(1), "vm-none"))))
                .isInstanceOf(IllegalStateException.class);

        grid().setBaseline(withControl(ids(1, 2, 3, newcomer)));
        grid().setBaseline(withControl(ids(1, 2, 3, newcomer)));

        assertThat(seen().baseline()).isEqualTo(withControl(ids(1, 2, 3, newcomer)));
        awaitWhole(1, 2, 3, newcomer);
        assertThat(copies().shareOf(nodes(newcomer)).holdings()).isNotEmpty();

        end(newcomer);
        awaitMissing(1, 2, 3);
        grid().setBaseline(withControl(ids(1, 2, 3)));

        assertThat(seen().baseline()).isEqualTo(withControl(ids(1, 2, 3)));
        assertThat(seen().workers()).isEqualTo(ids(1, 2, 3));
        awaitWhole(1, 2, 3);
    }

    @Test
    void after_a_cold_start_it_is_inactive_while_a_member_is_away_and_active_by_itself_once_all_are_back() {
        whole();
        killControl();
        end(running.stream().mapToInt(Integer::intValue).toArray());

        startControl();
        run(1);
        run(2);
        awaitTopology(1, 2);

        GridSnapshot waiting = seen();
        assertThat(waiting.joined()).isTrue();
        assertThat(waiting.active()).isFalse();
        assertThat(waiting.prepared()).isFalse();
        assertThat(waiting.everActivated()).isTrue();
        assertThat(waiting.baseline()).isEqualTo(withControl(ids(1, 2, 3)));
        assertThat(waiting.controls()).containsExactly(controlId());
        assertThat(waiting.workers()).isEqualTo(ids(1, 2, 3));
        assertThat(waiting.lastLive())
                .as("less than all when some have outlived others for a moment")
                .isNotEmpty()
                .isSubsetOf(ids(1, 2, 3));
        assertThat(waiting.copies().known()).isFalse();
        assertThat(grid().caches()).isEmpty();

        run(3);

        until("it is active", () -> seen().active());
        assertThat(seen().prepared()).isFalse();
        grid().prepare();
        awaitWhole(1, 2, 3);
    }
}
