package org.virtugrid.control.coordinator;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.virtugrid.api.EventView;
import org.virtugrid.api.StatusView;
import org.virtugrid.control.vm.VmDriver;

/**
 * A control process: the real coordinator, rules, interlock and requests of users, around a simulated driver, grid and
 * leadership. It can die between any two steps of an action.
 */
final class SimulatedControl implements SimulatedDriver.Steps, SimulatedGridView.Node, SimulatedElection.Voter {
    private static final Previews.Figures NO_FIGURES =
            new Previews.Figures(Map::of, Map::of, () -> new StatusView.Tasks(0, 0, 0, 0, 0));

    private static final long LOOK_MILLIS = 500;
    private static final long WAKE_MILLIS = 20;
    private static final long MILLION = 1_000_000;

    /** The process ends here and now. */
    private static final class Died extends Error {
        private static final long serialVersionUID = 1L;

        Died(String where) {
            super(where, null, false, false);
        }
    }

    /** What changes a control process, for testing the simulation itself. */
    interface Variant {
        default Reconciler reconciler() {
            return new Reconciler(Scenes.LIMITS);
        }

        default Leadership leadership(Leadership real) {
            return real;
        }

        default Grid grid(Grid real) {
            return real;
        }
    }

    private final String id;
    private final SimulatedPlatform platform;
    private final Variant variant;
    private boolean runs;
    private boolean inTopology;
    private boolean frozen;
    private boolean cut;
    private boolean seesNobody;
    private long joinedAt;
    private int process;
    private long looks;
    private int diesIn = -1;
    private Coordinator coordinator;
    private SimulatedLanes lanes;
    private ManagedVms vms;
    private SimulatedDriver driver;
    private boolean serving;

