package org.virtugrid.jobs.filter;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.JobContext;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.api.LineSelector;
import org.virtugrid.jobs.value.ByteText;
import org.virtugrid.jobs.value.Column;

/** Keeps the lines in which the parameter {@code pattern} is found. One instance a thread. */
final class LinePattern implements LineSelector {
    private static final String SPECIAL = "\\[](){}.*+?^$|";

    private final Column column;
    private final boolean skipMissing;
    private final boolean invert;
    /** The pattern's bytes where it is plain text, which needs no matcher; else null. */
    private final byte[] plain;

    private final LineText text;
    private final Matcher matcher;

    LinePattern(JobContext context) throws InvalidJobException {
        JobParameters parameters = context.parameters();
        column = new Column(parameters);
        skipMissing = skipsMissing(parameters);
        invert = parameters.flag("invert");
        String pattern = parameters.text("pattern", "");
        plain = pattern.chars().anyMatch(c -> SPECIAL.indexOf(c) >= 0)
                ? null
                : pattern.getBytes(StandardCharsets.UTF_8);
        text = new LineText(context);
        matcher = compile(parameters).matcher(text);
    }

    static boolean skipsMissing(JobParameters parameters) throws InvalidJobException {
        return parameters.choice("missing", "error", "skip").equals("skip");
    }

    static Pattern compile(JobParameters parameters) throws InvalidJobException {
        if (!parameters.has("pattern")) {
            throw new InvalidJobException("pattern", "is missing", "give a regular expression");
        }
        try {
            return Pattern.compile(parameters.text("pattern", ""), Pattern.UNIX_LINES);
        } catch (PatternSyntaxException e) {
            String where = e.getIndex() < 0 ? "" : " at character " + (e.getIndex() + 1);
            throw new InvalidJobException(
                    "pattern",
                    "'" + e.getPattern() + "' is not a regular expression: " + e.getDescription() + where,
                    "correct it, or put \\Q and \\E around plain text");
        }
    }

    @Override
    public boolean keep(byte[] array, int offset, int length) throws InvalidJobException {
        if (!column.find(array, offset, length)) {
            if (skipMissing) {
                return false;
            }
            throw column.missing(array, offset, length, "correct the data or give missing=skip");
        }
        return found(array, column.offset(), column.length()) != invert;
    }

    private boolean found(byte[] array, int offset, int length) throws InvalidJobException {
        if (plain != null) {
            return contains(array, offset, length);
        }
        text.set(array, offset, length);
        try {
            return matcher.reset().find();
        } catch (LineText.Cancelled e) {
            return false;
        } catch (StackOverflowError e) {
            throw new InvalidJobException(
                    "pattern",
                    "is too deep for the line '" + ByteText.excerpt(array, offset, length) + "'",
                    "write repeated groups possessively, like (a|b)*+");
        }
    }

    private boolean contains(byte[] array, int offset, int length) {
        if (plain.length == 0) {
            return true;
        }
        byte first = plain[0];
        int last = offset + length - plain.length;
        for (int at = offset; at <= last; at++) {
            if (array[at] == first && startsAt(array, at)) {
                return true;
            }
        }
        return false;
    }

    private boolean startsAt(byte[] array, int at) {
        for (int i = 1; i < plain.length; i++) {
            if (array[at + i] != plain[i]) {
                return false;
            }
        }
        return true;
    }
}
