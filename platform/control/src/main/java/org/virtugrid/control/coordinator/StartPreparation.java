package org.virtugrid.control.coordinator;

import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriver;

/**
 * Lets the driver prepare fast starts while the platform has nothing better to do: everything is READY, and this control
 * process leads. After a failure it waits for some minutes.
 */
final class StartPreparation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StartPreparation.class);
    private static final long LOOK_SECONDS = 3;
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final VmDriver driver;
    private final Coordinator coordinator;
    private final Leadership leadership;
    private final EventLog events;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "start-preparation");
        made.setDaemon(true);
        return made;
    });
    private long pauseUntil = System.nanoTime();
    private String failure;

    StartPreparation(VmDriver driver, Coordinator coordinator, Leadership leadership, EventLog events) {
        this.driver = driver;
        this.coordinator = coordinator;
        this.leadership = leadership;
        this.events = events;
    }

    void start() {
        thread.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        boolean idle = leadership.term().isPresent()
                && coordinator.last().overall().state().equals("READY");
        if (!idle || System.nanoTime() < pauseUntil) {
            return;
        }
        long began = System.nanoTime();
        try {
            driver.prepareStarts()
                    .ifPresent(made -> events.record(
                            "START_PREPARED",
                            "grid",
                            "starts are to be fast",
                            Map.of("made", made, "seconds", (System.nanoTime() - began) / 1_000_000_000L)));
            failure = null;
        } catch (RuntimeException e) {
            pauseUntil = System.nanoTime() + PAUSE_NANOS;
            String message = String.valueOf(e.getMessage());
            if (!message.equals(failure)) {
                failure = message;
                LOG.warn("Fast starts could not be prepared", e);
                events.record("START_NOT_PREPARED", "grid", message, Map.of());
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
