package org.virtugrid.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory of a process in units of 10^6 bytes, by Linux's {@code /proc/PID/smaps_rollup}.
 *
 * @param resident all pages that it has in memory
 * @param share the same, where a page that several processes have in common counts for each with its part
 */
public record ProcessMemory(double resident, double share) {
    private static final double KIBIBYTE_IN_MEGABYTES = 1024 / 1e6;

    /** What a process takes now. */
    public static ProcessMemory of(long pid) throws IOException {
        double resident = 0;
        double share = 0;
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup"))) {
            if (line.startsWith("Rss:")) {
                resident = megabytes(line);
            } else if (line.startsWith("Pss:")) {
                share = megabytes(line);
            }
        }
        return new ProcessMemory(resident, share);
    }

    private static double megabytes(String line) {
        return Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE_IN_MEGABYTES;
    }
}
