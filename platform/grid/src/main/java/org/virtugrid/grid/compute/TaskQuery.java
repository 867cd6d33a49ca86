package org.virtugrid.grid.compute;

import java.time.Instant;

/**
 * Which tasks to list; null means any.
 *
 * @param state only in this state
 * @param type only of this type
 * @param search only those that have this text in id, operation, dataset, output, parameters or error
 * @param from created at or after
 * @param to created before
 * @param limit at most so many, the newest first
 */
public record TaskQuery(TaskState state, String type, String search, Instant from, Instant to, int limit) {}
