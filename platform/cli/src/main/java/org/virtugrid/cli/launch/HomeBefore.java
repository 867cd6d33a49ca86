package org.virtugrid.cli.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.virtugrid.cli.home.Destruction;
import org.virtugrid.cli.home.Home;
import org.virtugrid.cli.home.OwnerOnly;
import org.virtugrid.cli.home.UpLock;

/** How a home was set before {@code up}, so that one that was asked for something wrong can leave it like that. */
final class HomeBefore {
    private final Home home;
    private final boolean existed;
    private final boolean grid;
    private final Map<Path, byte[]> files = new LinkedHashMap<>();

    /**
     * To be called before anything is written into the home, by who holds its lock.
     *
     * @param existed whether its directory was there before that lock was
     */
    HomeBefore(Home home, boolean existed) throws IOException {
        this.home = home;
        this.existed = existed;
        this.grid = home.kind() == Home.Kind.GRID;
        for (Path file : new Path[] {home.settingsFile(), home.controlYaml()}) {
            files.put(file, Files.isRegularFile(file) ? Files.readAllBytes(file) : null);
        }
    }

    /** Puts the settings back, or removes the home if there was none. Leaves alone what another {@code up} has now. */
    void restore() throws IOException {
        Optional<UpLock> lock = UpLock.tryTake(home);
        if (lock.isEmpty()) {
            return;
        }
        try {
            restoreAlone();
        } finally {
            lock.get().close();
        }
    }

    private void restoreAlone() throws IOException {
        if (home.liveControl().isPresent()) {
            return;
        }
        if (!grid) {
            Destruction.undo(home, !existed);
            return;
        }
        for (Map.Entry<Path, byte[]> file : files.entrySet()) {
            if (file.getValue() == null) {
                Files.deleteIfExists(file.getKey());
            } else {
                OwnerOnly.replace(file.getKey(), file.getValue());
            }
        }
    }
}
