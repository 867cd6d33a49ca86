package org.virtugrid.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.virtugrid.cli.command.VirtuGrid;
import org.virtugrid.cli.console.Console;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.failure.ExitCode;
import org.virtugrid.cli.format.ByteSize;
import org.virtugrid.cli.format.Table;
import org.virtugrid.cli.format.TimeSpan;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Where the command line begins. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        // A request that changes something must not be sent twice behind our back
        System.setProperty("sun.net.http.retryPost", "false");
        int exitCode = run(Console.system(), args);
        System.exit(exitCode);
    }

    /** Runs one command and returns its exit code; never throws. */
    public static int run(Console console, String... args) {
        CommandLine commandLine = commandLine(console);
        int exitCode = commandLine.execute(args);
        console.out().flush();
        console.err().flush();
        return exitCode;
    }

    static CommandLine commandLine(Console console) {
        CommandLine commandLine = new CommandLine(new VirtuGrid(console));
        commandLine.setExpandAtFiles(false);
        commandLine.registerConverter(ByteSize.class, text -> converted(() -> ByteSize.parse(text)));
        commandLine.registerConverter(TimeSpan.class, text -> converted(() -> TimeSpan.parse(text)));
        commandLine.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        commandLine.setUsageHelpLongOptionsMaxWidth(28);
        commandLine.setUsageHelpWidth(100);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler((e, given) -> wrongUse(console, e));
        commandLine.setExecutionExceptionHandler((e, command, parsed) -> failed(console, e));
        return commandLine;
    }

    private static int wrongUse(Console console, ParameterException e) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        List<String> unmatched = e instanceof UnmatchedArgumentException unknown ? unknown.getUnmatched() : List.of();
        if (unmatched.isEmpty()) {
            console.err().println("virtugrid: " + Table.printable(e.getMessage()));
        } else {
            String word = unmatched.get(0);
            String what =
                    word.startsWith("-") ? "option" : command.subcommands().isEmpty() ? "argument" : "command";
            List<String> meant = Suggestions.of(command, word);
            console.err()
                    .println("virtugrid: unknown " + what + " '" + Table.printable(word) + "'"
                            + (meant.isEmpty() ? "" : "; did you mean " + String.join(" or ", meant) + "?"));
        }
        console.err().println("See: " + command.qualifiedName() + " --help");
        return ExitCode.WRONG_INPUT;
    }

    private static int failed(Console console, Exception e) {
        if (e instanceof CliException known) {
            // What was typed may be in it; only our own ends of lines reach the terminal
            String message = known.getMessage().lines().map(Table::printable).collect(Collectors.joining("\n"));
            console.err().println("virtugrid: " + message);
            return known.exitCode();
        }
        console.err()
                .println(
                        "virtugrid: unexpected " + e + (isDebugging(console) ? "" : "; VIRTUGRID_DEBUG=1 shows where"));
        if (isDebugging(console)) {
            e.printStackTrace(console.err());
        }
        return ExitCode.FAILED;
    }

    private static boolean isDebugging(Console console) {
        return console.environment("VIRTUGRID_DEBUG") != null;
    }

    private static <T> T converted(Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
