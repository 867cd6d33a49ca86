package org.virtugrid.control.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How often each kind of situation occurred. */
final class SimulatedFigures {
    private final Map<String, Long> counts = new TreeMap<>();
    private final List<Long> refusals = new ArrayList<>();

    /** How long each look of a leader took, decision included. */
    private final List<Long> lookNanos = new ArrayList<>();

    void looked(long nanos) {
        lookNanos.add(nanos);
    }

    List<Long> lookNanos() {
        return lookNanos;
    }

    void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    /** Terms under which an action was refused. */
    List<Long> refusals() {
        return refusals;
    }

    long of(String what) {
        return counts.getOrDefault(what, 0L) + (what.equals(REFUSED) ? refusals.size() : 0);
    }

    static final String REFUSED = "action refused, its term was over";

    void add(SimulatedFigures other) {
        other.counts.forEach((what, count) -> counts.merge(what, count, Long::sum));
        counts.merge(REFUSED, (long) other.refusals.size(), Long::sum);
    }

    Map<String, Long> all() {
        return counts;
    }
}
