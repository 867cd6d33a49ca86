package org.virtugrid.cli.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What another home needs to be a control node of the same platform: its secrets and settings. Whoever has it rules the
 * platform.
 *
 * @param files bytes by their place in the home
 */
public record Invitation(int workers, String driver, int backups, long workerMemoryBytes, Map<String, byte[]> files) {
    private static final int FORMAT_VERSION = 1;
    private static final List<String> NEEDED = List.of("token", "secrets/ignite-password", "control.yaml");
    /** Only driver libvirt has them. */
    private static final List<String> POSSIBLE =
            List.of("secrets/authority/authority.p12", "secrets/authority/authority.password", "control/platform-id");

    public Invitation {
        files = Map.copyOf(files);
    }

    /** Of a home that has been started once with its control nodes in control.yaml. */
    public static Invitation of(Home home) {
        HomeSettings settings = home.settings()
                .orElseThrow(() -> CliException.wrongInput(
                        "there is no grid in " + home.directory() + "; start one with: virtugrid up"));
        Map<String, byte[]> files = new LinkedHashMap<>();
        try {
            for (String name : NEEDED) {
                Path file = home.directory().resolve(name);
                if (!Files.exists(file)) {
                    throw CliException.wrongInput(file
                            + " is missing: name the control nodes in a control.yaml, and start this one with"
                            + " virtugrid up --config FILE first");
                }
                files.put(name, Files.readAllBytes(file));
            }
            for (String name : POSSIBLE) {
                Path file = home.directory().resolve(name);
                if (Files.exists(file)) {
                    files.put(name, Files.readAllBytes(file));
                }
            }
        } catch (IOException e) {
            throw new CliException(1, "the home cannot be read: " + e.getMessage(), e);
        }
        return new Invitation(
                settings.workers(), settings.driver(), settings.backups(), settings.workerMemoryBytes(), files);
    }

    /** Writes it into a file that only its owner can read. */
    public void write(Path file) {
        ObjectNode json = Json.object()
                .put("formatVersion", FORMAT_VERSION)
                .put("workers", workers)
                .put("driver", driver)
                .put("backups", backups)
                .put("workerMemoryBytes", workerMemoryBytes);
        ObjectNode contents = json.putObject("files");
        files.forEach((name, bytes) -> contents.put(name, Base64.getEncoder().encodeToString(bytes)));
        try {
            OwnerOnly.replace(file.toAbsolutePath(), (Json.pretty(json) + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new CliException(1, file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Reads the file; takes only what an invitation can have. */
    public static Invitation read(Path file) {
        try {
            JsonNode json = Json.parse(Files.readString(file));
            Map<String, byte[]> files = new LinkedHashMap<>();
            for (String name : NEEDED) {
                if (!json.path("files").path(name).isString()) {
                    throw notOne(file);
                }
                files.put(name, content(json, name));
            }
            for (String name : POSSIBLE) {
                if (json.path("files").path(name).isString()) {
                    files.put(name, content(json, name));
                }
            }
            if (json.path("formatVersion").asInt(0) != FORMAT_VERSION) {
                throw notOne(file);
            }
            return new Invitation(
                    json.path("workers").asInt(0),
                    json.path("driver").asString(""),
                    json.path("backups").asInt(0),
                    json.path("workerMemoryBytes").asLong(0),
                    files);
        } catch (IOException e) {
            throw CliException.wrongInput("--join " + file + " cannot be read: " + e.getMessage());
        } catch (JacksonException | IllegalArgumentException e) {
            throw notOne(file);
        }
    }

    private static byte[] content(JsonNode json, String name) {
        return Base64.getDecoder().decode(json.path("files").path(name).asString(""));
    }

    private static CliException notOne(Path file) {
        return CliException.wrongInput(
                "--join " + file + " is no invitation; make one with: virtugrid control invite FILE");
    }

    /** Puts the secrets into a home, before anything is made there. */
    public void accept(Home home) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path target = home.directory().resolve(file.getKey());
            OwnerOnly.makeDirectories(target.getParent());
            OwnerOnly.replace(target, file.getValue());
        }
    }
}
