package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What the coordinator relies on in every kind of leadership among three control processes, numbered from 1 to 3; a new one's
 * test is a small subclass. Whenever something is waited for, nobody may be seen who leads in a term that is over or is
 * another one's.
 */
public abstract class LeadershipContract {
    /** A machine that is busy with other things included; without them about five seconds are enough. */
    private static final int SUCCESSION_SECONDS = 60;

    /** Longer than any lease. */
    private static final int LONG_SECONDS = 5;

    private final Set<Integer> awake = new TreeSet<>();
    private final Map<Long, Integer> leaderOf = new HashMap<>();
    private long newest;

    /** Starts the process; what it has promised in its last life counts. */
    protected abstract void start(int process);

    /** Ends it as a fault would. */
    protected abstract void kill(int process);

    /** Stops it without its knowing. */
    protected abstract void freeze(int process);

    /** Lets it go on. */
    protected abstract void thaw(int process);

    /** As the process sees it, in the life that it has; is not used while the process is frozen. */
    protected abstract Leadership leadership(int process);

    /** Looks again and again until this is so; tells whether that came within the time. */
    protected abstract boolean comesTrue(int withinSeconds, BooleanSupplier so);

    /** Ends all that are there. */
    protected abstract void close();

    @AfterEach
    final void endAll() {
        close();
    }

    private void run(int... processes) {
        for (int process : processes) {
            start(process);
            awake.add(process);
        }
    }

    private void end(int process) {
        kill(process);
        awake.remove(process);
    }

    private void stop(int process) {
        freeze(process);
        awake.remove(process);
    }

    private void goOn(int process) {
        thaw(process);
        awake.add(process);
    }

    /** Who leads now; 0 for nobody. One process is asked after the other, so a later answer with an older term is wrong. */
    private int leader() {
        int leader = 0;
        for (int process : awake) {
            OptionalLong term = leadership(process).term();
            if (term.isPresent()) {
                leader = process;
                seen(process, term.getAsLong());
            }
        }
        return leader;
    }

    private void seen(int process, long term) {
        assertThat(term)
                .as("process %d leads; the newest term was %d", process, newest)
                .isGreaterThanOrEqualTo(newest);
        Integer other = leaderOf.putIfAbsent(term, process);
        assertThat(other).as("who led in term %d before", term).isIn(null, process);
        newest = term;
    }

    private int awaitLeader() {
        int[] leader = {0};
        assertThat(comesTrue(SUCCESSION_SECONDS, () -> (leader[0] = leader()) != 0))
                .as("somebody leads")
                .isTrue();
        return leader[0];
    }

    private static int[] without(int process) {
        return Arrays.stream(new int[] {1, 2, 3}).filter(one -> one != process).toArray();
    }

    @Test
    void one_leads_and_only_it_holds_its_term_and_no_other_term() {
        run(1, 2, 3);

        int leader = awaitLeader();

        long term = leadership(leader).term().orElseThrow();
        assertThat(term).isPositive();
        // On a busy machine it may not be able to tell at once
        assertThat(comesTrue(SUCCESSION_SECONDS, () -> leadership(leader).holds(term)))
                .as("the leader holds its term")
                .isTrue();
        assertThat(leadership(leader).holds(term + 1)).isFalse();
        assertThat(leadership(leader).holds(term - 1)).isFalse();
        for (int other : without(leader)) {
            assertThat(leadership(other).term()).isEmpty();
            assertThat(leadership(other).holds(term)).isFalse();
        }
        assertThat(someoneKeepsItsTerm()).as("a lead lasts").isTrue();
    }

    /**
     * How many quiet times are watched at most until a lead lasts through one. A real machine that stands still for as long as a
     * lead lasts unrenewed ends it, which does not happen again and again; a simulated one never stands still.
     */
    protected int quietTimes() {
        return 1;
    }

    private boolean someoneKeepsItsTerm() {
        for (int tries = 0; tries < quietTimes(); tries++) {
            int leader = awaitLeader();
            OptionalLong term = leadership(leader).term();
            if (term.isPresent()
                    && !comesTrue(LONG_SECONDS, () -> !leadership(leader).term().equals(term))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void one_of_three_does_not_lead_and_two_do_and_the_change_is_told() {
        Map<Integer, AtomicInteger> told = new HashMap<>();
        run(1);
        listen(told, 1);
        assertThat(comesTrue(LONG_SECONDS, () -> leader() != 0))
                .as("one leads alone")
                .isFalse();
        assertThat(told.get(1)).hasValue(0);

        run(2);
        listen(told, 2);

        int leader = awaitLeader();
        assertThat(comesTrue(SUCCESSION_SECONDS, () -> told.get(leader).get() == 1))
                .as("the leader is told that it leads")
                .isTrue();
        assertThat(told.get(3 - leader)).hasValue(0);
    }

    private void listen(Map<Integer, AtomicInteger> told, int process) {
        told.put(process, new AtomicInteger());
        leadership(process).onChange(told.get(process)::incrementAndGet);
    }

    @Test
    void a_leader_that_dies_is_succeeded_in_a_newer_term_and_its_next_life_does_not_lead_in_the_old_one() {
        run(1, 2, 3);
        int first = awaitLeader();
        long term = leadership(first).term().orElseThrow();

        end(first);
        run(first);

        assertThat(leadership(first).holds(term)).isFalse();
        int second = awaitLeader();
        assertThat(leadership(second).term().orElseThrow()).isGreaterThan(term);
        assertThat(leadership(second).holds(term)).isFalse();
        assertThat(leadership(first).holds(term)).isFalse();
    }

    @Test
    void a_leader_that_is_frozen_is_succeeded_and_does_not_hold_its_term_when_it_goes_on() {
        Map<Integer, AtomicInteger> told = new HashMap<>();
        run(1, 2, 3);
        int first = awaitLeader();
        long term = leadership(first).term().orElseThrow();
        listen(told, first);

        stop(first);
        int second = awaitLeader();
        goOn(first);

        assertThat(leadership(first).term()).isEmpty();
        assertThat(leadership(first).holds(term)).isFalse();
        assertThat(leadership(second).term().orElseThrow()).isGreaterThan(term);
        assertThat(comesTrue(SUCCESSION_SECONDS, () -> told.get(first).get() > 0))
                .as("the old leader is told that it does not lead any more")
                .isTrue();
        assertThat(leader()).isEqualTo(second);
    }

    @Test
    void a_leader_that_the_others_left_holds_nothing_and_soon_knows_that_it_does_not_lead() {
        run(1, 2, 3);
        int leader = awaitLeader();
        long term = leadership(leader).term().orElseThrow();

        List<Integer> others = Arrays.stream(without(leader)).boxed().toList();
        others.forEach(this::stop);

        assertThat(leadership(leader).holds(term)).isFalse();
        assertThat(comesTrue(SUCCESSION_SECONDS, () -> leader() == 0))
                .as("its lead ends")
                .isTrue();
        others.forEach(this::goOn);
        // The same one may go on in its term when nobody else has led meanwhile
        int next = awaitLeader();
        assertThat(leadership(next).term().orElseThrow()).isGreaterThanOrEqualTo(next == leader ? term : term + 1);
    }
}
