package org.virtugrid.control.coordinator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.virtugrid.api.EventView;

/** What happened to the platform; durable and bounded. Safe for use by several threads. */
public interface EventLog {

    /** Records that something happened now. Never fails its caller. */
    void record(String type, String subject, String cause, Map<String, Object> evidence);

    /** Events at or after the instant, oldest first, at most 10,000 of the newest. */
    List<EventView> since(Instant from);

    /** Calls the listener with every later event, on a thread of its own, until the returned handle is closed. */
    AutoCloseable subscribe(Consumer<EventView> listener);
}
