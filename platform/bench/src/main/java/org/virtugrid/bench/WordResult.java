package org.virtugrid.bench;

import java.util.ArrayList;
import java.util.List;
import org.virtugrid.jobs.value.ByteCounts;

/** What a word count comes to. */
public record WordResult(long total, long distinct, List<Entry> top) {
    /** How many of the most frequent words are compared. */
    public static final int TOP = 20;

    /** A frequent word. */
    public record Entry(String word, long count) {}

    /** From a complete table. */
    public static WordResult of(ByteCounts counts) {
        List<Entry> top = new ArrayList<>();
        for (int entry : counts.top(TOP)) {
            top.add(new Entry(counts.text(entry), counts.count(entry)));
        }
        return new WordResult(counts.total(), counts.size(), top);
    }
}
