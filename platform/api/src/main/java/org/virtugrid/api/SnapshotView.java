package org.virtugrid.api;

import java.time.Instant;

/**
 * A snapshot of a VM's disk.
 *
 * @param scheduled taken by the schedule, which removes it again
 * @param obstacle why the VM cannot go back to it, one sentence, or null
 */
public record SnapshotView(
        String vmId, String vmName, String name, Instant takenAt, boolean scheduled, String obstacle) {}
