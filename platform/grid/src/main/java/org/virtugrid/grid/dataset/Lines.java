package org.virtugrid.grid.dataset;

/** Where lines end. */
final class Lines {
    private Lines() {}

    /** Index of the first newline in {@code [from, to)}, or -1. */
    static int indexOfNewline(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Index of the last newline in {@code [from, to)}, or -1. */
    static int lastIndexOfNewline(byte[] bytes, int from, int to) {
        for (int i = to - 1; i >= from; i--) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
