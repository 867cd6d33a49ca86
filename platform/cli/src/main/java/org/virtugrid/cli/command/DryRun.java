package org.virtugrid.cli.command;

import picocli.CommandLine.Option;

/** The option of commands that can say beforehand what they would do. */
final class DryRun {
    @Option(
            names = "--dry-run",
            description = "Only say what it would do, and whether it would be refused (exit code 4).")
    private boolean wanted;

    boolean isWanted() {
        return wanted;
    }
}
