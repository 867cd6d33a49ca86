package org.virtugrid.bench;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What is measured. */
enum Work {
    /** A file into the grid, with one backup. */
    INGEST("ingest", "MB/s", true),
    /** How often each word of the file occurs. */
    WORD_COUNT("word-count", "s", false),
    /** The lines of the file in order, as a new dataset. */
    SORT("sort", "s", false),
    /** Many tiny tasks, with a record of each. */
    SMALL_TASKS("small-tasks", "tasks/s", true),
    /** Memory of a worker that does nothing. */
    IDLE_MEMORY("idle-memory", "MB", false),
    /** The same, where a page that several processes share counts for each with its part; measured beside the other. */
    IDLE_MEMORY_SHARE("idle-memory-share", "MB", false),
    /** Start of a new grid on a built tree. */
    UP_FIRST("up-first", "s", false),
    /** Start of a grid that was there before. */
    UP_SECOND("up-second", "s", false),
    /** A word count in whose middle a worker is killed. */
    KILL_WORD_COUNT("kill-word-count", "s", false),
    /** A word count in whose middle a worker freezes. */
    FREEZE_WORD_COUNT("freeze-word-count", "s", false);

    /** Works that several systems do. */
    static final Set<Work> COMPARED = EnumSet.of(INGEST, WORD_COUNT, SORT, SMALL_TASKS);

    private final String label;
    private final String unit;
    private final boolean moreIsBetter;

    Work(String label, String unit, boolean moreIsBetter) {
        this.label = label;
        this.unit = unit;
        this.moreIsBetter = moreIsBetter;
    }

    String label() {
        return label;
    }

    String unit() {
        return unit;
    }

    /** How many times better the first figure is than the second. */
    double ratio(double figure, double other) {
        return moreIsBetter ? figure / other : other / figure;
    }

    static Optional<Work> named(String label) {
        return Arrays.stream(values()).filter(work -> work.label.equals(label)).findFirst();
    }
}
