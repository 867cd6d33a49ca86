package org.virtugrid.control.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.virtugrid.api.VmActions;
import org.virtugrid.control.coordinator.SimulatedMachines.Guest;
import org.virtugrid.control.coordinator.SimulatedMachines.Life;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmSpec;
import org.virtugrid.grid.fault.GridException;

/**
 * A whole platform on one thread with its own clock: machines, a grid, control processes, and the faults that befall them.
 * After every event all invariants are checked.
 */
final class SimulatedPlatform {
    private static final long CALM_MILLIS = 2_000;

    private final SimulatedTime time = new SimulatedTime();
    private final Random random;
    private final SimulatedMachines machines;
    private final SimulatedGrid grid;
    private final SimulatedElection election = new SimulatedElection(time);
    private final SimulatedNodes nodes;
    private final Invariants invariants;
    private final SimulatedFigures figures = new SimulatedFigures();
    private final List<SimulatedControl> controls = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private final List<String> chronicle = new ArrayList<>();
    private boolean ceased;

    /** How large it is. */
    record Size(int workers, int hosts, int controls, int partitions) {}

    SimulatedPlatform(Size size, Random random) {
        this(size, random, new SimulatedControl.Variant() {});
    }

    SimulatedPlatform(Size size, Random random, SimulatedControl.Variant variant) {
        this.random = random;
        this.machines = new SimulatedMachines(time, size.hosts());
        this.grid = new SimulatedGrid(time, size.partitions());
        this.invariants = new Invariants(time, machines, grid, election);
        this.nodes = new SimulatedNodes(time, random, machines, grid, figures, this::note);
        machines.watch(new Fates());
        for (int i = 1; i <= size.workers(); i++) {
            define("w" + i);
        }
        for (int i = 1; i <= size.controls(); i++) {
            SimulatedControl control = new SimulatedControl("control-" + i, this, variant);
            controls.add(control);
            election.add(control);
        }
        controls.forEach(SimulatedControl::start);
    }

    SimulatedTime time() {
        return time;
    }

    Random random() {
        return random;
    }

    SimulatedMachines machines() {
        return machines;
    }

    SimulatedGrid grid() {
        return grid;
    }

    SimulatedElection election() {
        return election;
    }

    Invariants invariants() {
        return invariants;
    }

    SimulatedFigures figures() {
        return figures;
    }

    List<SimulatedControl> controls() {
        return controls;
    }

    /** What was told in the log of events, as TYPE SUBJECT. */
    List<String> story() {
        return story;
    }

    List<String> ids() {
        return machines.ids();
    }

    /** The one that acts; null while nobody does. */
    SimulatedControl leader() {
        return controls.stream()
                .filter(control -> control.runs() && election.leads(control.id()))
                .findFirst()
                .orElse(null);
    }

    // --- time

    void run(long millis) {
        time.run(millis, this::afterEvent);
    }

    private void afterEvent() {
        if (election.elect()) {
            figures.count("takeover");
            note("elected: " + election);
            invariants.forgetFences();
        }
        grid.live();
        invariants.afterEvent();
    }

    /** Runs until the platform is READY and nothing is left to be done; tells whether that came to be. */
    boolean comesToRest(long withinMillis) {
        long end = time.now() + withinMillis;
        int calm = 0;
        while (time.now() < end && calm < 2) {
            run(CALM_MILLIS);
            SimulatedControl leader = leader();
            boolean rests = leader != null
                    && leader.resting()
                    && leader.last().actions().isEmpty()
                    && leader.last().overall().state().equals("READY");
            calm = rests ? calm + 1 : 0;
        }
        return calm >= 2;
    }

    /** Runs until this is so; tells whether it came to be. */
    boolean runUntil(Predicate<SimulatedPlatform> so, long withinMillis) {
        for (long end = time.now() + withinMillis; time.now() < end; ) {
            if (so.test(this)) {
                return true;
            }
            run(50);
        }
        return so.test(this);
    }

    // --- what befalls guests

    private final class Fates implements SimulatedMachines.Watcher {
        @Override
        public void started(Guest guest, Life life) {
            nodes.started(guest, life);
        }

        @Override
        public void ended(Guest guest, Life life) {
            nodes.ended(guest, life);
            if (!guest.host().hung) {
                wakeControls();
            }
        }
    }

    private void wakeControls() {
        controls.forEach(SimulatedControl::wake);
    }

