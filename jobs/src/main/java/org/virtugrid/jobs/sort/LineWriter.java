package org.virtugrid.jobs.sort;

import java.io.IOException;
import java.io.OutputStream;

/** Writes lines, each with a newline behind it, to a stream in large pieces. */
final class LineWriter {
    private final OutputStream out;
    private final byte[] buffer = new byte[1 << 16];
    private int used;

    LineWriter(OutputStream out) {
        this.out = out;
    }

    void write(byte[] array, int offset, int length) throws IOException {
        if (length >= buffer.length - used) {
            flush();
            if (length >= buffer.length) {
                out.write(array, offset, length);
                buffer[used++] = '\n';
                return;
            }
        }
        System.arraycopy(array, offset, buffer, used, length);
        used += length;
        buffer[used++] = '\n';
    }

    void flush() throws IOException {
        out.write(buffer, 0, used);
        used = 0;
    }
}
