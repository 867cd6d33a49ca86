package org.virtugrid.api;

/** Request to take a snapshot of a VM's disk; without a name it gets one from the time. */
public record SnapshotCreate(String name) {}
