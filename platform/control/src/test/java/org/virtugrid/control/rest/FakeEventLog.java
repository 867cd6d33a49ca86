package org.virtugrid.control.rest;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.virtugrid.api.EventView;
import org.virtugrid.control.coordinator.EventLog;

/** Events in memory, told to listeners at once. */
final class FakeEventLog implements EventLog {
    final List<Consumer<EventView>> listeners = new CopyOnWriteArrayList<>();
    private final List<EventView> events = new CopyOnWriteArrayList<>();

    @Override
    public void record(String type, String subject, String cause, Map<String, Object> evidence) {
        EventView event = new EventView(Instant.now(), type, subject, cause, evidence);
        events.add(event);
        listeners.forEach(listener -> listener.accept(event));
    }

    @Override
    public List<EventView> since(Instant from) {
        return events.stream().filter(event -> !event.time().isBefore(from)).toList();
    }

    @Override
    public AutoCloseable subscribe(Consumer<EventView> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
