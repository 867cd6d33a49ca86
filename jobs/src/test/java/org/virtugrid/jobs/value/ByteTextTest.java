package org.virtugrid.jobs.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ByteTextTest {

    @Test
    void textStaysAndOtherBytesAreEscaped() {
        assertThat(ByteText.of("naïve \\n 😀".getBytes(StandardCharsets.UTF_8))).isEqualTo("naïve \\n 😀");
        assertThat(ByteText.of(new byte[] {'a', (byte) 0xff, (byte) 0xc3, 'b'})).isEqualTo("a\\xFF\\xC3b");
        assertThat(ByteText.of("\\xFF".getBytes(StandardCharsets.UTF_8))).isEqualTo("\\x5CxFF");
    }

    @Property
    void theBytesCanBeReadBack(@ForAll("bytes") byte[] bytes) {
        assertThat(bytesOf(ByteText.of(bytes))).isEqualTo(bytes);
    }

    @Provide
    Arbitrary<byte[]> bytes() {
        return Arbitraries.of(
                        (int) '\\', (int) 'x', (int) 'F', (int) '5', (int) 'C', 0xff, 0xc3, 0xa9, 0xed, 0xa0, 0xf0)
                .map(Integer::byteValue)
                .array(byte[].class)
                .ofMaxSize(12);
    }

    private static byte[] bytesOf(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < text.length(); ) {
            if (text.substring(at).matches("(?s)\\\\x[0-9A-F]{2}.*")) {
                out.write(Integer.parseInt(text.substring(at + 2, at + 4), 16));
                at += 4;
            } else {
                int codePoint = text.codePointAt(at);
                out.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
                at += Character.charCount(codePoint);
            }
        }
        return out.toByteArray();
    }

    @Property
    void whiteSpaceIsFoundInAnyEightBytes(@ForAll @Size(8) byte[] bytes) {
        long expected = 0;
        long eight = 0;
        for (int i = 0; i < 8; i++) {
            eight |= (bytes[i] & 0xffL) << (8 * i);
            expected |= Arrays.asList(32, 9, 10, 11, 12, 13).contains((int) bytes[i]) ? 0x80L << (8 * i) : 0;
        }
        assertThat(WhiteSpace.in(eight)).isEqualTo(expected);
    }
}
