package org.virtugrid.jobs.sort;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** The values to sort, and what they are. */
final class SortPartial implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int OBJECT_BYTES = 32;

    private final List<byte[]> values = new ArrayList<>();
    private long bytes;
    private boolean anyNumber;
    private boolean anyString;

    void add(byte[] value, boolean number) {
        values.add(value);
        bytes += value.length + OBJECT_BYTES;
        anyNumber |= number;
        anyString |= !number;
    }

    void addAll(SortPartial other) {
        values.addAll(other.values);
        bytes += other.bytes;
        anyNumber |= other.anyNumber;
        anyString |= other.anyString;
    }

    List<byte[]> values() {
        return values;
    }

    long bytes() {
        return bytes;
    }

    boolean isMixed() {
        return anyNumber && anyString;
    }

    boolean isOfNumbers() {
        return anyNumber && !anyString;
    }
}
