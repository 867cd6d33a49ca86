package org.virtugrid.jobs.api;

import java.util.Collections;
import java.util.List;

/** Inline JSON values, each as its text in UTF-8. */
public final class ValueRecords extends Records {

    /** What an inline value is in JSON. */
    public enum Kind {
        /** A number; its text is what the input said. */
        NUMBER,
        /** A string; its text is what stands between the quotes, unescaped. */
        STRING,
        /** Anything else; its text is its JSON. */
        OTHER
    }

    private final List<byte[]> values;
    private final List<Kind> kinds;
    private int at = -1;

    /** The given strings in order. */
    public ValueRecords(List<byte[]> values) {
        this(values, Collections.nCopies(values.size(), Kind.STRING));
    }

    /** The given values in order, with the kind of each. */
    public ValueRecords(List<byte[]> values, List<Kind> kinds) {
        if (values.size() != kinds.size()) {
            throw new IllegalArgumentException(values.size() + " values but " + kinds.size() + " kinds");
        }
        this.values = values;
        this.kinds = kinds;
    }

    /** What the current value is in JSON. */
    public Kind kind() {
        return kinds.get(at);
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
