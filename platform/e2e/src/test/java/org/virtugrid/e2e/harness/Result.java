package org.virtugrid.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * How a command ended.
 *
 * @param out all of its stdout, as ISO-8859-1 so that no byte is lost
 * @param err all of its stderr
 */
public record Result(List<String> command, int exitCode, String out, String err, double seconds) {

    /** Fails, with all that the command said, unless it ended with this exit code. */
    public Result expect(int wanted) {
        assertThat(exitCode).as("exit code of %s", this).isEqualTo(wanted);
        return this;
    }

    /** Fails unless it was refused with this exit code and exactly one line, which holds all of the words. */
    public Result refused(int wanted, String... words) {
        expect(wanted);
        List<String> lines = err.lines().filter(line -> !line.isBlank()).toList();
        assertThat(lines).as("messages of %s", this).hasSize(1);
        assertThat(lines.get(0)).as("message of %s", this).contains(words).doesNotContain("Exception");
        assertThat(out).as("stdout of %s", this).isEmpty();
        return this;
    }

    /** Its stdout, which must be exactly one JSON value. */
    public JsonNode json() {
        return Json.parse(out);
    }

    @Override
    public String toString() {
        return String.join(" ", command) + " (exit code " + exitCode + " after " + seconds + " s)\nstdout: "
                + shortened(out) + "\nstderr: " + shortened(err);
    }

    private static String shortened(String text) {
        return text.length() <= 4000 ? text : text.substring(0, 2000) + " … " + text.substring(text.length() - 2000);
    }
}
