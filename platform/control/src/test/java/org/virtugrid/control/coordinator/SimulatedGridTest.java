package org.virtugrid.control.coordinator;

import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.virtugrid.control.coordinator.SimulatedMachines.Guest;
import org.virtugrid.control.vm.VmSpec;

/** The simulated grid keeps the contract of the real one, so that what holds with it holds with that. */
class SimulatedGridTest extends GridContract {
    private static final String CONTROL = "control-1";
    private static final int MOST_WORKERS = 4;
    private static final long BOOT_MILLIS = 1_000;
    private static final long STEP_MILLIS = 50;
    private static final long DEADLINE_MILLIS = 120_000;

    private final SimulatedTime time = new SimulatedTime();
    private final SimulatedMachines machines = new SimulatedMachines(time, 1);
    private final SimulatedGrid grid = new SimulatedGrid(time, Mishaps.PARTITIONS);
    private Node control;
    private Grid view;

    SimulatedGridTest() {
        machines.watch(
                new SimulatedNodes(time, new Random(1), machines, grid, new SimulatedFigures(), happening -> {}));
        for (int worker = 1; worker <= MOST_WORKERS; worker++) {
            machines.define(new VmSpec("w" + worker, 1, 1L << 30, 1L << 30, Map.of()));
        }
    }

    /** One that is never cut off and lives through every step. */
    private static final class Node implements SimulatedGridView.Node {
        private long joinedAt;
        private boolean inTopology;

        @Override
        public String id() {
            return CONTROL;
        }

        @Override
        public boolean inTopology() {
            return inTopology;
        }

        @Override
        public long joinedAt() {
            return joinedAt;
        }

        @Override
        public boolean cut() {
            return false;
        }

        @Override
        public boolean seesNobody() {
            return false;
        }

        @Override
        public void changes(String what) {}

        @Override
        public void expels(String nodeId) {}

        @Override
        public void step(String what) {}
    }

    private Guest guest(int worker) {
        return machines.guest(id(worker));
    }

    @Override
    protected Grid notJoined() {
        return new SimulatedGridView(new Node(), grid);
    }

    @Override
    protected Grid grid() {
        return view;
    }

    @Override
    protected String controlId() {
        return CONTROL;
    }

    @Override
    protected String id(int worker) {
        return machines.ids().get(worker - 1);
    }

    @Override
    protected String lifeId(int worker) {
        return guest(worker).life().id();
    }

    @Override
    protected void startControl() {
        // Longer than a death is not noticed
        time.run(BOOT_MILLIS, grid::live);
        control = new Node();
        view = new SimulatedGridView(control, grid);
        control.inTopology = true;
        control.joinedAt = time.now();
        grid.controlJoins(CONTROL);
    }

    @Override
    protected void killControl() {
        control.inTopology = false;
        grid.controlLeaves(CONTROL);
    }

    @Override
    protected void start(int worker) {
        machines.start(guest(worker));
    }

    @Override
    protected void kill(int... workers) {
        for (int worker : workers) {
            machines.end(guest(worker));
        }
    }

    @Override
    protected boolean ended(int worker) {
        return guest(worker).life() == null;
    }

    @Override
    protected void wipe(int worker) {
        grid.disk(id(worker)).wipe();
    }

    @Override
    protected void write() {
        // it is written to all the time
    }

    @Override
    protected void await(String what, BooleanSupplier so) {
        long end = time.now() + DEADLINE_MILLIS;
        while (!so.getAsBoolean()) {
            if (time.now() > end) {
                throw new AssertionError(what);
            }
            time.run(STEP_MILLIS, () -> {
                grid.live();
                grid.checkServed();
            });
        }
    }

    @Override
    protected void close() {
        // nothing is left of it
    }
}
