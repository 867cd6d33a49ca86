package org.virtugrid.cli.console;

/** Words for a person who ends a command by Ctrl-C while it is open: what goes on, and how to come back to it. */
public final class Farewell implements AutoCloseable {
    private final Thread hook;

    public Farewell(Output output, Progress progress, String words) {
        hook = new Thread(
                () -> {
                    progress.clear();
                    output.message(words);
                },
                "farewell");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // Then the words are being said
        }
    }
}
