package org.virtugrid.control.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.virtugrid.grid.fault.GridException;

/** Makes sure that one control process at most acts on a home; the system frees it when the process dies. */
public final class HomeLock implements AutoCloseable {
    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock, or fails with CONFLICT at once when another process has it. */
    public static HomeLock take(Home home) {
        Path file = home.control().resolve("lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new GridException(
                        GridException.Kind.CONFLICT,
                        "home",
                        "another control process runs on the home " + home.directory(),
                        "use that one (`virtugrid status`), or stop it first (`virtugrid down`)");
            }
            return new HomeLock(channel);
        } catch (IOException e) {
            throw new GridException(
                    GridException.Kind.INVALID,
                    "home",
                    "cannot lock " + file + ": " + e.getMessage(),
                    "mend the disk",
                    e);
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
