package org.virtugrid.control.coordinator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.api.EventView;
import org.virtugrid.control.home.DurableFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Events as lines of JSON in one file, of which the newest 10,000 are kept. An event is on disk before others see it. */
public final class FileEventLog implements EventLog {
    private static final Logger LOG = LoggerFactory.getLogger(FileEventLog.class);
    private static final int KEPT = 10_000;
    private static final int QUEUE = 1_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final Clock clock;
    private final Deque<EventView> events = new ArrayDeque<>();
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    private int lines;

    /** Opens the log; a line that a crash has torn is dropped. */
    public FileEventLog(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
        try {
            if (Files.exists(file)) {
                load();
            }
        } catch (IOException e) {
            LOG.warn("The log of events {} cannot be read: {}", file, e.toString());
        }
    }

    private void load() throws IOException {
        boolean torn = false;
        for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n", -1)) {
            try {
                if (!line.isBlank()) {
                    keep(JSON.readValue(line, EventView.class));
                    lines++;
                }
            } catch (JacksonException e) {
                torn = true;
            }
        }
        if (torn) {
            rewrite();
        }
    }

    @Override
    public void record(String type, String subject, String cause, Map<String, Object> evidence) {
        LOG.info("{} {}: {} {}", type, subject, cause, evidence);
        EventView event = new EventView(clock.instant(), type, subject, cause, new LinkedHashMap<>(evidence));
        synchronized (this) {
            keep(event);
            try {
                append(event);
            } catch (IOException | RuntimeException e) {
                LOG.warn("The event could not be stored: {}", e.toString());
            }
        }
        subscriptions.forEach(subscription -> subscription.offer(event));
    }

    private void keep(EventView event) {
        events.addLast(event);
        if (events.size() > KEPT) {
            events.removeFirst();
        }
    }

    private void append(EventView event) throws IOException {
        if (++lines > 2 * KEPT) {
            rewrite();
            return;
        }
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer line = ByteBuffer.wrap((JSON.writeValueAsString(event) + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                out.write(line);
            }
            out.force(false);
        }
    }

    private void rewrite() throws IOException {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(JSON.writeValueAsString(event)).append('\n'));
        DurableFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
        lines = events.size();
    }

    @Override
    public synchronized List<EventView> since(Instant from) {
        return events.stream().filter(event -> !event.time().isBefore(from)).toList();
    }

    @Override
    public AutoCloseable subscribe(Consumer<EventView> listener) {
        Subscription subscription = new Subscription(listener);
        subscriptions.add(subscription);
        subscription.thread.start();
        return subscription;
    }

    /** A listener and what it has still to hear; one that is too slow misses the oldest. */
    private final class Subscription implements AutoCloseable, Runnable {
        private final BlockingQueue<EventView> queue = new ArrayBlockingQueue<>(QUEUE);
        private final Consumer<EventView> listener;
        private final Thread thread = new Thread(this, "event-listener");

        Subscription(Consumer<EventView> listener) {
            this.listener = listener;
            thread.setDaemon(true);
        }

        void offer(EventView event) {
            while (!queue.offer(event)) {
                queue.poll();
            }
        }

        @Override
        public void run() {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    listener.accept(queue.take());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.debug("A listener to events ended: {}", e.toString());
            } finally {
                subscriptions.remove(this);
            }
        }

        @Override
        public void close() {
            subscriptions.remove(this);
            thread.interrupt();
        }
    }
}
