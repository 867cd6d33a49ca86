package org.virtugrid.control.vm.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmDriverException.Kind;

/** Files here that are copied from host to host. None outlives its use, and all together leave control its disk. */
final class Scratch {
    private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);
    /** What control itself writes to this disk must go on: votes, events, its database. */
    private static final long LEAST_LEFT_BYTES = 1L << 30;

    private final Path folder;

    Scratch(Path folder) {
        this.folder = folder;
    }

    /** Removes what a control process left that was killed. */
    void empty() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> left = files.toList();
            left.forEach(this::delete);
        } catch (IOException e) {
            LOG.warn("{} cannot be emptied: {}", folder, e.toString());
        }
    }

    /** Where a file of that name goes; nothing is there. */
    Path file(String name) {
        Path file = folder.resolve(name);
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(file);
            return file;
        } catch (IOException e) {
            throw new VmDriverException(Kind.FAILED, "cannot use " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Refuses a file of so many bytes that would leave control too little room. */
    void requireRoom(String what, long bytes) {
        long free = folder.toFile().getUsableSpace();
        if (bytes > free - LEAST_LEFT_BYTES) {
            throw new VmDriverException(
                    Kind.FAILED,
                    "%s is copied through this machine and takes %d MiB; %s has %d MiB free, of which %d MiB stay free: make room there"
                            .formatted(what, bytes >> 20, folder, free >> 20, LEAST_LEFT_BYTES >> 20));
        }
    }

    void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} is left over: {}", file, e.toString());
        }
    }
}
