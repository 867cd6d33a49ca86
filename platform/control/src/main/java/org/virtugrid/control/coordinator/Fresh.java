package org.virtugrid.control.coordinator;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A value that may block: the newest if it comes in time, else the last one that did. Safe for use by several threads. */
final class Fresh<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Fresh.class);

    private final ExecutorService threads;
    private final Supplier<T> source;
    private final Duration patience;
    private volatile T last;
    private Future<T> running;

    Fresh(ExecutorService threads, Supplier<T> source, Duration patience, T initial) {
        this.threads = threads;
        this.source = source;
        this.patience = patience;
        this.last = initial;
    }

    T get() {
        try {
            return ask().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("An older value is used: {}", e.toString());
        }
        return last;
    }

    /** One question at a time; whoever comes while it is open waits for its answer, which is hardly older. */
    private synchronized Future<T> ask() {
        if (running == null || running.isDone()) {
            running = threads.submit(() -> last = source.get());
        }
        return running;
    }
}
