package org.virtugrid.control.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.virtugrid.api.VmCreate;
import org.virtugrid.grid.fault.GridException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code home.json} says. Written by the command line while nothing runs, read once when the control process starts.
 *
 * @param formatVersion layout of the home; this version knows {@value #FORMAT_VERSION}
 * @param workers how many workers the last {@code up} asked for
 * @param driver how VMs are made: process or libvirt
 * @param backups copies of each value beside the first
 * @param httpPort port of the REST API, the same as {@code ports.http}
 * @param workerMemoryBytes memory of a worker whose maker gave none
 * @param ports what listens where on loopback
 * @param controlId which control node this home is of; control-1 where it says nothing
 */
public record HomeSettings(
        int formatVersion,
        int workers,
        String driver,
        int backups,
        int httpPort,
        long workerMemoryBytes,
        Ports ports,
        String controlId) {
    static final int FORMAT_VERSION = 1;
    private static final String FIRST_CONTROL = "control-1";
    private static final List<String> DRIVERS = List.of("process", "libvirt");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** Fills in what may be left out. */
    public HomeSettings {
        controlId = controlId == null ? FIRST_CONTROL : controlId;
    }

    /**
     * Ports on loopback.
     *
     * @param workerBase the first of a block of which every VM takes two
     */
    public record Ports(
            int http, int thin, int restHttp, int restTcp, int discovery, int communication, int workerBase) {}

    /** Reads and checks the file; fails with INVALID that names the field and the remedy. */
    public static HomeSettings read(Path file) {
        try {
            return JSON.readValue(Files.readAllBytes(file), HomeSettings.class).checked();
        } catch (NoSuchFileException e) {
            throw broken("home.json", file + " is missing", "run `virtugrid up`, which makes it", e);
        } catch (IOException e) {
            throw broken("home.json", file + " cannot be read: " + e.getMessage(), "mend its permissions", e);
        } catch (UnrecognizedPropertyException e) {
            throw broken(
                    e.getPropertyName(),
                    file + " has the unknown field '" + e.getPropertyName() + "'",
                    "remove it, or run the version of VirtuGrid that wrote it",
                    e);
        } catch (JacksonException e) {
            throw broken("home.json", file + " is damaged: " + e.getOriginalMessage(), "restore it from a copy", e);
        }
    }

    private HomeSettings checked() {
        within("formatVersion", formatVersion, FORMAT_VERSION, FORMAT_VERSION);
        within("workers", workers, 1, 64);
        within("backups", backups, 0, 3);
        within("workerMemoryBytes", workerMemoryBytes, VmCreate.LEAST_MEMORY_BYTES, 1L << 44);
        if (!DRIVERS.contains(driver)) {
            throw GridException.invalid(
                    "driver", "driver is '" + driver + "'", "this version knows: " + String.join(", ", DRIVERS));
        }
        if (ports == null) {
            throw GridException.invalid("ports", "ports is missing", "run `virtugrid up`, which writes it");
        }
        within("ports.http", ports.http, 1, 65_535);
        within("ports.thin", ports.thin, 1, 65_535);
        within("ports.restHttp", ports.restHttp, 1, 65_535);
        within("ports.restTcp", ports.restTcp, 1, 65_535);
        within("ports.discovery", ports.discovery, 1, 65_535);
        within("ports.communication", ports.communication, 1, 65_535);
        within("ports.workerBase", ports.workerBase, 1, 65_000);
        within("httpPort", httpPort, ports.http, ports.http);
        if (!controlId.matches("control-[0-9]{1,3}")) {
            throw GridException.invalid(
                    "controlId",
                    "controlId is '" + controlId + "' in home.json",
                    "give control-1, control-2 and so on");
        }
        return this;
    }

    private static void within(String field, long value, long min, long max) {
        if (value < min || value > max) {
            String right = min == max ? "it must be " + min : "give a whole number from " + min + " to " + max;
            throw GridException.invalid(field, field + " is " + value + " in home.json", right);
        }
    }

    private static GridException broken(String field, String detail, String fix, Exception cause) {
        return new GridException(GridException.Kind.INVALID, field, detail, fix, cause);
    }
}
