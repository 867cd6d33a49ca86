package org.virtugrid.control.leadership;

import java.util.Optional;

/**
 * One vote. In each term it goes to one candidate at most, and while the promise to a candidate holds nobody else gets it.
 * Time is handed in, in nanoseconds of one monotonic clock, so that years can be simulated. Not safe for use by several
 * threads.
 *
 * <p>The rules are those of leases by majority (Gray and Cheriton, "Leases", 1989) with Raft's terms and pre-votes (Ongaro,
 * "Consensus: Bridging Theory and Practice", 2014, sections 3.4, 6.3 and 9.6). There is no log: what is agreed upon is only
 * who leads.
 */
final class Voter {
    /** Keeps the ballot where it outlives the process; on return it does. */
    interface Store {
        void write(Ballot ballot);
    }

    /** Whom the vote is promised to. */
    record Promise(String node, String life, String url, long term) {}

    private final long promiseNanos;
    private final Store store;
    private Ballot ballot;
    private long promisedUntil;
    private String node = "";
    private String url = "";

    /**
     * With the ballot of its last life. When that was cast nobody knows, so it is as good as just cast. So it is without any
     * ballot: a home that was made anew has forgotten what its predecessor promised.
     */
    Voter(Ballot last, long now, LeaseTiming timing, Store store) {
        this.promiseNanos = timing.promiseNanos();
        this.store = store;
        this.ballot = last;
        this.promisedUntil = now + promiseNanos;
    }

    /** Answers, and changes the vote where that is asked for. */
    boolean answer(Ask ask, long now) {
        return switch (ask.kind()) {
            case PROBE -> mayVoteFor(ask, now);
            case CLAIM -> mayVoteFor(ask, now) && voteFor(ask, now);
            case RELEASE -> release(ask);
            case STOP, STOP_DESTROYED, STOP_INCOMPLETE -> ask.term() >= ballot.term();
        };
    }

    private boolean mayVoteFor(Ask ask, long now) {
        if (ballot.life().equals(ask.life())) {
            return ask.term() >= ballot.term();
        }
        boolean released = ballot.life().isEmpty() && ballot.term() > 0;
        boolean free = released || now - promisedUntil >= 0;
        return free && ask.term() > ballot.term();
    }

    private boolean voteFor(Ask ask, long now) {
        Ballot next = new Ballot(ask.term(), ask.life());
        if (!next.equals(ballot)) {
            store.write(next);
            ballot = next;
        }
        promisedUntil = now + promiseNanos;
        node = ask.node();
        url = ask.url();
        return true;
    }

    /** The vote is free for a newer term at once. The term itself is used up: somebody may have led in it. */
    private boolean release(Ask ask) {
        if (ballot.equals(new Ballot(ask.term(), ask.life()))) {
            ballot = new Ballot(ask.term(), "");
            store.write(ballot);
        }
        return true;
    }

    /** To whom the vote is promised now; a promise of its last life, whose node it doesn't know, is one, too. */
    Optional<Promise> promise(long now) {
        return ballot.life().isEmpty() || now - promisedUntil >= 0
                ? Optional.empty()
                : Optional.of(new Promise(node, ballot.life(), url, ballot.term()));
    }

    /** The newest term that it has voted in. */
    long term() {
        return ballot.term();
    }
}
