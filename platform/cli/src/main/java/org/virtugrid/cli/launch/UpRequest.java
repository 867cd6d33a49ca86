package org.virtugrid.cli.launch;

import java.nio.file.Path;
import java.time.Duration;

/** What {@code up} was asked for; null stands for what the home is set to, or the default. */
public record UpRequest(
        Integer workers,
        Integer port,
        Integer thinPort,
        String driver,
        Path config,
        Integer backups,
        Long workerMemoryBytes,
        Duration timeout) {

    /** The same with a size for workers. */
    UpRequest withWorkerMemory(long bytes) {
        return new UpRequest(workers, port, thinPort, driver, config, backups, bytes, timeout);
    }
}
