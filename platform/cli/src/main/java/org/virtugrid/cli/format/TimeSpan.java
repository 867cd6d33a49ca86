package org.virtugrid.cli.format;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A length of time, written as {@code 30s}, {@code 5m}, {@code 1h}, {@code 2d}, {@code 500ms} or plain seconds. */
public record TimeSpan(Duration duration) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d|)");
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    /** Reads a span; throws {@link IllegalArgumentException} with a sentence for the user. */
    public static TimeSpan parse(String text) {
        Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no length of time; write it like 30s, 5m or 1h");
        }
        long number = Long.parseLong(form.group(1));
        return new TimeSpan(
                switch (form.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    case "d" -> Duration.ofDays(number);
                    default -> Duration.ofSeconds(number);
                });
    }

    /** Reads a point in time: an ISO-8601 instant, or a span that lies back from now. */
    public static Instant parseSince(String text, Clock clock) {
        try {
            return OffsetDateTime.parse(text.strip()).toInstant();
        } catch (DateTimeParseException notAnInstant) {
            try {
                return clock.instant().minus(parse(text).duration());
            } catch (IllegalArgumentException notASpan) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no time; write it like 1h (ago) or 2026-01-31T12:00:00Z", notASpan);
            }
        }
    }

    /** Rounded for people. */
    public static String human(long seconds) {
        return human((double) seconds);
    }

    /** Rounded for people: {@code 1 h 5 m}, {@code 12 s}, {@code 0.4 s}. */
    public static String human(double seconds) {
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", Math.max(0, seconds));
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        if (whole < 3600) {
            return whole / 60 + " m " + whole % 60 + " s";
        }
        return whole < 86_400
                ? whole / 3600 + " h " + whole % 3600 / 60 + " m"
                : whole / 86_400 + " d " + whole % 86_400 / 3600 + " h";
    }

    /** The instant in local time, or a dash. */
    public static String local(Instant time) {
        return time == null ? "-" : LOCAL.format(time.atZone(ZoneId.systemDefault()));
    }
}
