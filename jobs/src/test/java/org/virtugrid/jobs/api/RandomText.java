package org.virtugrid.jobs.api;

import java.io.ByteArrayOutputStream;
import java.util.Random;

/** Text of few different words between all kinds of white space, with bytes that are not UTF-8 among them. */
public final class RandomText {
    private RandomText() {}

    /** So many random words. */
    public static byte[] words(Random random, int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            int length = random.nextInt(10) == 0 ? random.nextInt(40) : 1 + random.nextInt(9);
            boolean wild = random.nextInt(5) == 0;
            for (int at = 0; at < length; at++) {
                out.write(wild ? 0x21 + random.nextInt(0xff - 0x20) : 'a' + random.nextInt(2));
            }
            if (random.nextInt(50) == 0) {
                out.write(0);
            }
            int spaces = random.nextInt(5) == 0 ? random.nextInt(12) : 1;
            for (int at = 0; at < spaces; at++) {
                out.write(" \t\n\u000b\f\r \n \n".charAt(random.nextInt(10)));
            }
        }
        return out.toByteArray();
    }

    /** So many lines of all bytes but the newline; many share long beginnings or are equal. The last may not end. */
    public static byte[] lines(Random random, int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            int shared = random.nextInt(4) * random.nextInt(12);
            for (int at = 0; at < shared; at++) {
                out.write('p');
            }
            int zeros = random.nextInt(20) == 0 ? random.nextInt(9) : 0;
            for (int at = 0; at < zeros; at++) {
                out.write(0);
            }
            int length = random.nextInt(200) == 0 ? random.nextInt(3000) : random.nextInt(5);
            for (int at = 0; at < length; at++) {
                int b = random.nextInt(4) == 0 ? random.nextInt(256) : 'a' + random.nextInt(3);
                out.write(b == '\n' ? 'n' : b);
            }
            if (i < count - 1 || random.nextBoolean()) {
                out.write('\n');
            }
        }
        return out.toByteArray();
    }
}
