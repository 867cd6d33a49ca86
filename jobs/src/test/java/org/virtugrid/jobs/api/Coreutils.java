package org.virtugrid.jobs.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs shell commands in the C locale, to compare with. */
public final class Coreutils {
    private Coreutils() {}

    /** What the command prints when it reads the given bytes. */
    public static byte[] run(String command, byte[] input) {
        try {
            Path file = Files.createTempFile("coreutils", ".in");
            try {
                try (OutputStream out = Files.newOutputStream(file)) {
                    out.write(input);
                }
                ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).redirectInput(file.toFile());
                builder.environment().put("LC_ALL", "C");
                builder.redirectError(ProcessBuilder.Redirect.INHERIT);
                return builder.start().getInputStream().readAllBytes();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
