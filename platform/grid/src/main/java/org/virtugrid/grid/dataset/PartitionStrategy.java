package org.virtugrid.grid.dataset;

import java.util.Arrays;
import org.virtugrid.grid.fault.GridException;

/** How a dataset's bytes are cut into chunks, and which partition each chunk goes to. */
public enum PartitionStrategy {
    /** Chunks of equal size; neighbouring chunks lie together, four to a partition. */
    SIZE("size"),
    /** Chunks of about equal size that end where a line ends. */
    LINES("lines"),
    /** Chunks of equal size, dealt to the partitions in turn. */
    ROUND_ROBIN("round-robin"),
    /** Lines with the same value in a column lie in the same partition. */
    KEY("key");

    private final String label;

    PartitionStrategy(String label) {
        this.label = label;
    }

    /** The name users type. */
    public String label() {
        return label;
    }

    /** The strategy by the name users type. */
    public static PartitionStrategy of(String label) {
        return Arrays.stream(values())
                .filter(strategy -> strategy.label.equals(label))
                .findFirst()
                .orElseThrow(() -> GridException.invalid(
                        "strategy",
                        "'" + label + "' is not a partition strategy",
                        "use size, lines, round-robin or key"));
    }
}
