package org.virtugrid.cli.launch;

import java.nio.file.Path;
import java.time.Duration;
import org.virtugrid.cli.home.Invitation;

/**
 * What {@code up} was asked for; null stands for what the home is set to, or the default.
 *
 * @param timeout how long to wait for READY; the default depends on the driver
 * @param join invitation of the platform whose control node this home shall be
 * @param controlId which of its control nodes
 */
public record UpRequest(
        Integer workers,
        Integer port,
        Integer thinPort,
        String driver,
        Path config,
        Integer backups,
        Long workerMemoryBytes,
        Duration timeout,
        Path join,
        String controlId) {

    /** For a platform with one control node. */
    public UpRequest(
            Integer workers,
            Integer port,
            Integer thinPort,
            String driver,
            Path config,
            Integer backups,
            Long workerMemoryBytes,
            Duration timeout) {
        this(workers, port, thinPort, driver, config, backups, workerMemoryBytes, timeout, null, null);
    }

    /** The same with what the platform is set to that this home joins. */
    UpRequest joining(Invitation invitation) {
        return new UpRequest(
                workers == null ? (Integer) invitation.workers() : workers,
                port,
                thinPort,
                driver == null ? invitation.driver() : driver,
                config,
                backups == null ? (Integer) invitation.backups() : backups,
                workerMemoryBytes == null ? (Long) invitation.workerMemoryBytes() : workerMemoryBytes,
                timeout,
                join,
                controlId);
    }

    /** The same with a size for workers. */
    UpRequest withWorkerMemory(long bytes) {
        return new UpRequest(workers, port, thinPort, driver, config, backups, bytes, timeout, join, controlId);
    }
}
