package org.virtugrid.control.rest;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.virtugrid.grid.fault.GridException;

/** Checks of what comes from outside, each with an error that names the field. */
final class Inputs {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern AGO = Pattern.compile("([0-9]{1,9})([smhd])");

    private Inputs() {}

    /** A name of a dataset or a VM. */
    static String name(String field, String text) {
        if (text == null || !NAME.matcher(text).matches()) {
            throw GridException.invalid(
                    field,
                    "'" + shortened(text) + "' is not a valid name",
                    "use a letter or digit, then up to 62 letters, digits, '.', '_' or '-'");
        }
        return text;
    }

    /** A whole number within bounds. */
    static int whole(String field, String text, int otherwise, int min, int max) {
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // the same message as for a number out of bounds
        }
        throw GridException.invalid(
                field,
                field + " is '" + shortened(text) + "', which is not a whole number from " + min + " to " + max,
                "give one in that range");
    }

    /** An instant as ISO-8601, or a time before now such as {@code 90s}, {@code 5m}, {@code 1h}, {@code 2d}. */
    static Instant instant(String field, String text, Instant otherwise, Clock clock) {
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        Matcher ago = AGO.matcher(text);
        try {
            if (!ago.matches()) {
                return Instant.parse(text);
            }
            long amount = Long.parseLong(ago.group(1));
            Duration age =
                    switch (ago.group(2)) {
                        case "s" -> Duration.ofSeconds(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        case "h" -> Duration.ofHours(amount);
                        default -> Duration.ofDays(amount);
                    };
            return clock.instant().minus(age);
        } catch (DateTimeException e) {
            throw GridException.invalid(
                    field,
                    field + " is '" + shortened(text) + "', which is no time",
                    "give one like 2026-01-31T12:00:00Z, or an age like 90s, 5m, 1h or 2d");
        }
    }

    /** Text from outside as an error message may quote it. */
    static String shortened(String text) {
        return text == null || text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
