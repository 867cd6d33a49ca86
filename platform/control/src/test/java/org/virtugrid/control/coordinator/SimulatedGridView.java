package org.virtugrid.control.coordinator;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.virtugrid.control.coordinator.GridSnapshot.Copies;
import org.virtugrid.grid.topology.CopyMap;

/**
 * The grid as one control process sees it. One that is cut off sees what was last, and after failure detection itself
 * alone, all data lost.
 */
final class SimulatedGridView implements Grid {
    private final Node control;
    private final SimulatedGrid grid;
    private boolean prepared;
    private GridSnapshot last = GridSnapshot.ABSENT;
    private long lastChanges = -1;

    /** The node of the control process that sees it. */
    interface Node {
        String id();

        boolean inTopology();

        long joinedAt();

        /** Nothing reaches it. */
        boolean cut();

        /** It is cut off for so long that it counts the others as failed. */
        boolean seesNobody();

        /** It is about to change what all share. */
        void changes(String what);

        /** It is about to fail this node out. */
        void expels(String nodeId);

        /** Here it may die; the change so far stays. */
        void step(String what);
    }

    SimulatedGridView(Node control, SimulatedGrid grid) {
        this.control = control;
        this.grid = grid;
    }

    @Override
    public GridSnapshot snapshot() {
        if (control.inTopology() && !control.cut()) {
            if (lastChanges != grid.changes()) {
                last = grid.snapshot(control.id(), control.joinedAt(), prepared);
                lastChanges = grid.changes();
            }
            return last;
        }
        lastChanges = -1;
        return control.cut() && control.seesNobody() ? alone() : last;
    }

    private GridSnapshot alone() {
        return new GridSnapshot(
                last.joined(),
                last.joinedMillis(),
                last.active(),
                last.prepared(),
                List.of(SimulatedGrid.controlMember(control.id())),
                last.baseline(),
                last.lastLive(),
                last.prepared() ? new Copies(true, false, 0, Set.of("data")) : Copies.UNKNOWN,
                last.controls());
    }

    private void change(String what, Runnable change) {
        control.changes(what);
        changeOwn(what, change);
    }

    private void changeOwn(String what, Runnable change) {
        control.step("before " + what);
        if (!control.inTopology() || control.cut()) {
            throw new IllegalStateException("this node is cut off from the others");
        }
        change.run();
        lastChanges = -1;
        control.step("after " + what);
    }

    @Override
    public void activate() {
        change("activate", grid::activate);
    }

    @Override
    public void deactivate() {
        change("deactivate", () -> {
            prepared = false;
            grid.deactivate();
        });
    }

    @Override
    public void expel(String nodeId, String why) {
        change("expel", () -> {
            control.expels(nodeId);
            grid.expel(nodeId);
        });
    }

    @Override
    public void setBaseline(Set<String> consistentIds) {
        change("change the baseline", () -> {
            Set<String> workers = new HashSet<>();
            Set<String> controls = new HashSet<>();
            for (String id : consistentIds) {
                boolean known = grid.inBaseline(id)
                        || grid.members().contains(id)
                        || grid.controls().contains(id);
                if (!known) {
                    throw new IllegalStateException(id + " is not known to the grid");
                }
                (id.startsWith("control") ? controls : workers).add(id);
            }
            grid.setBaseline(workers, controls);
        });
    }

    @Override
    public void prepare() {
        // Each control node does that for its own use
        changeOwn("prepare", () -> {
            grid.requireActive();
            prepared = true;
            grid.makeCaches();
        });
    }

    @Override
    public void resetLost() {
        change("reset lost partitions", grid::resetLost);
    }

    @Override
    public Optional<CopyMap> copies() {
        return control.inTopology() && !control.cut() && prepared && grid.copiesKnown()
                ? Optional.of(new LiveCopies())
                : Optional.empty();
    }

    @Override
    public Optional<Set<String>> caches() {
        return snapshot().active() ? Optional.of(grid.caches()) : Optional.empty();
    }

    @Override
    public long trafficBytes(String nodeId) {
        return 0;
    }

    @Override
    public void onChange(Runnable listener) {
        grid.onChange(() -> {
            if (control.inTopology() && !control.cut()) {
                listener.run();
            }
        });
    }

    /** Asks the grid as it is now. */
    private final class LiveCopies implements CopyMap {
        @Override
        public List<Holding> soleHoldings(Set<UUID> nodeIds) {
            Set<String> ids = grid.workersOf(nodeIds);
            return grid.soleHolders(ids) ? List.of(new Holding("dataset data", 1, 1)) : List.of();
        }

        @Override
        public List<Holding> unreadableWithout(Set<UUID> nodeIds) {
            return List.of();
        }

        @Override
        public Share shareOf(Set<UUID> nodeIds) {
            Set<String> ids = grid.workersOf(nodeIds);
            if (!grid.holdAnything(ids)) {
                return new Share(List.of(), -1);
            }
            return new Share(List.of(new Holding("dataset data", 1, 1)), grid.soleHolders(ids) ? 0 : 1);
        }

        @Override
        public boolean complete() {
            return grid.complete();
        }

        @Override
        public int missingCopies() {
            return grid.complete() ? 0 : 1;
        }

        @Override
        public Set<String> lossyCaches() {
            return grid.lossy() ? Set.of("data") : Set.of();
        }
    }
}
