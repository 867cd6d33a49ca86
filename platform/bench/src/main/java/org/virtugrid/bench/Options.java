package org.virtugrid.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What to measure.
 *
 * @param megabytes how much text, in millions of bytes
 * @param runs how often each work is measured
 * @param warmUps rounds before that do not count
 * @param file text to use instead of the made one, or null
 */
record Options(
        Set<Work> works, boolean json, double megabytes, int runs, int warmUps, Path file, boolean smoke, Path root) {
    static final double FULL_MEGABYTES = 304.6;
    private static final int SMALL_TASKS = 20_000;
    private static final int SMOKE_TASKS = 2_000;
    private static final long FULL_WORKER = 2048L << 20;
    private static final long SMOKE_WORKER = 512L << 20;
    private static final double SMOKE_MEGABYTES = 8;
    private static final int RUNS = 5;
    private static final int WARM_UPS = 5;

    static final String USAGE =
            """
            usage: scripts/bench [WORK...] [-o table|json] [--size MB] [--runs N] [--warm-ups N] [--file FILE] [--smoke]
            works: ingest word-count sort small-tasks idle-memory idle-memory-share up-first up-second
            kill-word-count freeze-word-count
            --smoke: 8 MB, one run, only checks that all systems come to the same results
            """;

    /** Options that were typed wrong; the message says how. */
    static final class WrongException extends Exception {
        private static final long serialVersionUID = 1L;

        WrongException(String message) {
            super(message);
        }
    }

    int smallTasks() {
        return smoke ? SMOKE_TASKS : SMALL_TASKS;
    }

    /** Memory of a worker. */
    long workerBytes() {
        return smoke ? SMOKE_WORKER : FULL_WORKER;
    }

    boolean isFullSize() {
        return file == null && megabytes == FULL_MEGABYTES;
    }

    static Options parse(String[] arguments) throws WrongException {
        Set<Work> works = EnumSet.noneOf(Work.class);
        boolean json = false;
        boolean smoke = false;
        double megabytes = 0;
        int runs = 0;
        int warmUps = -1;
        Path file = null;
        List<String> left = new ArrayList<>(List.of(arguments));
        while (!left.isEmpty()) {
            String word = left.remove(0);
            switch (word) {
                case "-o", "--output" -> json = "json".equals(choice(word, left, "json", "table"));
                case "--size" -> megabytes = number(word, left, 0.001);
                case "--runs" -> runs = (int) number(word, left, 1);
                case "--warm-ups" -> warmUps = (int) number(word, left, 0);
                case "--file" -> file = Path.of(value(word, left));
                case "--smoke" -> smoke = true;
                default ->
                    works.add(Work.named(word).orElseThrow(() -> new WrongException("there is no work " + word)));
            }
        }
        if (works.isEmpty()) {
            works = smoke ? EnumSet.copyOf(Work.COMPARED) : EnumSet.allOf(Work.class);
        }
        return new Options(
                works,
                json,
                megabytes > 0 ? megabytes : smoke ? SMOKE_MEGABYTES : FULL_MEGABYTES,
                runs > 0 ? runs : smoke ? 1 : RUNS,
                warmUps >= 0 ? warmUps : smoke ? 0 : WARM_UPS,
                file,
                smoke,
                Path.of(System.getProperty("virtugrid.install", ".")).toAbsolutePath());
    }

    private static String value(String option, List<String> left) throws WrongException {
        if (left.isEmpty()) {
            throw new WrongException(option + " wants a value");
        }
        return left.remove(0);
    }

    private static String choice(String option, List<String> left, String... choices) throws WrongException {
        String value = value(option, left);
        if (!List.of(choices).contains(value)) {
            throw new WrongException(option + " is one of " + String.join(", ", choices));
        }
        return value;
    }

    private static double number(String option, List<String> left, double least) throws WrongException {
        String value = value(option, left);
        try {
            double number = Double.parseDouble(value);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            // the same message as for a number out of bounds
        }
        throw new WrongException(option + " wants a number of at least " + least + ", not " + value);
    }
}
