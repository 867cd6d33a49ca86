package org.virtugrid.control.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Server-sent events. A stream lives on the thread of its request, and there is a bounded number of them; so a slow
 * reader holds up nobody else, and one that is gone ends its stream with the next heartbeat.
 */
final class EventStreams implements ApplicationListener<ContextClosedEvent> {
    static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private final JsonMapper json;
    private final Lane lane = new Lane("event streams", 24);
    private final CountDownLatch closing = new CountDownLatch(1);

    EventStreams(JsonMapper json) {
        this.json = json;
    }

    /** What feeds one stream; returns when the stream is to end. */
    interface Feed {
        void run(Stream stream) throws IOException, InterruptedException;
    }

    /** Answers the request with the feed's events. */
    void run(HttpServletResponse response, Feed feed) throws IOException {
        lane.enter();
        try {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            response.setCharacterEncoding(UTF_8.name());
            response.setHeader("X-Accel-Buffering", "no");
            response.flushBuffer();
            feed.run(new Stream(response));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lane.leave();
        }
    }

    /** Ends every stream, before the server waits for its requests to end. */
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        closing.countDown();
    }

    /** One reader's stream. */
    final class Stream {
        private final HttpServletResponse response;
        private long lastNanos = System.nanoTime();

        Stream(HttpServletResponse response) {
            this.response = response;
        }

        /** Sends an event with a JSON value. */
        void send(String event, Object data) throws IOException {
            write("event:" + event + "\ndata:" + json.writeValueAsString(data) + "\n\n");
        }

        /** Waits; keeps the connection alive meanwhile. False when the stream is to end. */
        boolean pause(Duration time) throws IOException, InterruptedException {
            if (System.nanoTime() - lastNanos > HEARTBEAT.toNanos()) {
                write(":\n\n");
            }
            return !closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void write(String text) throws IOException {
            response.getOutputStream().write(text.getBytes(UTF_8));
            response.flushBuffer();
            lastNanos = System.nanoTime();
        }
    }
}
