package org.virtugrid.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.virtugrid.api.StatusView;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.home.Home;
import org.virtugrid.cli.home.Invitation;
import org.virtugrid.cli.launch.ControlProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Control nodes. */
@Command(
        name = "control",
        description = "Several control nodes for one grid.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ControlCommand.Invite.class, ControlCommand.RunControl.class},
        footerHeading = "%nExample:%n",
        footer = {
            "  virtugrid control invite invitation.json",
            "  virtugrid --home ~/second up --join invitation.json --control-id control-2 --port 3001"
        })
final class ControlCommand {
    private ControlCommand() {}

    @Command(
            name = "run",
            description = "Run the control process of a home that up has made, until it ends; for systemd and its like."
                    + " The exit code is its own.")
    static final class RunControl extends Action {
        @Override
        public Integer call() {
            Home home = session().home();
            if (session().isElsewhere() || home.kind() != Home.Kind.GRID) {
                throw wrong("there is no grid in " + home.directory() + "; make one with: virtugrid up");
            }
            if (home.liveControl().isPresent()) {
                throw CliException.failed("the control process of " + home.directory() + " runs already");
            }
            return new ControlProcess(home, session().install().orElseThrow(() -> wrong("run it as scripts/virtugrid")))
                    .run();
        }
    }

    @Command(
            name = "invite",
            description = "Write a file with which other homes join as control nodes. It holds the grid's secrets.")
    static final class Invite extends Action {
        @Parameters(paramLabel = "FILE", description = "The file to be written, for its owner alone.")
        private Path file;

        @Override
        public Integer call() {
            if (session().isElsewhere()) {
                throw wrong("an invitation is made where the home is: leave out --url and VIRTUGRID_URL");
            }
            if (Files.exists(file)) {
                throw wrong(file + " is there already; give a new name");
            }
            Invitation invitation = Invitation.of(session().home());
            requireSeveral();
            invitation.write(file);
            output().data(
                            Map.of("file", file.toString()),
                            () -> "The invitation is in " + file
                                    + ". It holds the grid's secrets: delete it after use.");
            return done();
        }

        /** One that has not been started with the others in its settings acts alone, and two leaders would do harm. */
        private void requireSeveral() {
            if (session().home().liveControl().isPresent()) {
                StatusView status = client().call(Request.get("/api/super-vm/status"), StatusView.class);
                if (status.control() == null || status.control().size() < 3) {
                    throw CliException.wrongInput(
                            "this control node runs alone: virtugrid down, then virtugrid up --config FILE with a file"
                                    + " that names three control nodes");
                }
            }
        }
    }
}
