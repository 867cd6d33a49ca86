package org.virtugrid.control.vm.libvirt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The beginning of a file in which libvirt has saved a guest: a header, the guest's definition, and what libvirt remembers
 * besides; the memory follows. Pure. The layout is libvirt's ({@code src/qemu/qemu_saveimage.h}, unchanged since 2018):
 *
 * <pre>
 *  0  "LibvirtQemudSave"      16  version, 2     20  length of all that follows up to the memory
 * 24  whether it ran          28  compression    32  length of the definition, its closing 0 included
 * 92  the definition
 * </pre>
 *
 * Numbers are 32 bits in the byte order of the host that wrote it; only hosts of the usual one are understood.
 */
final class SaveImage {
    /** So much of a file has to be read: the header, and a definition with all that it may hold. */
    static final int MOST_BYTES = 1 << 16;

    private static final byte[] MAGIC = "LibvirtQemudSave".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION_AT = 16;
    private static final int VERSION = 2;
    private static final int DEFINITION_LENGTH_AT = 32;
    private static final int HEADER_BYTES = 92;

    private final byte[] header;
    private final int definitionBytes;

    private SaveImage(byte[] header, int definitionBytes) {
        this.header = header;
        this.definitionBytes = definitionBytes;
    }

    /** Reads the first bytes of a file; empty when it is none that is understood. */
    static Optional<SaveImage> read(byte[] beginning) {
        if (beginning.length < HEADER_BYTES || !Arrays.equals(MAGIC, Arrays.copyOf(beginning, MAGIC.length))) {
            return Optional.empty();
        }
        ByteBuffer numbers = ByteBuffer.wrap(beginning).order(ByteOrder.LITTLE_ENDIAN);
        int definition = numbers.getInt(DEFINITION_LENGTH_AT);
        boolean understood = numbers.getInt(VERSION_AT) == VERSION
                && definition > 0
                && definition <= MOST_BYTES
                && HEADER_BYTES + definition <= beginning.length;
        return understood
                ? Optional.of(new SaveImage(Arrays.copyOf(beginning, HEADER_BYTES), definition))
                : Optional.empty();
    }

    /** The first bytes of the same file with another definition; empty when that is longer than there is room for. */
    Optional<byte[]> with(String definition) {
        byte[] text = definition.getBytes(StandardCharsets.UTF_8);
        if (text.length >= definitionBytes) {
            return Optional.empty();
        }
        byte[] all = Arrays.copyOf(header, HEADER_BYTES + definitionBytes);
        System.arraycopy(text, 0, all, HEADER_BYTES, text.length);
        return Optional.of(all);
    }
}
