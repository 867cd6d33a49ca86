package org.virtugrid.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.virtugrid.cli.console.Console;
import org.virtugrid.cli.format.Json;
import tools.jackson.databind.JsonNode;

/** Runs one command in this process and keeps what it printed. */
public final class Run {
    private final Map<String, String> environment = new HashMap<>();
    private byte[] input = new byte[0];
    private boolean terminal;

    /** What came out of it. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Result(int exitCode, byte[] outBytes, String err) {
        public String out() {
            return new String(outBytes, StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return Json.parse(out());
        }
    }

    public static Run in(Path home) {
        return new Run().with("VIRTUGRID_HOME", home.toString());
    }

    static Run against(FakeGrid grid) {
        return new Run()
                .with("VIRTUGRID_HOME", "/nonexistent/home")
                .with("VIRTUGRID_URL", grid.url())
                .with("VIRTUGRID_TOKEN", FakeGrid.TOKEN);
    }

    public Run with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    public Run typing(String text) {
        terminal = true;
        return reading(text.getBytes(StandardCharsets.UTF_8));
    }

    public Run reading(byte[] bytes) {
        input = bytes.clone();
        return this;
    }

    public Result run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(input),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                false,
                environment,
                Clock.systemUTC());
        int exitCode = Main.run(console, args);
        return new Result(exitCode, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }
}
