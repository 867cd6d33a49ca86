package org.virtugrid.cli.console;

import org.virtugrid.cli.failure.CliException;

/** A moment between two looks at something that somebody else is doing. */
public final class Pause {
    private Pause() {}

    public static void millis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(1, "interrupted", e);
        }
    }
}
