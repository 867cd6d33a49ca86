package org.virtugrid.control.coordinator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Who of several control processes leads: one that a majority of them votes for, under a term that grows, as long as that
 * majority goes on answering it. Needs no grid. A process that begins anew is voted for anew. A single one leads always.
 */
final class SimulatedElection {
    /** So long it leads after the majority answered it last; until a little later nobody votes for another one. */
    private static final long LEASE_MILLIS = 4_000;

    private static final long PROMISE_MILLIS = 4_500;

    /** A control process that votes and wants to lead. */
    interface Voter {
        String id();

        /** Counts its processes. */
        int process();

        boolean runs();

        boolean frozen();

        /** It runs, is not frozen, and is reached by the others. */
        boolean answers();
    }

    private final SimulatedTime time;
    private final List<Voter> controls = new ArrayList<>();
    private final Map<Voter, List<Runnable>> listeners = new HashMap<>();
    private final Map<Voter, OptionalLong> told = new HashMap<>();
    private Voter leader;
    /** Which of its processes was elected: a new one leads only when it is elected itself. */
    private int leadersProcess;

    private long answeredAt;
    private long term;

    SimulatedElection(SimulatedTime time) {
        this.time = time;
    }

    void add(Voter control) {
        controls.add(control);
    }

    private boolean alone() {
        return controls.size() == 1;
    }

    /** Whether enough of them answer for a majority. */
    private boolean majority() {
        int answering = 0;
        for (Voter control : controls) {
            answering += control.answers() ? 1 : 0;
        }
        return answering * 2 > controls.size();
    }

    /** After every event: elects, if that is due and possible; tells whether it did. */
    boolean elect() {
        if (alone()) {
            leader = controls.get(0);
            leadersProcess = leader.process();
            return false;
        }
        boolean elected = !goesOn() && another();
        controls.forEach(this::tell);
        return elected;
    }

    /** The leader asks for votes anew. */
    private boolean goesOn() {
        boolean leads = leader != null && term(leader).isPresent();
        if (leads && leader.answers() && majority()) {
            answeredAt = time.now();
        }
        return leads;
    }

    private boolean another() {
        if (!majority() || (leader != null && time.now() < answeredAt + PROMISE_MILLIS)) {
            return false;
        }
        for (Voter control : controls) {
            if (control.answers()) {
                leader = control;
                leadersProcess = control.process();
                answeredAt = time.now();
                term++;
                return true;
            }
        }
        return false;
    }

    private void tell(Voter control) {
        OptionalLong now = term(control);
        boolean hears = control.runs() && !control.frozen();
        if (hears && !now.equals(told.getOrDefault(control, OptionalLong.empty()))) {
            told.put(control, now);
            listeners.getOrDefault(control, List.of()).forEach(Runnable::run);
        }
    }

    /** Whether this one was elected last. */
    boolean leads(String control) {
        return leader != null && leader.id().equals(control) && leader.process() == leadersProcess;
    }

    /** Whether what this one decides now is going to be done. */
    boolean obeys(Voter control) {
        return alone() ? leads(control.id()) : term(control).isPresent() && control.answers();
    }

    /** The term under which this one acts; it knows when its lease is over, whoever can be asked. */
    OptionalLong term(Voter control) {
        if (alone()) {
            return Leadership.alone().term();
        }
        return leads(control.id()) && control.runs() && time.now() < answeredAt + LEASE_MILLIS
                ? OptionalLong.of(term)
                : OptionalLong.empty();
    }

    private boolean holds(Voter control, long asked) {
        if (alone()) {
            return Leadership.alone().holds(asked);
        }
        OptionalLong now = term(control);
        return now.isPresent() && now.getAsLong() == asked && control.answers() && majority();
    }

    @Override
    public String toString() {
        return (leader == null ? "nobody" : leader.id()) + " (term " + term + ")";
    }

    /** What the control process that begins now knows about its leading. */
    Leadership of(Voter control, Collection<Long> refusals) {
        List<Runnable> own = new ArrayList<>();
        listeners.put(control, own);
        told.remove(control);
        int process = control.process();
        return new Leadership() {
            @Override
            public OptionalLong term() {
                return control.process() == process ? SimulatedElection.this.term(control) : OptionalLong.empty();
            }

            @Override
            public boolean holds(long asked) {
                boolean holds = control.process() == process && SimulatedElection.this.holds(control, asked);
                if (!holds) {
                    refusals.add(asked);
                }
                return holds;
            }

            @Override
            public void onChange(Runnable listener) {
                own.add(listener);
            }
        };
    }
}
