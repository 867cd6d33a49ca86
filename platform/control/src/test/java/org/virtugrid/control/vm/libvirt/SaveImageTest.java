package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SaveImageTest {
    private static final String DEFINITION = "<domain><name>nobody</name></domain>";
    private static final int HEADER = 92;

    /** As libvirt 9 writes it: the definition and its 0, what libvirt remembers besides, then memory. */
    private static byte[] file(int version, String definition) {
        byte[] text = (definition + "\0").getBytes(StandardCharsets.UTF_8);
        byte[] rest = "<cookie/>\0memory".getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(HEADER + text.length + rest.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("LibvirtQemudSave".getBytes(StandardCharsets.US_ASCII))
                .putInt(version)
                .putInt(text.length + 10)
                .putInt(1)
                .putInt(0)
                .putInt(text.length)
                .position(HEADER)
                .put(text)
                .put(rest)
                .array();
    }

    @Test
    void another_definition_takes_the_place_of_the_old_one_and_nothing_else_moves() {
        byte[] file = file(2, DEFINITION);

        byte[] beginning =
                SaveImage.read(file).flatMap(image -> image.with("<domain/>")).orElseThrow();

        assertThat(beginning).hasSize(HEADER + DEFINITION.length() + 1);
        assertThat(Arrays.copyOf(beginning, HEADER)).isEqualTo(Arrays.copyOf(file, HEADER));
        assertThat(new String(beginning, HEADER, beginning.length - HEADER, StandardCharsets.UTF_8))
                .isEqualTo("<domain/>" + "\0".repeat(DEFINITION.length() + 1 - "<domain/>".length()));
    }

    @Test
    void a_definition_that_does_not_fit_is_refused() {
        SaveImage image = SaveImage.read(file(2, DEFINITION)).orElseThrow();

        assertThat(image.with("x".repeat(DEFINITION.length()))).isPresent();
        assertThat(image.with("x".repeat(DEFINITION.length() + 1))).isEmpty();
    }

    @Test
    void what_is_not_understood_is_not_touched() {
        assertThat(SaveImage.read(new byte[0])).isEmpty();
        assertThat(SaveImage.read(new byte[HEADER])).isEmpty();
        assertThat(SaveImage.read(file(3, DEFINITION))).as("another version").isEmpty();
        assertThat(SaveImage.read(Arrays.copyOf(file(2, DEFINITION), HEADER + 3)))
                .as("cut off")
                .isEmpty();
    }
}
