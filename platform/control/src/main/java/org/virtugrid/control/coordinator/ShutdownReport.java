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
 * How a shutdown went, in a file of the home: whoever asked for the shutdown can't ask control any more by then. That there is
 * none after a shutdown means that it didn't come to its end.
 */
public final class ShutdownReport {
    private static final Logger LOG = LoggerFactory.getLogger(ShutdownReport.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;

    /** How it ended. */
    public enum Outcome {
        /** Every VM has stopped. */
        STOPPED,
        /** Nothing is left of any VM. */
        DESTROYED,
        /** Some VMs could not be stopped, or not destroyed. */
        INCOMPLETE
    }

    /**
     * A VM that could not be stopped or destroyed.
     *
     * @param host where it is, null where there are no hosts
     */
    record Left(String name, String host, String reason) {}

    /** The file's whole content. */
    private record Content(Outcome outcome, List<Left> left) {}

    /** In this file, which need not be there. */
    public ShutdownReport(Path file) {
        this.file = file;
    }

    static String names(List<Left> left) {
        return left.stream().map(Left::name).collect(Collectors.joining(", "));
    }

    /** The earlier one is of no use any more. */
    public void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes that of another control process, which has not told more than this. */
    public void write(Outcome outcome) {
        write(outcome, List.of());
    }

    void write(Outcome outcome, List<Left> left) {
        try {
            DurableFile.write(file, JSON.writeValueAsBytes(new Content(outcome, left)));
        } catch (IOException e) {
            LOG.warn("How the shutdown went cannot be written down: {}", e.toString());
        }
    }
}
