package org.virtugrid.grid.compute;

import java.io.IOException;
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
