package org.virtugrid.cli.format;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Rows with aligned columns; numbers stand to the right. */
public final class Table {
    private static final String GAP = "  ";
    /** A number, also with a unit or as a time such as {@code 1 h 5 m}. */
    private static final Pattern NUMBER = Pattern.compile("-?\\d[\\d.]*( (%|[KMGTP]?i?B(/s)?|[smhd]( \\d+ [smhd])?))?");

    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> headings;

    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    /** Adds a row; null shows as a dash. */
    public Table row(Object... cells) {
        List<String> row = new ArrayList<>(cells.length);
        for (Object cell : cells) {
            row.add(cell == null ? "-" : printable(cell.toString()));
        }
        rows.add(row);
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    @Override
    public String toString() {
        int columns = headings.size();
        int[] widths = new int[columns];
        boolean[] numeric = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            widths[column] = width(headings.get(column));
            numeric[column] = !rows.isEmpty();
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], width(row.get(column)));
                numeric[column] &= isNumber(row.get(column));
            }
        }
        StringBuilder text = new StringBuilder();
        if (headings.stream().anyMatch(heading -> !heading.isEmpty())) {
            appendRow(text, headings, widths, numeric);
        }
        for (List<String> row : rows) {
            appendRow(text, row, widths, numeric);
        }
        return text.toString();
    }

    private static void appendRow(StringBuilder text, List<String> cells, int[] widths, boolean[] numeric) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            String padding = " ".repeat(widths[column] - width(cell));
            line.append(column == 0 ? "" : GAP).append(numeric[column] ? padding + cell : cell + padding);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    private static boolean isNumber(String text) {
        return text.equals("-") || NUMBER.matcher(text).matches();
    }

    /** Control characters from data must neither break the table nor steer the terminal. */
    public static String printable(String text) {
        StringBuilder safe = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                if (safe == null) {
                    safe = new StringBuilder(text);
                }
                safe.setCharAt(i, c == '\t' || c == '\n' ? ' ' : '\uFFFD');
            }
        }
        return safe == null ? text : safe.toString();
    }
}
