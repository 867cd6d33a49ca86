package org.virtugrid.control.vm.libvirt;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs one look after another on a thread of its own, so that whoever waits for one may stop waiting. */
final class Looker implements AutoCloseable {
    private final ExecutorService thread;
    private final Runnable look;
    private Future<?> newest;

    Looker(String name, Runnable look) {
        this.look = look;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread looker = new Thread(task, name);
            looker.setDaemon(true);
            return looker;
        });
    }

    /** The look that is under way; null when there is none. */
    synchronized Future<?> begun() {
        return newest == null || newest.isDone() ? null : newest;
    }

    /** Begins a look, after the one that may be under way. */
    synchronized Future<?> begin() {
        newest = thread.submit(look);
        return newest;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
