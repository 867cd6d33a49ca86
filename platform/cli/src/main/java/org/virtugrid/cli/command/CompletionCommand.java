package org.virtugrid.cli.command;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Prints a script that teaches a shell the commands and options. */
@Command(
        name = "completion",
        description = "Print the completion script for bash and zsh.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(virtugrid completion)",
            "  virtugrid completion > ~/.local/share/bash-completion/completions/virtugrid"
        })
final class CompletionCommand extends Action {
    @Override
    public Integer call() {
        session()
                .console()
                .out()
                .print(AutoComplete.bash("virtugrid", spec().root().commandLine()));
        return done();
    }
}
