package org.virtugrid.grid.dataset;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;

/** The two checksums: CRC-32C for a stored chunk, which processors compute at memory speed, SHA-256 for a dataset. */
public final class Checksums {
    private Checksums() {}

    /** CRC-32C (RFC 3720) of the bytes. */
    public static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** A new SHA-256. */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
