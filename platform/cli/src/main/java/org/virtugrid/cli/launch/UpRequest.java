package org.virtugrid.cli.launch;

import java.time.Duration;

/** What {@code up} was asked for; null stands for what the home is set to, or the default. */
public record UpRequest(
        Integer workers,
        Integer port,
        Integer thinPort,
        String driver,
        Integer backups,
        Long workerMemoryBytes,
        Duration timeout) {}
