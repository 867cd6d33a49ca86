package org.virtugrid.cli.home;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Keeps two commands from starting or stopping the same home at once. The kernel gives it up when its holder dies, so a
 * leftover file never blocks anybody.
 */
public final class UpLock implements AutoCloseable {
    private final FileChannel channel;

    private UpLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock if nobody has it. The directory must exist. */
    public static Optional<UpLock> tryTake(Home home) throws IOException {
        OwnerOnly.makeFile(home.lockFile());
        FileChannel channel =
                FileChannel.open(home.lockFile(), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                channel.write(
                        ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
                return Optional.of(new UpLock(channel));
            }
        } catch (OverlappingFileLockException heldByThisProcess) {
            channel.close();
            return Optional.empty();
        }
        channel.close();
        return Optional.empty();
    }

    /** Whether somebody holds it now. */
    public static boolean isHeld(Home home) {
        if (!Files.exists(home.lockFile())) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(home.lockFile(), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (IOException | OverlappingFileLockException e) {
            return e instanceof OverlappingFileLockException;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The kernel releases the lock with the process at the latest
            return;
        }
    }
}
