package org.virtugrid.control.leadership;

import java.util.Arrays;
import java.util.Optional;
import org.virtugrid.control.coordinator.ShutdownReport.Outcome;

/**
 * What a control process asks another one for.
 *
 * @param group the control nodes that the asker knows of, so that two who disagree never count each other's votes
 * @param node its configured id
 * @param life its id and which life of its process it is: a vote for one life is none for the next
 * @param url where its REST is
 */
record Ask(Kind kind, String group, String node, String life, long term, String url) {
    /** The kinds. */
    enum Kind {
        /** Would you vote for me? Changes nothing, so that a node without hope never raises the term. */
        PROBE,
        /** Vote for me, or go on doing so. */
        CLAIM,
        /** I will never lead in this term (any more). */
        RELEASE,
        /** The leader has stopped the whole platform: end your process. */
        STOP,
        /** The same, and nothing is left of its VMs. */
        STOP_DESTROYED,
        /** The same, but some VMs are left that should have ended. */
        STOP_INCOMPLETE;

        static Kind of(Outcome outcome) {
            return switch (outcome) {
                case STOPPED -> STOP;
                case DESTROYED -> STOP_DESTROYED;
                case INCOMPLETE -> STOP_INCOMPLETE;
            };
        }

        /** How the shutdown went that this tells of; empty when it tells of none. */
        Optional<Outcome> outcome() {
            return Arrays.stream(Outcome.values())
                    .filter(outcome -> of(outcome) == this)
                    .findFirst();
        }
    }

    Ask as(Kind other) {
        return new Ask(other, group, node, life, term, url);
    }
}
