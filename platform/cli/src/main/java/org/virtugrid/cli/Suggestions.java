package org.virtugrid.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/** Finds the commands and options that somebody may have meant who mistyped one. */
final class Suggestions {
    private static final int MOST = 3;

    private Suggestions() {}

    static List<String> of(CommandSpec command, String typed) {
        String word = typed.replaceFirst("=.*", "").toLowerCase(Locale.ROOT);
        List<String> candidates = new ArrayList<>();
        if (word.startsWith("-")) {
            command.options().forEach(option -> candidates.add(option.longestName()));
        } else {
            candidates.addAll(command.subcommands().keySet());
        }
        int allowed = Math.max(1, word.length() / 3);
        return candidates.stream()
                .distinct()
                .filter(candidate -> distance(word, candidate) <= allowed || candidate.startsWith(word))
                .sorted(Comparator.comparingInt((String candidate) -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST)
                .toList();
    }

    /** How many characters must be inserted, removed, replaced or swapped with their neighbour. */
    static int distance(String from, String to) {
        int[][] costs = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    costs[i][j] = i + j;
                    continue;
                }
                int replaced = costs[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                costs[i][j] = Math.min(replaced, Math.min(costs[i - 1][j], costs[i][j - 1]) + 1);
                boolean swapped = i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1);
                if (swapped) {
                    costs[i][j] = Math.min(costs[i][j], costs[i - 2][j - 2] + 1);
                }
            }
        }
        return costs[from.length()][to.length()];
    }
}
