package org.virtugrid.grid.compute;

import java.util.List;
import java.util.Map;

/**
 * How far a task is.
 *
 * @param ratio 0 to 1
 * @param running by VM id, the partitions whose result has not been handed over yet
 */
public record TaskProgress(double ratio, Map<String, List<Integer>> running) {}
