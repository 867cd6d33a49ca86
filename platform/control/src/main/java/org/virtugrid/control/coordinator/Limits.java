package org.virtugrid.control.coordinator;

import java.time.Duration;

/**
 * How patient the coordinator is.
 *
 * @param failureDetection after this silence Ignite fails a node out
 * @param glance a VM that is not seen for no longer than this, while its node serves, is still READY
 * @param settle a process whose node just left gets this long to end by itself
 * @param joinDeadline a VM whose node has not joined by then counts as hung; one that was started before gets that much more
 *     for each earlier start that did not last, up to four times as much
 * @param coldStartGrace how long a cold start waits for members that it could do without
 * @param copiesGrace a destroyed VM's disk is kept until no copy has been made again for so long
 * @param brakeWindow failures within this time count together
 * @param startsBeforeReplacement after so many starts in a row that did not last a VM gets a new disk
 * @param betweenMoves a move of a VM to another host is tried again after so long
 * @param steady a VM that was in the grid for this long starts its next restart without delay
 */
record Limits(
        Duration failureDetection,
        Duration glance,
        Duration settle,
        Duration joinDeadline,
        Duration coldStartGrace,
        Duration copiesGrace,
        Duration brakeWindow,
        int startsBeforeReplacement,
        Duration betweenMoves,
        Duration steady) {

    static Limits standard(Duration failureDetection) {
        return new Limits(
                failureDetection,
                Duration.ofSeconds(3),
                Duration.ofSeconds(1),
                Duration.ofMinutes(2),
                Duration.ofSeconds(20),
                Duration.ofSeconds(15),
                Duration.ofMinutes(1),
                5,
                Duration.ofSeconds(30),
                Duration.ofSeconds(20));
    }
}
