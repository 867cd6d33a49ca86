package org.virtugrid.control.leadership;

/**
 * The last vote of a voter. It must outlive the voter's process.
 *
 * @param term grows
 * @param life whom it voted for, empty when that one gave up
 */
record Ballot(long term, String life) {
    static final Ballot NONE = new Ballot(0, "");
}
