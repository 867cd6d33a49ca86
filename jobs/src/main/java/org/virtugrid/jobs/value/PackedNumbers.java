package org.virtugrid.jobs.value;

import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.Arrays;

/** Many numbers from 0 up that are mostly small, seven bits a byte, lowest first; the last byte of a number is positive. */
final class PackedNumbers {
    private static final int LONGEST = 9;

    private byte[] bytes;
    /** Where the next number is added or read. */
    private int at;

    /** None yet, with room for about so many. */
    PackedNumbers(int expected) {
        this.bytes = new byte[expected + LONGEST];
    }

    private PackedNumbers(byte[] bytes) {
        this.bytes = bytes;
    }

    void add(long number) {
        if (bytes.length - at < LONGEST) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        long rest = number;
        while (rest > 0x7f) {
            bytes[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
    }

    /** The next number in the order in which they were added. */
    long next() {
        long number = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = bytes[at++];
            number |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return number;
            }
        }
    }

    void writeTo(ObjectOutput out) throws IOException {
        out.writeInt(at);
        out.write(bytes, 0, at);
    }

    static PackedNumbers readFrom(ObjectInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new PackedNumbers(bytes);
    }
}
