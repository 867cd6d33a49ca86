package org.virtugrid.grid.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The names of classes that Ignite keeps in files of their own, one each. */
final class MarshallerFiles {
    private static final Logger LOG = LoggerFactory.getLogger(MarshallerFiles.class);

    private MarshallerFiles() {}

    /**
     * Removes empty ones, which a machine leaves behind that was cut off before it had written them: Ignite would refuse to
     * start. The grid tells their names again when the node joins.
     */
    static void removeEmpty(Path workDirectory) {
        Path folder = workDirectory.resolve("marshaller");
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (Files.isRegularFile(file) && Files.size(file) == 0) {
                    Files.delete(file);
                    LOG.warn("{} was empty and is removed", file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
