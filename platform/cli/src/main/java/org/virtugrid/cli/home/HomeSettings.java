package org.virtugrid.cli.home;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a home is set to, as {@code home.json} says it; the control process reads it when it starts.
 *
 * @param ports by use: http, thin, restHttp, restTcp, discovery, communication, workerBase (the first of a block)
 * @param controlId which control node the home is of; null for the first
 */
public record HomeSettings(
        int formatVersion,
        int workers,
        String driver,
        int backups,
        int httpPort,
        long workerMemoryBytes,
        Map<String, Integer> ports,
        @JsonInclude(JsonInclude.Include.NON_NULL) String controlId) {

    /** The newest layout of a home that this version understands. */
    public static final int FORMAT_VERSION = 1;

    /** Of a home whose control node is the first. */
    public HomeSettings(
            int formatVersion,
            int workers,
            String driver,
            int backups,
            int httpPort,
            long workerMemoryBytes,
            Map<String, Integer> ports) {
        this(formatVersion, workers, driver, backups, httpPort, workerMemoryBytes, ports, null);
    }

    public HomeSettings {
        ports = Map.copyOf(ports);
    }

    /** Reads the file; throws with a remedy when it is not readable as settings. */
    static HomeSettings read(Path file) {
        JsonNode json;
        try {
            json = Json.parse(Files.readString(file));
        } catch (IOException e) {
            throw new CliException(1, file + " cannot be read: " + e.getMessage(), e);
        } catch (JacksonException e) {
            throw new CliException(1, file + " is damaged (" + e.getOriginalMessage() + "): restore it from a copy", e);
        }
        Map<String, Integer> ports = new LinkedHashMap<>();
        json.path("ports").properties().forEach(port -> {
            if (port.getValue().isIntegralNumber()) {
                ports.put(port.getKey(), port.getValue().intValue());
            }
        });
        return new HomeSettings(
                json.path("formatVersion").asInt(FORMAT_VERSION),
                json.path("workers").asInt(0),
                json.path("driver").asString("process"),
                json.path("backups").asInt(1),
                json.path("httpPort").asInt(ports.getOrDefault("http", 0)),
                json.path("workerMemoryBytes").asLong(0),
                ports,
                json.path("controlId").isString() ? json.path("controlId").asString() : null);
    }

    /** Writes the file as a whole and keeps fields in it that this version doesn't know. */
    public void write(Path file) {
        try {
            ObjectNode json = Json.object();
            if (Files.exists(file) && Json.parse(Files.readString(file)) instanceof ObjectNode old) {
                json = old;
            }
            json.setAll((ObjectNode) Json.toTree(this));
            OwnerOnly.replace(file, (Json.pretty(json) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException | JacksonException e) {
            throw new CliException(1, file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
