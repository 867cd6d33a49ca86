package org.virtugrid.jobs.value;

import java.util.Map;
import java.util.Set;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.JobParameters;

/**
 * The part of a line that an operation works on: the whole line, or the field that the parameters {@code column} and
 * {@code delimiter} name. One instance a thread.
 */
public final class Column {
    /** The names of the parameters that say which part of a line is meant. */
    public static final Set<String> PARAMETERS = Set.of("column", "delimiter");

    private static final Map<String, Character> NAMED =
            Map.of("tab", '\t', "comma", ',', "space", ' ', "semicolon", ';', "pipe", '|');

    private final int number;
    private final boolean runsOfWhiteSpace;
    private final byte delimiter;
    private int offset;
    private int length;

    /** Reads the parameters. */
    public Column(JobParameters parameters) throws InvalidJobException {
        number = (int) parameters.whole("column", 0, 1, 1_000_000);
        String text = parameters.text("delimiter", "tab");
        if (number == 0 && parameters.has("delimiter")) {
            throw new InvalidJobException("delimiter", "is of no use without a column", "give column, too");
        }
        runsOfWhiteSpace = text.equals("whitespace");
        delimiter = runsOfWhiteSpace ? (byte) ' ' : (byte) single(text);
    }

    private static char single(String text) throws InvalidJobException {
        Character named = NAMED.get(text);
        if (named != null) {
            return named;
        }
        if (text.length() == 1 && text.charAt(0) < 0x80 && text.charAt(0) != '\n') {
            return text.charAt(0);
        }
        throw new InvalidJobException(
                "delimiter",
                "'" + text + "' is not a delimiter",
                "give tab, comma, space, semicolon, pipe, whitespace or one ASCII character");
    }

    /** Whether the whole line is meant. */
    public boolean isWholeLine() {
        return number == 0;
    }

    /** Finds the part in a line; false when the line has no such column. */
    public boolean find(byte[] array, int lineOffset, int lineLength) {
        if (number == 0) {
            offset = lineOffset;
            length = lineLength;
            return true;
        }
        int end = lineOffset + lineLength;
        return runsOfWhiteSpace ? findWord(array, lineOffset, end) : findField(array, lineOffset, end);
    }

    private boolean findField(byte[] array, int from, int end) {
        int at = from;
        for (int field = 1; field < number; field++) {
            at = delimiterFrom(array, at, end);
            if (at == end) {
                return false;
            }
            at++;
        }
        offset = at;
        length = delimiterFrom(array, at, end) - at;
        return true;
    }

    private int delimiterFrom(byte[] array, int from, int end) {
        int at = from;
        while (at < end && array[at] != delimiter) {
            at++;
        }
        return at;
    }

    private boolean findWord(byte[] array, int from, int end) {
        int at = from;
        for (int word = 1; ; word++) {
            while (at < end && WhiteSpace.is(array[at])) {
                at++;
            }
            if (at == end) {
                return false;
            }
            int begin = at;
            while (at < end && !WhiteSpace.is(array[at])) {
                at++;
            }
            if (word == number) {
                offset = begin;
                length = at - begin;
                return true;
            }
        }
    }

    /** Where the part that was found begins. */
    public int offset() {
        return offset;
    }

    /** How many bytes the part that was found has. */
    public int length() {
        return length;
    }

    /** What to say of a line that has no such column. */
    public InvalidJobException missing(byte[] array, int lineOffset, int lineLength, String remedy) {
        return new InvalidJobException(
                "column",
                "there is no column " + number + " in the line '" + ByteText.excerpt(array, lineOffset, lineLength)
                        + "'",
                remedy);
    }
}
