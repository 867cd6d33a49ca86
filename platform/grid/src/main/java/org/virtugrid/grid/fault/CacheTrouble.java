package org.virtugrid.grid.fault;

import java.util.Optional;

/** What Ignite says when a cache as a whole cannot be used, in words that tell a user what to do. */
public final class CacheTrouble {
    /** Ignite's words when its topology validator, here the majority of workers, says no. */
    private static final String NO_MAJORITY = "cache topology is not valid";
    /** Ignite's words for a partition without a living owner. */
    private static final String LOST = "partition data has been lost";

    private CacheTrouble() {}

    /** The trouble that is somewhere among the causes of a failure; empty when it failed for another reason. */
    public static Optional<GridException> of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.contains(NO_MAJORITY)) {
                return Optional.of(new GridException(
                        GridException.Kind.UNAVAILABLE,
                        null,
                        "the grid takes no writes now, since not more than half of its workers are there",
                        "start those that are missing: `virtugrid vm list` shows them",
                        failure));
            }
            if (message.contains(LOST)) {
                return Optional.of(new GridException(
                        GridException.Kind.UNAVAILABLE,
                        null,
                        "of a part of the data no copy is there now",
                        "start the workers that are missing: `virtugrid status` tells what is lacking",
                        failure));
            }
            if (cause.getCause() == cause) {
                break;
            }
        }
        return Optional.empty();
    }
}
