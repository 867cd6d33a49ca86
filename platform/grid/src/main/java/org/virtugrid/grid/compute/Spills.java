package org.virtugrid.grid.compute;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Files that a task needs for a while on one worker. They are gone with the task, and with the worker's restart. */
final class Spills {
    private final Path root;

    Spills(Path root) {
        this.root = root;
        delete(root);
    }

    /** A folder for one unit of a task. */
    Path folder(UnitKey unit) throws IOException {
        return Files.createDirectories(
                root.resolve(unit.taskId()).resolve(unit.toString().replace('/', '_')));
    }

    /**
     * Opens a file for writing. Not through a channel, as {@code Files} does it: that takes as much direct memory as is written at
     * once, and keeps it for each thread, while a line may have many megabytes.
     */
    static OutputStream write(Path file) throws IOException {
        return new FileOutputStream(file.toFile());
    }

    /** The same for reading; {@link NoSuchFileException} where there is none, and only then. */
    static InputStream read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return new FileInputStream(file.toFile());
    }

    void release(String taskId) {
        delete(root.resolve(taskId));
    }

    private static void delete(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            // There was nothing.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
