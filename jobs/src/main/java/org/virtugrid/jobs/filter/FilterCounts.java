package org.virtugrid.jobs.filter;

import java.io.Serializable;

/** How many lines there were, and how many of them matched. */
record FilterCounts(long lines, long matched) implements Serializable {

    FilterCounts plus(FilterCounts other) {
        return new FilterCounts(lines + other.lines, matched + other.matched);
    }
}
