package org.virtugrid.e2e.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands as a user's shell would, each with a deadline. */
public final class Commands {
    private Commands() {}

    /**
     * Runs a command to its end.
     *
     * @param stdin what it reads, or null for nothing
     * @param stdout where its stdout goes, or null to have it in the result
     */
    public static Result run(
            List<String> command, Map<String, String> environment, Path stdin, Path stdout, Duration deadline) {
        long began = System.nanoTime();
        try {
            Path out = stdout == null ? Files.createTempFile("virtugrid-out", null) : stdout;
            Path err = Files.createTempFile("virtugrid-err", null);
            try {
                Process process = builder(command, environment)
                        .redirectInput(stdin == null ? new File("/dev/null") : stdin.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
                try {
                    if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                        throw new AssertionError(String.join(" ", command) + " did not end within " + deadline
                                + "\nstderr: " + Files.readString(err, StandardCharsets.ISO_8859_1));
                    }
                } finally {
                    kill(process);
                }
                return new Result(
                        command,
                        process.exitValue(),
                        stdout == null ? new String(Files.readAllBytes(out), StandardCharsets.UTF_8) : "",
                        Files.readString(err, StandardCharsets.UTF_8),
                        (System.nanoTime() - began) / 1e9);
            } finally {
                Files.delete(err);
                if (stdout == null) {
                    Files.delete(out);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + String.join(" ", command) + " ran", e);
        }
    }

    /** What a shell command prints; it must succeed. {@code $1} and so on are the arguments. */
    public static String shell(String script, Object... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of("bash", "-c", "set -eo pipefail; " + script, "test"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return run(command, Map.of("LC_ALL", "C"), null, null, Duration.ofMinutes(5))
                .expect(0)
                .out();
    }

    static ProcessBuilder builder(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("VIRTUGRID_"));
        builder.environment().putAll(environment);
        return builder;
    }

    /** Ends a process and its children, when they still run. */
    static void kill(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
