package org.virtugrid.control.leadership;

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
        /** The leader stops the whole platform: end your process. */
        STOP
    }

    Ask as(Kind other) {
        return new Ask(other, group, node, life, term, url);
    }
}
