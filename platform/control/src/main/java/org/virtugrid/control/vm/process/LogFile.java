package org.virtugrid.control.vm.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Keeps a VM's log within bounds: at a start, a log that has grown large makes place for a new one. */
final class LogFile {
    private static final long MAX_BYTES = 16L << 20;
    private static final int KEPT = 3;

    private LogFile() {}

    static void rotate(Path log) throws IOException {
        if (!Files.exists(log) || Files.size(log) < MAX_BYTES) {
            return;
        }
        for (int age = KEPT - 1; age >= 0; age--) {
            Path from = age == 0 ? log : log.resolveSibling(log.getFileName() + "." + age);
            if (Files.exists(from)) {
                Files.move(
                        from,
                        log.resolveSibling(log.getFileName() + "." + (age + 1)),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
