package org.virtugrid.jobs.sort;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import org.virtugrid.jobs.api.InvalidJobException;

/** Merges sorted runs into one: a tournament in which every inner node remembers its loser. */
public final class RunMerger {
    private final LineOrder order;
    private final Run[] runs;
    private final int[] losers;

    private RunMerger(LineOrder order, List<? extends LineSource> sources) {
        this.order = order;
        this.runs = sources.stream().map(Run::new).toArray(Run[]::new);
        this.losers = new int[runs.length];
    }

    /**
     * Writes the lines of all sources in order, with a newline behind each.
     *
     * @param sources runs that are each in the given order
     * @throws InvalidJobException when a line has no place in the order
     */
    public static void merge(LineOrder order, List<? extends LineSource> sources, OutputStream out)
            throws IOException, InvalidJobException {
        LineWriter writer = new LineWriter(out);
        if (!sources.isEmpty()) {
            new RunMerger(order, sources).merge(writer);
        }
        writer.flush();
    }

    private void merge(LineWriter writer) throws IOException, InvalidJobException {
        for (Run run : runs) {
            run.advance();
        }
        int winner = play(1);
        while (!runs[winner].ended) {
            Run run = runs[winner];
            writer.write(run.source.array(), run.source.offset(), run.source.length());
            run.advance();
            for (int node = (winner + runs.length) >>> 1; node > 0; node >>>= 1) {
                if (runs[losers[node]].isBefore(runs[winner])) {
                    int loser = winner;
                    winner = losers[node];
                    losers[node] = loser;
                }
            }
        }
    }

    /** Plays the tournament below a node; nodes from the number of runs on are the runs themselves. */
    private int play(int node) {
        if (node >= runs.length) {
            return node - runs.length;
        }
        int left = play(2 * node);
        int right = play(2 * node + 1);
        boolean rightWins = runs[right].isBefore(runs[left]);
        losers[node] = rightWins ? left : right;
        return rightWins ? right : left;
    }

    /** One source and the sort record of its current line. */
    private final class Run {
        private final LineSource source;
        private final SortKey scratch = new SortKey();
        private byte[] array;
        private int from;
        private int to;
        private boolean ended;

        Run(LineSource source) {
            this.source = source;
        }

        void advance() throws IOException, InvalidJobException {
            ended = !source.next();
            if (ended) {
                return;
            }
            if (order.isPlain()) {
                array = source.array();
                from = source.offset();
                to = from + source.length();
            } else {
                scratch.clear();
                order.record(source.array(), source.offset(), source.length(), scratch);
                array = scratch.array();
                from = 0;
                to = scratch.length();
            }
        }

        boolean isBefore(Run other) {
            if (ended || other.ended) {
                return !ended;
            }
            int compared = Arrays.compareUnsigned(array, from, to, other.array, other.from, other.to);
            return order.isDescending() ? compared > 0 : compared < 0;
        }
    }
}
