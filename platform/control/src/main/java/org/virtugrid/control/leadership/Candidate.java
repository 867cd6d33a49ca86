package org.virtugrid.control.leadership;

import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Decides when one control process asks for votes, and whether it leads. Time is handed in, in nanoseconds of one monotonic
 * clock that goes on while the process is frozen. Not safe for use by several threads.
 *
 * <p>It leads in a term from the moment in which a majority has answered until one lease after the moment <em>before</em> it
 * asked. Each of that majority keeps its promise for longer, from a later moment on; so nobody else can have a majority
 * before this one knows that its lease is over.
 */
final class Candidate {
    private static final long RETRY_NANOS = 200_000_000;
    private static final long SPREAD_NANOS = 400_000_000;

    private final int voters;
    private final LeaseTiming timing;
    private final RandomGenerator random;
    private long seenTerm;
    private long term;
    private boolean claiming;
    private boolean leading;
    /** A voter has used this term up for another one, and will refuse its vote until we ask in a newer one. */
    private boolean behind;

    private long leaseUntil;
    private long next;

    /** Until when it leads in which term; meaningful on the clock of its candidate alone. */
    record Lease(long term, long untilNanos) {
        static final Lease NONE = new Lease(0, 0);

        OptionalLong term(long now) {
            return term != 0 && now - untilNanos < 0 ? OptionalLong.of(term) : OptionalLong.empty();
        }
    }

    /** One question to all voters. */
    record Round(Ask.Kind kind, long term, long beganNanos) {}

    /**
     * A candidate among so many voters.
     *
     * @param seenTerm the newest term that it knows of
     */
    Candidate(int voters, long seenTerm, long now, LeaseTiming timing, RandomGenerator random) {
        this.voters = voters;
        this.seenTerm = seenTerm;
        this.timing = timing;
        this.random = random;
        this.next = now;
    }

    /** The round that is to begin now, if any; {@code promised}: its own voter has promised its vote to another one. */
    Optional<Round> due(long now, boolean promised) {
        if (promised && !leading && !claiming) {
            next = now + random.nextLong(SPREAD_NANOS);
            return Optional.empty();
        }
        return now - next < 0 ? Optional.empty() : Optional.of(round(now));
    }

    /** A round that begins at once: whether it still leads. */
    Optional<Round> check(long now) {
        return term(now).isPresent() ? Optional.of(round(now)) : Optional.empty();
    }

    private Round round(long now) {
        if (leading && behind) {
            return new Round(Ask.Kind.CLAIM, seenTerm + 1, now);
        }
        return leading || claiming
                ? new Round(Ask.Kind.CLAIM, term, now)
                : new Round(Ask.Kind.PROBE, seenTerm + 1, now);
    }

    /** Whether these answers are enough, so that the others need not be waited for. */
    boolean majority(Collection<Answer> answers) {
        return answers.stream().filter(Answer::granted).count() * 2 > voters;
    }

    /**
     * Takes note of a round's answers; each voter's counts once, and none of another round.
     *
     * @return the term that has to be released, as this process will never lead in it (any more)
     */
    OptionalLong conclude(Round round, Collection<Answer> answers, long now) {
        answers.forEach(answer -> seenTerm = Math.max(seenTerm, answer.term()));
        boolean won = majority(answers);
        if (round.kind() == Ask.Kind.PROBE) {
            claiming = won;
            term = won ? round.term() : term;
            next = won ? now : now + pause();
            return OptionalLong.empty();
        }
        seenTerm = Math.max(seenTerm, round.term());
        behind = answers.stream().anyMatch(answer -> !answer.granted() && answer.term() >= round.term());
        if (won) {
            term = round.term();
            claiming = false;
            leading = true;
            leaseUntil = round.beganNanos() + timing.lease().toNanos();
            next = round.beganNanos() + timing.beat().toNanos();
            return OptionalLong.empty();
        }
        if (leading && now - leaseUntil < 0) {
            next = now + RETRY_NANOS;
            return OptionalLong.empty();
        }
        leading = false;
        claiming = false;
        next = now + pause();
        return OptionalLong.of(round.term());
    }

    /** Two who lost against each other shall not begin anew at the same time. */
    private long pause() {
        return RETRY_NANOS + random.nextLong(SPREAD_NANOS);
    }

    /** What its last round of votes gave it. */
    Lease lease() {
        return leading ? new Lease(term, leaseUntil) : Lease.NONE;
    }

    /** The term in which it leads now; empty when it does not, or can't know. */
    OptionalLong term(long now) {
        return lease().term(now);
    }
}
