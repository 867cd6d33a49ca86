package org.virtugrid.cli.home;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.failure.ExitCode;

/** Removes a home for good. Symbolic links in it are removed, what they point to is left alone. */
public final class Destruction {
    private Destruction() {}

    /** Throws unless the directory is the home of a grid and no place that matters to anything else. */
    public static void requireRemovable(Home home, Path userHome) {
        if (home.kind() != Home.Kind.GRID) {
            throw new CliException(
                    ExitCode.REFUSED,
                    home.directory() + " is not the home of a grid (no home.json): nothing was deleted");
        }
        Path real = real(home.directory());
        if (real.getParent() == null || real(userHome).startsWith(real)) {
            throw new CliException(ExitCode.REFUSED, real + " holds more than a grid: nothing was deleted");
        }
    }

    /** Removes what a start that failed put into the home; what lay there before it stays. */
    public static void undo(Home home, boolean directoryToo) throws IOException {
        boolean empty = true;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(home.directory())) {
            for (Path entry : entries) {
                if (entry.equals(home.lockFile()) || !Home.isBeforeGrid(entry)) {
                    removeTree(entry);
                } else {
                    empty = false;
                }
            }
        }
        if (directoryToo && empty) {
            Files.delete(home.directory());
        }
    }

    /** Removes everything in the home, its settings last, so that a removal that broke off can be repeated. */
    public static void remove(Home home, Path userHome) {
        requireRemovable(home, userHome);
        Path directory = real(home.directory());
        try {
            List<Path> entries = new ArrayList<>();
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
                stream.forEach(entries::add);
            }
            Path settings = directory.resolve(home.settingsFile().getFileName());
            for (Path entry : entries) {
                if (!entry.equals(settings)) {
                    removeTree(entry);
                }
            }
            Files.delete(settings);
            Files.delete(directory);
        } catch (IOException e) {
            throw new CliException(1, "not everything in " + directory + " could be deleted: " + e.getMessage(), e);
        }
    }

    private static void removeTree(Path top) throws IOException {
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize();
        }
    }
}
