package org.virtugrid.cli.home;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The directory of one grid, and where in it everything lies. */
public record Home(Path directory) {
    /** What may be there before the grid is: its images can be built first. */
    private static final Set<String> BEFORE_GRID = Set.of("up.lock", "images");

    /** A worker process that a VM's record names and that is alive. */
    public record Worker(String name, ProcessIdentity process) {}

    public Home {
        directory = directory.toAbsolutePath().normalize();
    }

    public Path settingsFile() {
        return directory.resolve("home.json");
    }

    public Path tokenFile() {
        return directory.resolve("token");
    }

    public Path secrets() {
        return directory.resolve("secrets");
    }

    public Path ignitePasswordFile() {
        return secrets().resolve("ignite-password");
    }

    public Path controlFile() {
        return directory.resolve("control.json");
    }

    public Path logs() {
        return directory.resolve("logs");
    }

    public Path controlLog() {
        return logs().resolve("control.log");
    }

    public Path vms() {
        return directory.resolve("vms");
    }

    public Path controlYaml() {
        return directory.resolve("control.yaml");
    }

    /** What control's last shutdown left behind. */
    public Path shutdownReport() {
        return directory.resolve("control").resolve("shutdown.json");
    }

    public Path lockFile() {
        return directory.resolve("up.lock");
    }

    /** What is in the directory. */
    public enum Kind {
        /** Nothing yet, so a grid may be made here. */
        ABSENT,
        /** A grid of ours. */
        GRID,
        /** Something else, which must not be touched. */
        FOREIGN
    }

    public Kind kind() {
        if (Files.isRegularFile(settingsFile())) {
            return Kind.GRID;
        }
        if (!Files.exists(directory)) {
            return Kind.ABSENT;
        }
        if (!Files.isDirectory(directory)) {
            return Kind.FOREIGN;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, entry -> !isBeforeGrid(entry))) {
            return entries.iterator().hasNext() ? Kind.FOREIGN : Kind.ABSENT;
        } catch (IOException e) {
            return Kind.FOREIGN;
        }
    }

    /** Whether something is there before the grid is, and without it. */
    static boolean isBeforeGrid(Path entry) {
        return BEFORE_GRID.contains(entry.getFileName().toString());
    }

    /** The settings, empty when there is no grid here yet. */
    public Optional<HomeSettings> settings() {
        return kind() == Kind.GRID ? Optional.of(HomeSettings.read(settingsFile())) : Optional.empty();
    }

    /** The control process when it is alive. */
    public Optional<ProcessIdentity> liveControl() {
        return ProcessIdentity.fromFile(controlFile()).filter(ProcessIdentity::isAlive);
    }

    /** Every worker process of this home that is alive, whoever started it. */
    public List<Worker> liveWorkers() {
        List<Worker> workers = new ArrayList<>();
        for (Path record : vmRecords()) {
            try {
                JsonNode vm = Json.parse(Files.readString(record));
                ProcessIdentity.from(vm.path("process"))
                        .filter(ProcessIdentity::isAlive)
                        .ifPresent(process -> workers.add(new Worker(
                                vm.path("name")
                                        .asString(
                                                record.getParent().getFileName().toString()),
                                process)));
            } catch (IOException | JacksonException e) {
                // A record that is being rewritten or is damaged names no process that could be handled safely
            }
        }
        return workers;
    }

    /** Whether VMs were ever made here, so that data may lie here that the secrets belong to. */
    public boolean hasVms() {
        return !vmRecords().isEmpty();
    }

    /** Whether there may be guests on hosts, which only control reaches; also when it could not be told that they are gone. */
    public boolean mayHaveGuests() {
        Optional<HomeSettings> settings = settings();
        if (settings.isEmpty() || !settings.get().driver().equals("libvirt")) {
            return false;
        }
        // With several control nodes the records may lie in a folder that they share
        return settings.get().controlId() != null || !isEmpty(vms().resolve("known"));
    }

    private static boolean isEmpty(Path folder) {
        if (!Files.isDirectory(folder)) {
            return true;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            return !entries.iterator().hasNext();
        } catch (IOException e) {
            return false;
        }
    }

    /** The admin token; throws when it cannot be read. */
    public String token() {
        try {
            return Files.readString(tokenFile()).strip();
        } catch (IOException e) {
            throw new CliException(
                    1,
                    "the token " + tokenFile() + " cannot be read: run as the user who owns the home, or give --token",
                    e);
        }
    }

    /** A number that is the same for the same home, and seldom for two. */
    public int seed() {
        return directory.toString().hashCode();
    }

    private List<Path> vmRecords() {
        List<Path> records = new ArrayList<>();
        if (Files.isDirectory(vms())) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(vms())) {
                for (Path folder : folders) {
                    if (Files.isRegularFile(folder.resolve("vm.json"))) {
                        records.add(folder.resolve("vm.json"));
                    }
                }
            } catch (IOException e) {
                throw new CliException(1, vms() + " cannot be read: " + e.getMessage(), e);
            }
        }
        return records;
    }
}
