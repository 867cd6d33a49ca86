package org.virtugrid.cli.command;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the help of a command, as {@code --help} after it does. */
@Command(name = "help", description = "Show the help of a command.")
final class GuideCommand extends Action {
    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "Such as: dataset put.")
    private List<String> words = List.of();

    @Override
    public Integer call() {
        CommandLine command = spec().root().commandLine();
        for (String word : words) {
            command = command.getSubcommands().get(word);
            if (command == null) {
                throw wrong("there is no command '" + String.join(" ", words) + "'");
            }
        }
        session().console().out().print(command.getUsageMessage());
        return done();
    }
}
