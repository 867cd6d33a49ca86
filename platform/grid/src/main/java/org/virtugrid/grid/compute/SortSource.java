package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.util.UUID;

/** Where a unit has left its lines, a file a range, and how many bytes each has. */
final class SortSource implements Serializable {
    private static final long serialVersionUID = 1L;

    private final UUID node;
    private final UnitKey unit;
    private final long[] sizes;

    SortSource(UUID node, UnitKey unit, long[] sizes) {
        this.node = node;
        this.unit = unit;
        this.sizes = sizes;
    }

    UUID node() {
        return node;
    }

    UnitKey unit() {
        return unit;
    }

    long size(int range) {
        return sizes[range];
    }

    static String fileName(int range) {
        return "range-" + range;
    }
}
