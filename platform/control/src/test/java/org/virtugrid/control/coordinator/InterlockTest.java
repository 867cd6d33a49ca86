package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.virtugrid.control.coordinator.VmRequests.Verb;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.fault.GridException.Kind;
import org.virtugrid.grid.topology.CopyMap;

class InterlockTest {
    private static final Set<String> BASELINE = Set.of("vm-1", "vm-2", "vm-3", "control-1");
    private static final VmRecord W1 = Scenes.record(1, Desired.RUNNING, false);
    private static final VmRecord W2 = Scenes.record(2, Desired.RUNNING, false);

    private final GridSnapshot whole = Scenes.grid(
            true, Scenes.WHOLE, BASELINE, Set.of(), Scenes.member(1, 1), Scenes.member(2, 2), Scenes.member(3, 3));

    /** Every partition lies on two of three: any two nodes together hold something alone. */
    private static final class TwoCopies implements CopyMap {
        private final Set<String> lossy;
        private final boolean uncopied;

        TwoCopies(Set<String> lossy) {
            this(lossy, false);
        }

        /** With a dataset of one copy whose chunks lie on none of those that go. */
        TwoCopies(Set<String> lossy, boolean uncopied) {
            this.lossy = lossy;
            this.uncopied = uncopied;
        }

        @Override
        public List<Holding> soleHoldings(Set<UUID> nodeIds) {
            return nodeIds.size() < 2 ? List.of() : List.of(new Holding("dataset x", 21, 70));
        }

        @Override
        public List<Holding> unreadableWithout(Set<UUID> nodeIds) {
            return uncopied ? List.of(new Holding("dataset y", 300, 0)) : List.of();
        }

        @Override
        public Share shareOf(Set<UUID> nodeIds) {
            return new Share(soleHoldings(nodeIds), 2 - nodeIds.size());
        }

        @Override
        public boolean complete() {
            return lossy.isEmpty();
        }

        @Override
        public int missingCopies() {
            return 0;
        }

        @Override
        public Set<String> lossyCaches() {
            return lossy;
        }
    }

    private static Interlock interlock(GridSnapshot snapshot, CopyMap copies, VmRecord... vms) {
        return new Interlock(
                stub(VmDriver.class, "list", List.of(vms)), new StubGrid(snapshot, Optional.ofNullable(copies)));
    }

    private static <T> T stub(Class<T> type, String method, Object answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, called, args) -> {
            assertThat(called.getName()).isEqualTo(method);
            return answer;
        }));
    }

    private static void assertKind(Kind kind, Runnable check) {
        assertThatThrownBy(check::run).isInstanceOfSatisfying(GridException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
    }

    @Test
    void one_may_go_while_the_others_hold_all() {
        interlock(whole, new TwoCopies(Set.of()), W1, W2).check(List.of(W1), Verb.STOP);
    }

    @Test
    void two_together_are_refused_with_what_they_hold() {
        assertThatThrownBy(
                        () -> interlock(whole, new TwoCopies(Set.of()), W1, W2).check(List.of(W1, W2), Verb.STOP))
                .hasMessageContaining("w1, w2 together hold the only copy of dataset x (21 partitions, 70 chunks)");
    }

    @Test
    void one_that_is_on_its_way_out_counts_too() {
        VmRecord going = Scenes.record(2, Desired.STOPPED, false);

        assertKind(Kind.REFUSED, () -> interlock(whole, new TwoCopies(Set.of()), W1, going)
                .check(List.of(W1), Verb.STOP));
    }

    @Test
    void what_cannot_be_told_is_not_allowed() {
        assertKind(Kind.UNAVAILABLE, () -> interlock(whole, null, W1, W2).check(List.of(W1), Verb.STOP));
    }

    @Test
    void a_dead_one_whose_disk_may_hold_the_last_copy_is_refused() {
        GridSnapshot without1 =
                Scenes.grid(true, Scenes.LOSSY, BASELINE, Set.of(), Scenes.member(2, 2), Scenes.member(3, 3));

        assertKind(Kind.REFUSED, () -> interlock(without1, new TwoCopies(Set.of("d-x")), W1, W2)
                .check(List.of(W1), Verb.STOP));
        interlock(without1, new TwoCopies(Set.of("d-x")), W1, W2).check(List.of(W1), Verb.RESTART);
    }

    @Test
    void a_destruction_that_leaves_no_majority_is_refused() {
        VmRecord stopped = Scenes.record(2, Desired.STOPPED, false);
        VmRecord third = Scenes.record(3, Desired.RUNNING, false);
        GridSnapshot without2 =
                Scenes.grid(true, Scenes.WHOLE, BASELINE, Set.of(), Scenes.member(1, 1), Scenes.member(3, 3));
        CopyMap all = new TwoCopies(Set.of());

        assertThatThrownBy(() -> interlock(without2, all, W1, stopped, third).check(List.of(W1), Verb.DESTROY))
                .hasMessageContaining("only 1 of the 2 workers");
        interlock(without2, all, W1, stopped, third).check(List.of(W1), Verb.STOP);
        interlock(without2, all, W1, stopped, third).check(List.of(stopped), Verb.DESTROY);
        interlock(whole, all, W1, W2, third).check(List.of(W1), Verb.DESTROY);
    }

    @Test
    void one_without_which_a_dataset_cannot_be_read_is_not_stopped_for_long() {
        Interlock interlock = interlock(whole, new TwoCopies(Set.of(), true), W1, W2);

        assertThatThrownBy(() -> interlock.check(List.of(W1), Verb.STOP))
                .hasMessageContaining("without w1 nothing of dataset y can be read");
        interlock.check(List.of(W1), Verb.RESTART);
        interlock.check(List.of(W1), Verb.DESTROY);
    }

    @Test
    void a_stop_that_leaves_no_majority_is_told_beforehand() {
        GridSnapshot two = Scenes.grid(
                true,
                Scenes.WHOLE,
                Set.of("vm-1", "vm-2", "control-1"),
                Set.of(),
                Scenes.member(1, 1),
                Scenes.member(2, 2));
        CopyMap all = new TwoCopies(Set.of());

        assertThat(interlock(two, all, W1, W2).effects(List.of(W1), Verb.STOP))
                .singleElement()
                .asString()
                .contains("takes no writes until another worker is back: 1 of 2 workers");
        assertThat(interlock(two, all, W1, W2).effects(List.of(W1), Verb.RESTART))
                .hasSize(1);
        assertThat(interlock(two, all, W1, W2).effects(List.of(W1), Verb.DESTROY))
                .isEmpty();
        assertThat(interlock(whole, all, W1, W2).effects(List.of(W1), Verb.STOP))
                .isEmpty();
    }

    /** A grid that only shows. */
    private record StubGrid(GridSnapshot shown, Optional<CopyMap> map) implements Grid {
        @Override
        public void expel(String nodeId, String why) {
            throw new AssertionError();
        }

        @Override
        public GridSnapshot snapshot() {
            return shown;
        }

        @Override
        public Optional<CopyMap> copies() {
            return map;
        }

        @Override
        public void activate() {
            throw new AssertionError();
        }

        @Override
        public void deactivate() {
            throw new AssertionError();
        }

        @Override
        public void setBaseline(Set<String> consistentIds) {
            throw new AssertionError(consistentIds.stream().collect(Collectors.joining()));
        }

        @Override
        public void prepare() {
            throw new AssertionError();
        }

        @Override
        public void resetLost() {
            throw new AssertionError();
        }

        @Override
        public long trafficBytes(String nodeId) {
            return 0;
        }

        @Override
        public void onChange(Runnable listener) {
            throw new AssertionError();
        }
    }
}
