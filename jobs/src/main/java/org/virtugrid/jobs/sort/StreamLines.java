package org.virtugrid.jobs.sort;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.virtugrid.jobs.api.LineRecords;

/** The lines of a stream, through a buffer that grows to hold the longest. Does not close the stream. */
public final class StreamLines implements LineSource {
    private final InputStream in;
    private byte[] buffer;
    private int filled;
    private int offset;
    private int length;
    private int following;

    /** Reads the stream in pieces of about the given number of bytes. */
    public StreamLines(InputStream in, int bufferBytes) {
        this.in = in;
        this.buffer = new byte[Math.max(16, bufferBytes)];
    }

    @Override
    public boolean next() throws IOException {
        offset = following;
        int at = offset;
        while (true) {
            at = LineRecords.newline(buffer, at, filled);
            if (at < filled) {
                length = at - offset;
                following = at + 1;
                return true;
            }
            int seen = at - offset;
            if (!fill()) {
                length = seen;
                following = at;
                return seen > 0;
            }
            at = offset + seen;
        }
    }

    /** Reads on behind the line that is begun; false at the stream's end. */
    private boolean fill() throws IOException {
        if (offset > 0) {
            System.arraycopy(buffer, offset, buffer, 0, filled - offset);
            filled -= offset;
            offset = 0;
        }
        following = 0;
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, (int) Math.min(buffer.length * 2L, Integer.MAX_VALUE - 8));
        }
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read <= 0) {
            following = filled;
            return false;
        }
        filled += read;
        return true;
    }

    @Override
    public byte[] array() {
        return buffer;
    }

    @Override
    public int offset() {
        return offset;
    }

    @Override
    public int length() {
        return length;
    }
}