    SimulatedControl(String id, SimulatedPlatform platform, Variant variant) {
        this.id = id;
        this.platform = platform;
        this.variant = variant;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public int process() {
        return process;
    }

    Random random() {
        return platform.random();
    }

    @Override
    public boolean runs() {
        return runs;
    }

    @Override
    public boolean frozen() {
        return frozen;
    }

    @Override
    public boolean cut() {
        return cut;
    }

    @Override
    public boolean answers() {
        return runs && !frozen && !cut;
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
    public boolean seesNobody() {
        return seesNobody;
    }

    /** The last decision. */
    Decision last() {
        return coordinator.last();
    }

    boolean resting() {
        return !lanes.anyBusy();
    }

    // --- life and death

    void start() {
        if (runs) {
            return;
        }
        platform.note(id + " starts");
        runs = true;
        process++;
        driver = new SimulatedDriver(platform.machines(), platform.grid(), this);
        Grid grid = variant.grid(new SimulatedGridView(this, platform.grid()));
        Leadership leadership = variant.leadership(
                platform.election().of(this, platform.figures().refusals()));
        EventLog events = new Log();
        coordinator = new Coordinator(
                driver,
                grid,
                events,
                leadership,
                variant.reconciler(),
                () -> platform.time().now() * MILLION,
                idle -> {
                    lanes = new SimulatedLanes(this, platform.time(), idle);
                    return lanes;
                });
        VmViews views = new VmViews(driver, grid, "host", Map::of);
        vms = new ManagedVms(
                driver,
                coordinator,
                new Interlock(driver, grid),
                views,
                new Previews(driver, grid, NO_FIGURES),
                events,
                1L << 30,
                Path.of("/"));
        int self = process;
        Runnable wakeSelf = () -> {
            if (process == self) {
                wake();
            }
        };
        grid.onChange(wakeSelf);
        leadership.onChange(wakeSelf);
        platform.time().after(1_000L + random().nextInt(4_000), () -> join(self));
        lookSoon(0);
    }

    private void join(int self) {
        if (!runs || process != self) {
            return;
        }
        if (frozen || cut || platform.grid().controls().contains(id)) {
            platform.time().after(LOOK_MILLIS, () -> join(self));
            return;
        }
        joinedAt = platform.time().now();
        inTopology = true;
        platform.note(id + " joins");
        platform.grid().controlJoins(id);
    }

    void kill() {
        if (runs) {
            platform.note(id + " ends");
            runs = false;
            frozen = false;
            cut = false;
            seesNobody = false;
            diesIn = -1;
            lanes.close();
            coordinator.close();
            leave();
            platform.controlDied(this);
        }
    }

    /** The grid goes on without it. */
    private void leave() {
        if (inTopology) {
            inTopology = false;
            platform.grid().controlLeaves(id);
        }
    }

    void freeze() {
        if (runs && !frozen) {
            platform.note(id + " freezes");
            frozen = true;
            loseAfterDetection();
        }
    }

    /** Goes on with what it had decided; if the grid went on without it, it learns that a little later and halts. */
    void thaw() {
        if (frozen) {
            platform.note(id + " goes on");
            frozen = false;
            if (!inTopology && joinedAt > 0) {
                haltAfter(random().nextInt(1_500));
            }
            lanes.goOn();
            lookSoon(0);
        }
    }

    void cutOff() {
        if (runs && !cut) {
            platform.note(id + " is cut off");
            cut = true;
            loseAfterDetection();
        }
    }

    void heal() {
        if (cut) {
            platform.note(id + " is reached again");
            cut = false;
            if (!inTopology && joinedAt > 0) {
                haltAfter(random().nextInt(1_000));
            }
        }
    }

    private void loseAfterDetection() {
        int self = process;
        platform.time().after(Scenes.LIMITS.failureDetection().toMillis(), () -> {
            if (runs && process == self && (frozen || cut)) {
                leave();
                if (cut) {
                    seesNobody = true;
                    haltAfter(random().nextInt(10_000));
                }
            }
        });
    }

    private void haltAfter(long millis) {
        int self = process;
        platform.time().after(millis, () -> {
            if (runs && process == self && !frozen) {
                kill();
            }
        });
    }

    // --- looking and acting

    /** Something happened that it is told of at once. */
    void wake() {
        if (platform.election().term(this).isPresent()) {
            lookSoon(WAKE_MILLIS);
        }
    }

    private void lookSoon(long millis) {
        long number = ++looks;
        int self = process;
        platform.time().after(millis, () -> look(self, number));
    }

    private void look(int self, long number) {
        if (!runs || process != self || number != looks || frozen) {
            return;
        }
        boolean leads = platform.election().obeys(this);
        long began = System.nanoTime();
        if (!survives(coordinator::look)) {
            return;
        }
        platform.figures().looked(System.nanoTime() - began);
        Decision now = coordinator.last();
        if (leads) {
            now.actions().forEach(platform.invariants()::decided);
        }
        lookSoon(leads ? LOOK_MILLIS : 2 * LOOK_MILLIS);
    }

    /** Does what users ask of it; false when it died of it. */
    boolean serve(Consumer<ManagedVms> request) {
        serving = true;
        try {
            return survives(() -> request.accept(vms));
        } finally {
            serving = false;
        }
    }

    VmDriver driver() {
        return driver;
    }

    /** It dies at that step, counted from now, that it takes in an action. */
    void dieIn(int steps) {
        diesIn = steps;
    }

    @Override
    public void changes(String what) {
        platform.invariants().changes(id, what);
    }

    @Override
    public void expels(String nodeId) {
        platform.invariants().expels(nodeId);
    }

    @Override
    public void step(String what) {
        if (diesIn >= 0 && diesIn-- == 0) {
            throw new Died(what);
        }
    }

    boolean survives(Runnable work) {
        try {
            work.run();
            return true;
        } catch (Died e) {
            platform.figures().count("control died in an action");
            platform.note(id + " dies " + e.getMessage());
            kill();
            return false;
        }
    }

    @Override
    public void at(String what) {
        platform.invariants().changes(id, what);
        step(what);
    }

    @Override
    public void waited() {
        lanes.waited();
        platform.figures().count("action on a hung hypervisor");
    }

    @Override
    public void diskGone(String vmId) {
        platform.invariants().diskGone(vmId);
    }

    @Override
    public void askLate(SimulatedMachines.Host host, Runnable what) {
        platform.machines().askLate(host, what, random());
    }

    /** Tells the platform; it may die before that. */
    private final class Log implements EventLog {
        @Override
        public void record(String type, String subject, String cause, Map<String, Object> evidence) {
            if (!serving) {
                step("before " + type + " is recorded");
            }
            platform.told(id, type, subject, cause);
        }

        @Override
        public List<EventView> since(Instant from) {
            return new ArrayList<>();
        }

        @Override
        public AutoCloseable subscribe(Consumer<EventView> listener) {
            return () -> {};
        }
    }
}