    // --- faults and wishes

    void define(String name) {
        machines.define(new VmSpec(name, 1, 1L << 30, 1L << 30, Map.of()));
    }

    void kill(String id) {
        note("kill " + id);
        Guest guest = machines.guest(id);
        if (guest != null) {
            machines.end(guest);
        }
    }

    void freeze(String id) {
        note("freeze " + id);
        Guest guest = machines.guest(id);
        if (guest != null) {
            nodes.freeze(guest);
        }
    }

    void thaw(String id) {
        note("thaw " + id);
        Guest guest = machines.guest(id);
        if (guest != null) {
            nodes.thaw(guest);
        }
    }

    void cut(String id) {
        note("cut " + id);
        Guest guest = machines.guest(id);
        if (guest != null) {
            nodes.cut(guest);
        }
    }

    void heal(String id) {
        note("heal " + id);
        Guest guest = machines.guest(id);
        if (guest != null) {
            nodes.heal(guest);
        }
    }

    void hang(SimulatedMachines.Host host) {
        note(host.name() + " hangs");
        host.hung = true;
    }

    void goOn(SimulatedMachines.Host host) {
        note(host.name() + " goes on");
        machines.goOn(host);
        wakeControls();
    }

    void maintain(SimulatedMachines.Host host, boolean begins) {
        note("maintenance of " + host.name() + ": " + begins);
        host.maintained = begins;
    }

    void slowBoots(boolean slow) {
        note("slow boots: " + slow);
        nodes.slowBoots(slow);
    }

    void controlDied(SimulatedControl control) {
        if (controls.size() == 1) {
            invariants.forgetFences();
        }
        if (ceased || random.nextInt(3) > 0) {
            time.after(3_000L + random.nextInt(27_000), control::start);
        }
    }

    /** All faults end. */
    void cease() {
        note("faults cease");
        ceased = true;
        nodes.slowBoots(false);
        machines.hosts().forEach(this::goOn);
        machines.hosts().forEach(host -> maintain(host, false));
        controls.forEach(SimulatedControl::heal);
        controls.forEach(SimulatedControl::thaw);
        controls.forEach(control -> control.dieIn(-1));
        for (String id : ids()) {
            heal(id);
            thaw(id);
        }
        controls.forEach(SimulatedControl::start);
    }

    /** A user asks any control process that believes it leads; tells what came of it: done, refused or failed. */
    String ask(String verb, String... ids) {
        SimulatedControl asked = controls.stream()
                .filter(control -> control.runs() && !control.frozen())
                .filter(control -> election.term(control).isPresent())
                .findFirst()
                .orElse(null);
        if (asked == null) {
            return "nobody there";
        }
        return ask(asked, verb, ids);
    }

    /** A user asks this control process. */
    String ask(SimulatedControl asked, String verb, String... ids) {
        String[] outcome = {"control died"};
        asked.serve(vms -> outcome[0] = ask(vms, verb, List.of(ids)));
        note("user asks " + asked.id() + " to " + verb + " " + List.of(ids) + ": " + outcome[0]);
        return outcome[0];
    }

    private String ask(ManagedVms vms, String verb, List<String> ids) {
        boolean takesAway = verb.equals("stop") || verb.equals("destroy");
        List<String> affected = ids.stream()
                .filter(id -> machines.guest(id).record().desired() == Desired.RUNNING
                        || (verb.equals("destroy")
                                && machines.guest(id).record().desired() != Desired.DESTROYED))
                .toList();
        try {
            vms.act(new VmActions(verb, ids, List.of(), false), false);
            if (takesAway && !affected.isEmpty()) {
                invariants.allowed(affected);
            }
            return "done";
        } catch (GridException e) {
            figures.count("user " + (e.kind() == GridException.Kind.REFUSED ? "refused" : "told to come back"));
            return e.kind() == GridException.Kind.REFUSED ? "refused: " + e.getMessage() : "failed";
        } catch (VmDriverException e) {
            return "failed";
        }
    }

    /** Everything that happened, faults included, with its time. */
    List<String> chronicle() {
        return chronicle;
    }

    void note(String what) {
        chronicle.add(time.now() + " " + what);
    }

    void told(String teller, String type, String subject, String cause) {
        story.add(type + " " + subject);
        note(teller + ": " + type + " " + subject + ": " + cause);
        figures.count(type);
    }
}
