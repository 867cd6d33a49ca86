package org.virtugrid.bench;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** Says on stderr which aims a full run met, and whether the machine was fit to tell. */
final class Aims {
    private static final double LEAST_RATIO = 0.9;
    private static final double MOST_TO_THREADS = 1.3;
    private static final double MOST_TO_COREUTILS = 1.5;
    private static final double MOST_FOR_KILL = 1.25;
    private static final double MOST_FREEZE_SECONDS = 10;
    private static final double MOST_IDLE_MEGABYTES = 160;
    private static final double MOST_UP_SECONDS = 15;
    private static final double VOID_SHARE = 0.75;

    /** What bare Ignite in memory reaches on the machine the aims were set for, when it is quiet. */
    private static final Map<Work, Double> QUIET = new EnumMap<>(
            Map.of(Work.INGEST, 370.0, Work.WORD_COUNT, 3.56, Work.SORT, 3.28, Work.SMALL_TASKS, 311_000.0));

    private final Report report;
    private final Options options;

    Aims(Report report, Options options) {
        this.report = report;
        this.options = options;
    }

    void print() {
        if (options.smoke() || !options.isFullSize()) {
            return;
        }
        for (Work work : Work.COMPARED) {
            ours(work).ifPresent(figure -> report.median(work, Report.BARE)
                    .ifPresent(bare ->
                            aim(work.label() + " to bare Ignite", work.ratio(figure, bare), LEAST_RATIO, true)));
        }
        against(Work.WORD_COUNT, "threads", MOST_TO_THREADS);
        against(Work.SORT, "coreutils", MOST_TO_COREUTILS);
        ours(Work.KILL_WORD_COUNT).ifPresent(killed -> ours(Work.WORD_COUNT)
                .ifPresent(
                        quiet -> aim("word-count with a kill to undisturbed", killed / quiet, MOST_FOR_KILL, false)));
        ours(Work.FREEZE_WORD_COUNT).ifPresent(seconds -> ours(Work.WORD_COUNT)
                .ifPresent(quiet -> aim("seconds that a freeze costs", seconds - quiet, MOST_FREEZE_SECONDS, false)));
        ours(Work.IDLE_MEMORY).ifPresent(size -> aim("MB of an idle worker", size, MOST_IDLE_MEGABYTES, false));
        ours(Work.IDLE_MEMORY_SHARE)
                .ifPresent(
                        size -> aim("MB of an idle worker, shared pages in parts", size, MOST_IDLE_MEGABYTES, false));
        ours(Work.UP_FIRST).ifPresent(seconds -> aim("seconds of up", seconds, MOST_UP_SECONDS, false));
        QUIET.forEach((work, quiet) -> report.median(work, "bare-ignite-memory").ifPresent(figure -> {
            if (work.ratio(figure, quiet) < VOID_SHARE) {
                BenchMain.say(String.format(
                        Locale.ROOT,
                        "VOID: %s of bare Ignite in memory is %.2f %s, on the quiet machine it was %.2f",
                        work.label(),
                        figure,
                        work.unit(),
                        quiet));
            }
        }));
    }

    private OptionalDouble ours(Work work) {
        return report.median(work, Report.PRODUCT);
    }

    private void against(Work work, String system, double most) {
        ours(work).ifPresent(seconds -> report.median(work, system)
                .ifPresent(other -> aim(work.label() + " to " + system, seconds / other, most, false)));
    }

    private static void aim(String what, double figure, double bound, boolean atLeast) {
        boolean met = atLeast ? figure >= bound : figure <= bound;
        BenchMain.say(String.format(
                Locale.ROOT,
                "aim %s: %s %.2f, %s %.2f",
                met ? "met" : "NOT met",
                what,
                figure,
                atLeast ? "at least" : "at most",
                bound));
    }
}
