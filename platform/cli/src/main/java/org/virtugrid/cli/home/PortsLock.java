package org.virtugrid.cli.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Lets one new home at a time choose its ports, until its control process listens there: else two that start at once
 * would choose the same.
 */
public final class PortsLock implements AutoCloseable {
    private final FileChannel channel;

    private PortsLock(FileChannel channel) {
        this.channel = channel;
    }

    /** No lock at all. */
    public static PortsLock none() {
        return new PortsLock(null);
    }

    /** Takes the lock if nobody has it; where locking is impossible, it is as if nobody ever had it. */
    public static Optional<PortsLock> tryTake(Path temporaryDirectory) {
        Path file = temporaryDirectory.resolve("virtugrid-ports-" + System.getProperty("user.name") + ".lock");
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(OwnerOnly.FILE));
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(new PortsLock(channel));
            }
        } catch (OverlappingFileLockException heldByThisProcess) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(none());
        }
        new PortsLock(channel).close();
        return Optional.empty();
    }

    public boolean isHeld() {
        return channel != null && channel.isOpen();
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // The kernel releases the lock with the process at the latest
        }
    }
}
