package org.virtugrid.cli.command;

import java.nio.file.Path;
import java.util.Optional;
import org.virtugrid.cli.client.GridAddress;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.console.Confirmation;
import org.virtugrid.cli.console.Console;
import org.virtugrid.cli.console.Output;
import org.virtugrid.cli.console.OutputFormat;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.doctor.LinuxMachine;
import org.virtugrid.cli.doctor.Machine;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.ShellWord;
import org.virtugrid.cli.home.Home;
import org.virtugrid.cli.home.HomeSettings;

/** What a command works with: the console, the home, and the way to the grid. */
final class Session {
    private final Console console;
    private final Output output;
    private final Home home;
    private final boolean homeGiven;
    private final GridAddress given;
    private final String givenToken;

    Session(Console console, String home, String url, String token, OutputFormat format, boolean quiet) {
        this.console = console;
        this.output = new Output(console, format, quiet);
        this.homeGiven = home != null;
        this.home = new Home(homeDirectory(console, home));
        String address = url == null ? console.environment("VIRTUGRID_URL") : url;
        this.given = address == null ? null : GridAddress.parse(address);
        this.givenToken = token == null ? console.environment("VIRTUGRID_TOKEN") : token;
    }

    Console console() {
        return console;
    }

    Output output() {
        return output;
    }

    Home home() {
        return home;
    }

    Machine machine() {
        return new LinuxMachine();
    }

    Confirmation confirmation() {
        return new Confirmation(console);
    }

    Progress progress() {
        return new Progress(console, output.quiet());
    }

    /** The address that the user gave, empty when it is the home's. */
    Optional<GridAddress> givenAddress() {
        return Optional.ofNullable(given);
    }

    /** Whether the address that was given is another grid than that of the home. */
    boolean isElsewhere() {
        return given != null
                && !(given.isLoopback()
                        && home.settings().map(HomeSettings::httpPort).orElse(-1) == given.port());
    }

    /** The way to the grid; throws when there is none. */
    GridClient client() {
        GridAddress address = given == null ? homeAddress() : given;
        return new GridClient(address, token(address));
    }

    /** Where this clone is, empty when the command wasn't started by the script. */
    Optional<Path> install() {
        return Optional.ofNullable(System.getProperty("virtugrid.install")).map(Path::of);
    }

    /** How this command was called, to be copied into the next one. */
    String commandAsTyped() {
        return System.getProperty("virtugrid.command", "virtugrid")
                + (homeGiven ? " --home " + ShellWord.quoted(home.directory().toString()) : "");
    }

    private GridAddress homeAddress() {
        return GridAddress.local(home.settings()
                .map(HomeSettings::httpPort)
                .orElseThrow(() -> CliException.notReachable(
                        "there is no grid in " + home.directory() + "; start one with: virtugrid up")));
    }

    /** The token of a home is for the grid of that home: it never leaves this machine. */
    private String token(GridAddress address) {
        if (givenToken != null) {
            return givenToken;
        }
        if (address.isLoopback() && home.kind() == Home.Kind.GRID) {
            return home.token();
        }
        throw CliException.wrongInput("which token for " + address + "? Set VIRTUGRID_TOKEN, or give --token"
                + (address.isLoopback() ? ", or --home DIR" : ""));
    }

    private static Path homeDirectory(Console console, String option) {
        String directory = option == null ? console.environment("VIRTUGRID_HOME") : option;
        if (directory != null) {
            if (directory.isBlank()) {
                throw CliException.wrongInput("--home is empty");
            }
            return Path.of(directory);
        }
        String userHome = console.environment("HOME");
        return Path.of(userHome == null ? System.getProperty("user.home") : userHome, ".virtugrid");
    }
}
