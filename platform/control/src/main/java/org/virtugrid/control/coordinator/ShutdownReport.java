package org.virtugrid.control.coordinator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.home.DurableFile;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a shutdown left behind, in a file of the home: whoever asked for the shutdown can't ask control any more by then. That
 * there is none after a shutdown means that it didn't come to its end.
 */
final class ShutdownReport {
    private static final Logger LOG = LoggerFactory.getLogger(ShutdownReport.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;

    /**
     * A VM that could not be stopped or destroyed.
     *
     * @param host where it is, null where there are no hosts
     */
    record Left(String name, String host, String reason) {}

    /** The file's whole content. */
    private record Content(List<Left> left) {}

    ShutdownReport(Path file) {
        this.file = file;
    }

    static String names(List<Left> left) {
        return left.stream().map(Left::name).collect(Collectors.joining(", "));
    }

    /** The earlier one is of no use any more. */
    void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(List<Left> left) {
        try {
            DurableFile.write(file, JSON.writeValueAsBytes(new Content(left)));
        } catch (IOException e) {
            LOG.warn("What the shutdown left behind cannot be written down: {}", e.toString());
        }
    }
}
