package org.virtugrid.control.coordinator;

import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that jumps from one event to the next. Events of the same time happen in the order in which they were planned. */
final class SimulatedTime {
    private record Event(long at, long number, Runnable what) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private long now = 1;
    private long planned;

    long now() {
        return now;
    }

    void after(long millis, Runnable what) {
        events.add(new Event(now + millis, planned++, what));
    }

    /** Lives through this much time, and calls {@code afterEach} after every event. */
    void run(long millis, Runnable afterEach) {
        long end = now + millis;
        while (!events.isEmpty() && events.peek().at() <= end) {
            Event next = events.poll();
            now = next.at();
            next.what().run();
            afterEach.run();
        }
        now = end;
    }
}
