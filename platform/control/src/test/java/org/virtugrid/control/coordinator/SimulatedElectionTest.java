package org.virtugrid.control.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The simulated election keeps the contract of the real one, so that what holds with it holds with that. */
class SimulatedElectionTest extends LeadershipContract {
    private static final long STEP_MILLIS = 50;

    private final SimulatedTime time = new SimulatedTime();
    private final SimulatedElection election = new SimulatedElection(time);
    private final List<Voter> voters =
            Stream.of("control-1", "control-2", "control-3").map(Voter::new).toList();

    SimulatedElectionTest() {
        voters.forEach(election::add);
    }

    private static final class Voter implements SimulatedElection.Voter {
        private final String id;
        private int process;
        private boolean runs;
        private boolean frozen;
        private Leadership leadership;

        Voter(String id) {
            this.id = id;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public int process() {
            return process;
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
        public boolean answers() {
            return runs && !frozen;
        }
    }

    private Voter voter(int process) {
        return voters.get(process - 1);
    }

    @Override
    protected void start(int process) {
        Voter voter = voter(process);
        voter.process++;
        voter.runs = true;
        voter.leadership = election.of(voter, new ArrayList<>());
    }

    @Override
    protected void kill(int process) {
        voter(process).runs = false;
    }

    @Override
    protected void freeze(int process) {
        voter(process).frozen = true;
    }

    @Override
    protected void thaw(int process) {
        voter(process).frozen = false;
    }

    @Override
    protected Leadership leadership(int process) {
        return voter(process).leadership;
    }

    @Override
    protected boolean comesTrue(int withinSeconds, BooleanSupplier so) {
        for (long end = time.now() + withinSeconds * 1_000L; time.now() < end; ) {
            election.elect();
            if (so.getAsBoolean()) {
                return true;
            }
            time.run(STEP_MILLIS, () -> {});
        }
        return so.getAsBoolean();
    }

    @Override
    protected void close() {
        // nothing is left of it
    }
}
