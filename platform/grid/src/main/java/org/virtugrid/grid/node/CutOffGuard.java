package org.virtugrid.grid.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.ignite.events.Event;
import org.apache.ignite.lang.IgnitePredicate;

/**
 * Halts the process as soon as its node learns that the others count it as failed, before it can commit anything.
 *
 * <p>Ignite's own reaction comes hundreds of milliseconds later, in which a thawed node has committed values of fenced
 * attempts. The marker tells whoever restarts the node that its database may hold what the others never saw.
 */
final class CutOffGuard implements IgnitePredicate<Event> {
    private static final long serialVersionUID = 1L;

    /** Exit code of a node that was cut off. */
    static final int EXIT_CODE = 86;

    private final transient Path marker;

    CutOffGuard(Path marker) {
        this.marker = marker;
    }

    @Override
    public boolean apply(Event event) {
        try {
            Files.createFile(marker);
        } catch (IOException e) {
            // It may be there already; and nothing may keep the process from halting.
        }
        Runtime.getRuntime().halt(EXIT_CODE);
        return false;
    }
}
