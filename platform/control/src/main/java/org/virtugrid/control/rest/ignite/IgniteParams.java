package org.virtugrid.control.rest.ignite;

import java.util.Map;
import org.virtugrid.grid.fault.GridException;

/** Parameters of Ignite's REST that we read ourselves. */
final class IgniteParams {
    private static final int DEFAULT_PAGE = 100;
    private static final int LARGEST_PAGE = 10_000;

    private IgniteParams() {}

    /** Rows in a page, as {@code pageSize} or {@code psz}. */
    static int pageSize(Map<String, String> params) {
        String text = params.getOrDefault("pageSize", params.getOrDefault("psz", ""));
        if (text.isEmpty()) {
            return DEFAULT_PAGE;
        }
        return (int) whole("pageSize", text, 1, LARGEST_PAGE);
    }

    /** The number of an open query. */
    static long queryId(Map<String, String> params) {
        return whole("qryId", params.getOrDefault("qryId", ""), 0, Long.MAX_VALUE);
    }

    private static long whole(String field, String text, long min, long max) {
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // the same message as for a number out of bounds
        }
        throw GridException.invalid(
                field, field + " is not a whole number from " + min + " to " + max, "give one in that range");
    }
}
