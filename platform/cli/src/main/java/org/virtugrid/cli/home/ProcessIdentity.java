package org.virtugrid.cli.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.virtugrid.cli.format.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * One process for good: a pid is used again, but not with the same time of start.
 *
 * @param startTicks when the process began, in clock ticks since boot (field 22 of {@code /proc/PID/stat})
 */
public record ProcessIdentity(long pid, long startTicks) {
    private static final int STATE_FIELD = 0;
    private static final int START_FIELD = 19;

    /** The identity of the process that has this pid now. */
    public static Optional<ProcessIdentity> of(long pid) {
        OptionalLong ticks = startTicksOf(pid);
        return ticks.isPresent() ? Optional.of(new ProcessIdentity(pid, ticks.getAsLong())) : Optional.empty();
    }

    /** Reads {@code {pid,startTicks}}; empty when the fields are missing. */
    static Optional<ProcessIdentity> from(JsonNode node) {
        JsonNode pid = node.path("pid");
        JsonNode ticks = node.path("startTicks");
        return pid.isIntegralNumber() && ticks.isIntegralNumber()
                ? Optional.of(new ProcessIdentity(pid.longValue(), ticks.longValue()))
                : Optional.empty();
    }

    /** Reads the identity in a file; empty when there is no such file or it is not readable as one. */
    static Optional<ProcessIdentity> fromFile(Path file) {
        try {
            return from(Json.parse(Files.readString(file)));
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** True while this very process runs; a zombie does not. */
    public boolean isAlive() {
        OptionalLong ticks = startTicksOf(pid);
        return ticks.isPresent() && ticks.getAsLong() == startTicks;
    }

    /** Sends SIGTERM, or SIGKILL when forced, unless the process is another one by now. */
    public void signal(boolean force) {
        if (isAlive()) {
            ProcessHandle.of(pid).ifPresent(process -> {
                if (force) {
                    process.destroyForcibly();
                } else {
                    process.destroy();
                }
            });
        }
    }

    private static OptionalLong startTicksOf(long pid) {
        try {
            String stat =
                    new String(Files.readAllBytes(Path.of("/proc/" + pid + "/stat")), StandardCharsets.ISO_8859_1);
            // The name stands in parentheses and may hold blanks and parentheses itself
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
            boolean gone = fields[STATE_FIELD].equals("Z") || fields[STATE_FIELD].equals("X");
            return gone ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(fields[START_FIELD]));
        } catch (IOException | RuntimeException e) {
            return OptionalLong.empty();
        }
    }
}
