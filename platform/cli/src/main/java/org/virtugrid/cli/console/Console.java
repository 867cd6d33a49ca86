package org.virtugrid.cli.console;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * The surroundings of a command.
 *
 * @param rawOut stdout without a buffer and with its errors, for bytes in bulk
 * @param canAsk whether somebody can answer a question: stdin and stderr are a terminal
 * @param errTerminal whether stderr is a terminal, where a line may be rewritten
 */
public record Console(
        InputStream in,
        PrintStream out,
        OutputStream rawOut,
        PrintStream err,
        boolean canAsk,
        boolean errTerminal,
        Map<String, String> environment,
        Clock clock) {

    /** The console of this process. */
    public static Console system() {
        FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        FileOutputStream err = new FileOutputStream(FileDescriptor.err);
        return new Console(
                // A bare FileInputStream asks for a position, which a pipe does not have
                new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
                new PrintStream(new BufferedOutputStream(out, 1 << 16), false, StandardCharsets.UTF_8),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                isTerminal(0) && isTerminal(2),
                isTerminal(2),
                System.getenv(),
                Clock.systemUTC());
    }

    /** The value of an environment variable, null when it is unset or empty. */
    public String environment(String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** Environment variables hold secrets, so they are never printed. */
    @Override
    public String toString() {
        return "Console[canAsk=" + canAsk + ", errTerminal=" + errTerminal + "]";
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
