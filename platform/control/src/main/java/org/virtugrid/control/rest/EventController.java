package org.virtugrid.control.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.virtugrid.api.EventView;
import org.virtugrid.control.coordinator.EventLog;

/** What happened to the platform. */
@RestController
@RequestMapping("/api/events")
@Tag(name = "Events")
public class EventController {
    private static final int BACKLOG = 1000;
    private static final Duration TICK = Duration.ofMillis(200);

    private final EventLog log;
    private final EventStreams streams;
    private final Clock clock;

    EventController(EventLog log, EventStreams streams, Clock clock) {
        this.log = log;
        this.streams = streams;
        this.clock = clock;
    }

    @Operation(summary = "Events since a time (ISO-8601, or an age such as 1h), oldest first")
    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    List<EventView> since(@RequestParam(required = false) String since) {
        return log.since(Inputs.instant("since", since, Instant.EPOCH, clock));
    }

    @Operation(summary = "The same and every later event, as server-sent events named 'event'")
    @GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void follow(@RequestParam(required = false) String since, HttpServletResponse response) throws IOException {
        Instant from = Inputs.instant("since", since, null, clock);
        streams.run(response, stream -> follow(from, stream));
    }

    private void follow(Instant from, EventStreams.Stream stream) throws IOException, InterruptedException {
        BlockingQueue<EventView> backlog = new ArrayBlockingQueue<>(BACKLOG);
        AtomicBoolean overflown = new AtomicBoolean();
        AutoCloseable subscription = log.subscribe(event -> {
            if (!backlog.offer(event)) {
                overflown.set(true);
            }
        });
        try {
            // subscribed first, so that nothing falls between the past and the present; what is in both is sent once
            Set<EventView> past = new HashSet<>();
            for (EventView event : from == null ? List.<EventView>of() : log.since(from)) {
                past.add(event);
                stream.send("event", event);
            }
            do {
                for (EventView event = backlog.poll(); event != null; event = backlog.poll()) {
                    if (!past.remove(event)) {
                        stream.send("event", event);
                    }
                }
                // a reader that fell behind is cut off, and asks again with the time of its last event
            } while (!overflown.get() && stream.pause(TICK));
        } finally {
            close(subscription);
        }
    }

    private static void close(AutoCloseable subscription) {
        try {
            subscription.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
