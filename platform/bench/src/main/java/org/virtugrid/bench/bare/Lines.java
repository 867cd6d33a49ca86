package org.virtugrid.bench.bare;

/** Lines in bytes. */
final class Lines {
    private Lines() {}

    /** Where the line that this place is in ends. */
    static int end(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        return at;
    }
}
