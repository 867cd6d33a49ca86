package org.virtugrid.cli.command;

import org.virtugrid.cli.console.Console;
import org.virtugrid.cli.console.OutputFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code virtugrid} itself: the options that every command has. */
@Command(
        name = "virtugrid",
        description = "A data grid that owns its virtual machines.",
        versionProvider = VersionCommand.Provider.class,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        optionListHeading = "%nOptions, before or after the command:%n",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  virtugrid up",
            "  virtugrid dataset put books 'my books.txt'",
            "  virtugrid run process --operation word-count --dataset books",
            "  virtugrid -o json vm list",
            "  virtugrid down",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong input, 3 not found, 4 refused for safety, 5 not reachable."
        },
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            DoctorCommand.class,
            VmCommand.class,
            HostCommand.class,
            ControlCommand.class,
            NodeCommand.class,
            DatasetCommand.class,
            RunCommand.class,
            TaskCommand.class,
            EventsCommand.class,
            ScaleCommand.class,
            ImageCommand.class,
            BackupCommand.class,
            CompletionCommand.class,
            VersionCommand.class,
            GuideCommand.class
        })
public final class VirtuGrid implements SessionSource {
    private final Console console;
    private Session session;

    @Option(
            names = "--home",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "Where the grid keeps everything; or VIRTUGRID_HOME, else ~/.virtugrid.")
    private String home;

    @Option(
            names = "--url",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "Address of the grid; or VIRTUGRID_URL, else that of the home.")
    private String url;

    @Option(
            names = "--token",
            scope = ScopeType.INHERIT,
            paramLabel = "TOKEN",
            description = "Token for it; better VIRTUGRID_TOKEN or the home's file, as options show in process lists.")
    private String token;

    @Option(
            names = {"-o", "--output"},
            scope = ScopeType.INHERIT,
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "How data is printed: ${COMPLETION-CANDIDATES}.")
    private OutputFormat format;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "No progress and no messages.")
    private boolean quiet;

    @Option(
            names = {"-h", "--help"},
            scope = ScopeType.INHERIT,
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    boolean version;

    public VirtuGrid(Console console) {
        this.console = console;
    }

    @Override
    public Session session() {
        if (session == null) {
            session = new Session(console, home, url, token, format, quiet);
        }
        return session;
    }
}
