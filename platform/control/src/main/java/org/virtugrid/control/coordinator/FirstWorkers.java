package org.virtugrid.control.coordinator;

import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriver;

/**
 * Makes the workers of a platform with several control processes: the leader does, and only before the grid has been active
 * for the first time. What each home asks for once is seen to once for all of them, so that a VM which was destroyed later
 * does not come back with the next leader.
 */
final class FirstWorkers {
    private static final Logger LOG = LoggerFactory.getLogger(FirstWorkers.class);
    private static final long PERIOD_MILLIS = 250;

    private final WorkerCount workers;
    private final Leadership leadership;
    private final Grid grid;
    private final VmDriver driver;
    private final ScheduledExecutorService timer;

    FirstWorkers(WorkerCount workers, Leadership leadership, Grid grid, VmDriver driver) {
        this.workers = workers;
        this.leadership = leadership;
        this.grid = grid;
        this.driver = driver;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "first-workers");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Looks until there is nothing left to do, here or by another leader. */
    void start() {
        timer.scheduleWithFixedDelay(this::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            // Control's own node first: only it knows whether the grid has ever been active
            GridSnapshot seen = grid.snapshot();
            if (!seen.joined()) {
                return;
            }
            if (seen.everActivated()) {
                timer.shutdown();
                return;
            }
            OptionalLong term = leadership.term();
            if (term.isPresent() && leadership.holds(term.getAsLong())) {
                driver.reload(true);
                workers.ensure();
            }
        } catch (RuntimeException e) {
            LOG.warn("The first workers cannot be made yet: {}", e.getMessage());
        }
    }
}
