package org.virtugrid.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.console.Pause;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.TimeSpan;
import org.virtugrid.cli.home.Destruction;
import org.virtugrid.cli.home.Home;
import org.virtugrid.cli.launch.GridStop;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stops the grid of a home, and removes it for good when asked to. */
@Command(
        name = "down",
        description = "Stop everything gracefully; all data stays for the next up.",
        footerHeading = "%nExamples:%n",
        footer = {"  virtugrid down", "  virtugrid --home /tmp/try down --destroy --yes"})
final class DownCommand extends Action {
    @Option(names = "--destroy", description = "Remove all data, secrets and logs of the home, too.")
    private boolean destroy;

    @Option(names = "--yes", description = "Don't ask before that.")
    private boolean yes;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "90s",
            description = "How long a graceful stop may take before processes are ended (${DEFAULT-VALUE}).")
    private TimeSpan timeout;

    @Override
    public Integer call() {
        if (session().isElsewhere()) {
            return stopElsewhere();
        }
        Home home = session().home();
        if (home.kind() != Home.Kind.GRID) {
            if (destroy && Files.exists(home.directory())) {
                Destruction.requireRemovable(home, userHome());
            }
            return print("There is no grid in " + home.directory() + ": nothing runs", false);
        }
        if (destroy) {
            Destruction.requireRemovable(home, userHome());
            session()
                    .confirmation()
                    .typed(
                            yes,
                            "This removes the grid in " + home.directory() + " with all its datasets and tasks.",
                            home.directory().toString());
        }
        boolean ran;
        try (Progress progress = session().progress()) {
            ran = new GridStop(home, output()).stop(clientIfPossible(), destroy, timeout.duration(), progress);
        }
        if (destroy) {
            Destruction.remove(home, userHome());
        } else if (ran) {
            forget(home.controlFile());
        }
        String stopped = ran ? "The grid is down" : "The grid was down already";
        return print(
                stopped + (destroy ? "; " + home.directory() + " is removed" : "; virtugrid up brings all data back"),
                destroy);
    }

    private int print(String text, boolean destroyed) {
        output().data(Map.of("state", "STOPPED", "destroyed", destroyed), () -> text);
        return done();
    }

    private GridClient clientIfPossible() {
        try {
            return client();
        } catch (CliException noToken) {
            return null;
        }
    }

    private int stopElsewhere() {
        if (destroy) {
            throw wrong("--destroy works on the machine of the grid: leave out --url and VIRTUGRID_URL there");
        }
        GridClient client = client();
        client.call(Request.post("/api/shutdown"));
        long deadline = System.nanoTime() + timeout.duration().toNanos();
        try (Progress progress = session().progress()) {
            while (client.isUp()) {
                if (System.nanoTime() > deadline) {
                    throw CliException.failed(client.address() + " still answers after "
                            + TimeSpan.human(timeout.duration().toSeconds()));
                }
                progress.stage("stopping");
                Pause.millis(200);
            }
        }
        return print("The grid at " + client.address() + " is down", false);
    }

    private static void forget(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It names a process that is gone; whoever reads it finds that out
            return;
        }
    }

    private Path userHome() {
        return Path.of(
                Optional.ofNullable(session().console().environment("HOME")).orElse(System.getProperty("user.home")));
    }
}
