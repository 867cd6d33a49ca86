package org.virtugrid.jobs.api;

import java.util.List;

/** Inline values, each as its text in UTF-8. */
public final class ValueRecords extends Records {
    private final List<byte[]> values;
    private int at = -1;

    /** The given values in order. */
    public ValueRecords(List<byte[]> values) {
        this.values = values;
    }

    @Override
    public boolean next() {
        return ++at < values.size();
    }

    @Override
    public byte[] array() {
        return values.get(at);
    }

    @Override
    public int offset() {
        return 0;
    }

    @Override
    public int length() {
        return values.get(at).length;
    }
}
