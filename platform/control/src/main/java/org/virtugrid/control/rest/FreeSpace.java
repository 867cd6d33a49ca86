package org.virtugrid.control.rest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.http.HttpStatus;
import org.virtugrid.control.rest.problem.ProblemException;
import org.virtugrid.control.rest.problem.Problems;

/** Keeps uploads from filling the disk that the home lies on. */
final class FreeSpace {
    /** What stays free for logs, records and the operating system. */
    static final long RESERVE_BYTES = 1L << 30;

    private final Path home;

    FreeSpace(Path home) {
        this.home = home;
    }

    /** Bytes that can still be written. */
    long bytes() {
        try {
            return Files.getFileStore(home).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails with 507 unless so many bytes fit beside the reserve. */
    void require(long wantedBytes) {
        long free = bytes();
        if (free - RESERVE_BYTES < wantedBytes) {
            throw new ProblemException(Problems.of(
                    "insufficient-storage",
                    HttpStatus.INSUFFICIENT_STORAGE,
                    "the disk of the home has " + (free >> 20) + " MiB free; this needs " + (wantedBytes >> 20)
                            + " MiB beside a reserve of " + (RESERVE_BYTES >> 20) + " MiB",
                    null,
                    "free some space, or delete datasets"));
        }
    }
}
