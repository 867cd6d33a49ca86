package org.virtugrid.cli.doctor;

import static org.virtugrid.cli.doctor.Preflight.bad;
import static org.virtugrid.cli.doctor.Preflight.fine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.virtugrid.api.CheckItem;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.ShellWord;
import org.virtugrid.cli.home.Home;
import org.virtugrid.cli.home.HomeSettings;
import org.virtugrid.cli.home.UpLock;

/** Checks that the home is ours, complete, readable by its owner alone, and of a layout that this version knows. */
final class HomeChecks {
    private final Machine machine;
    private final Home home;

    HomeChecks(Machine machine, Home home) {
        this.machine = machine;
        this.home = home;
    }

    List<CheckItem> run(boolean running) {
        List<CheckItem> items = new ArrayList<>();
        items.add(kind());
        if (home.kind() == Home.Kind.GRID) {
            items.add(settings());
            items.add(directoryAccess());
            items.add(
                    secret("token", home.tokenFile(), running, "virtugrid down, then virtugrid up (makes a new one)"));
            items.add(secret(
                    "ignite-password",
                    home.ignitePasswordFile(),
                    running || home.hasVms(),
                    "restore it from a copy; without it the data can only be removed: virtugrid down --destroy"));
            items.add(lock());
        }
        return items;
    }

    private CheckItem kind() {
        Path directory = home.directory();
        if (home.kind() == Home.Kind.FOREIGN) {
            return Files.isDirectory(directory)
                    ? bad("home", directory + " is not empty and not a grid's", "give --home DIR, a new or empty one")
                    : bad("home", directory + " is not a directory", "give --home DIR, a new or empty one");
        }
        if (!machine.isWritable(directory)) {
            return bad("home", directory + " is not writable for this user", "give --home DIR, one of your own");
        }
        return fine("home", directory + (home.kind() == Home.Kind.GRID ? "" : " (will be made)"));
    }

    private CheckItem settings() {
        try {
            int version = home.settings().map(HomeSettings::formatVersion).orElse(HomeSettings.FORMAT_VERSION);
            String found = "layout " + version;
            return version <= HomeSettings.FORMAT_VERSION
                    ? fine("settings", found)
                    : bad(
                            "settings",
                            home.directory() + " was made by a newer version (" + found + ", this one knows "
                                    + HomeSettings.FORMAT_VERSION + ")",
                            "update this clone (git pull), or give --home DIR, a new one");
        } catch (CliException e) {
            return bad("settings", e.getMessage(), "restore home.json from a copy, or give --home DIR, a new one");
        }
    }

    private CheckItem directoryAccess() {
        Path directory = home.directory();
        // A link to the home is no matter; what it points to is
        Optional<Machine.Access> access =
                machine.access(Files.isSymbolicLink(directory) ? realOf(directory) : directory);
        if (access.isPresent() && !access.get().ours()) {
            return bad(
                    "home-access",
                    directory + " belongs to " + access.get().owner(),
                    "run as " + access.get().owner() + ", or give --home DIR, one of your own");
        }
        boolean closed = access.isEmpty() || access.get().permissions().endsWith("------");
        return closed
                ? fine("home-access", "its owner alone")
                : bad("home-access", "others may enter " + directory, "chmod 700 " + quoted(directory));
    }

    private CheckItem secret(String check, Path file, boolean needed, String remedy) {
        Optional<Machine.Access> access = machine.access(file);
        if (access.isEmpty()) {
            return needed
                    ? bad(check, file + " is missing, and what lies in the home belongs to it", remedy)
                    : fine(check, "will be made");
        }
        if (!access.get().ours()) {
            return bad(
                    check,
                    file + " belongs to " + access.get().owner(),
                    "chown " + System.getProperty("user.name") + " " + quoted(file));
        }
        String permissions = access.get().permissions();
        return permissions.equals("rw-------") || permissions.equals("r--------")
                ? fine(check, file.toString())
                : bad(check, file + " has the permissions " + permissions, "chmod 600 " + quoted(file));
    }

    private CheckItem lock() {
        return fine("lock", UpLock.isHeld(home) ? "an up or down is under way" : "free");
    }

    private static Path realOf(Path link) {
        try {
            return link.toRealPath();
        } catch (IOException e) {
            return link;
        }
    }

    private static String quoted(Path path) {
        return ShellWord.quoted(path.toString());
    }
}
