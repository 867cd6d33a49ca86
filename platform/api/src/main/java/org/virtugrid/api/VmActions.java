package org.virtugrid.api;

import java.util.List;

/**
 * One action on several VMs: those in {@code ids} (ids or names), those that carry every {@code labels} entry
 * ({@code key=value}), or {@code all}.
 *
 * @param action start, stop, restart or destroy
 */
public record VmActions(String action, List<String> ids, List<String> labels, boolean all) {}
