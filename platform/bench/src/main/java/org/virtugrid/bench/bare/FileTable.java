package org.virtugrid.bench.bare;

import java.io.Serializable;

/** What is known of a stored file: its SHA-256 and the CRC-32C of every chunk. */
final class FileTable implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String sha256;
    private final int[] crcs;

    FileTable(String sha256, int[] crcs) {
        this.sha256 = sha256;
        this.crcs = crcs;
    }

    String sha256() {
        return sha256;
    }

    int chunks() {
        return crcs.length;
    }

    int crc(long chunk) {
        return crcs[(int) chunk];
    }
}
