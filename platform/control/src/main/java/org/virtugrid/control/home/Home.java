package org.virtugrid.control.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.virtugrid.grid.fault.GridException;

/** Where everything of one platform lies, and what it is set to. Immutable. */
public final class Home {
    private final Path directory;
    private final HomeSettings settings;
    private final ControlSettings controlNodes;

    private Home(Path directory, HomeSettings settings, ControlSettings controlNodes) {
        this.directory = directory;
        this.settings = settings;
        this.controlNodes = controlNodes;
    }

    /** Opens a home that {@code up} has made; makes the folders that are missing. Fails with INVALID and a remedy. */
    public static Home open(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        HomeSettings settings = HomeSettings.read(absolute.resolve("home.json"));
        Home home = new Home(
                absolute, settings, ControlSettings.read(absolute.resolve("control.yaml"), settings.controlId()));
        try {
            var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(home.control(), ownerOnly);
            Files.createDirectories(home.vms(), ownerOnly);
            Files.createDirectories(home.logs(), ownerOnly);
            Files.createDirectories(home.jobs(), ownerOnly);
        } catch (IOException e) {
            throw new GridException(
                    GridException.Kind.INVALID,
                    "home",
                    "cannot write to the home " + absolute + ": " + e.getMessage(),
                    "mend its permissions, or free space on its disk",
                    e);
        }
        return home;
    }

    /** The home itself. */
    public Path directory() {
        return directory;
    }

    /** What {@code home.json} says. */
    public HomeSettings settings() {
        return settings;
    }

    /** The control nodes of the platform. */
    public ControlSettings controlNodes() {
        return controlNodes;
    }

    private Path shared() {
        return controlNodes.shared() == null ? directory : controlNodes.shared();
    }

    /** Files of the control process. */
    public Path control() {
        return directory.resolve("control");
    }

    /** Work directory of control's node; the record of the last topology lies beside it. */
    public Path controlDatabase() {
        return control().resolve("db");
    }

    /** What the last shutdown left behind. */
    public Path shutdownReport() {
        return control().resolve("shutdown.json");
    }

    /** One folder per VM. */
    public Path vms() {
        return shared().resolve("vms");
    }

    /** One log per process. */
    public Path logs() {
        return directory.resolve("logs");
    }

    /** Jars of users' jobs. */
    public Path jobs() {
        return shared().resolve("jobs");
    }

    /** File of the admin token. */
    public Path tokenFile() {
        return directory.resolve("token");
    }

    /** File of the password of the Ignite user for thin clients and Ignite REST. */
    public Path ignitePasswordFile() {
        return directory.resolve("secrets").resolve("ignite-password");
    }

    /** Password of the Ignite user for thin clients and Ignite REST; never log it. */
    public String ignitePassword() {
        Path file = ignitePasswordFile();
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new GridException(
                    GridException.Kind.UNAVAILABLE,
                    null,
                    "the grid's password " + file + " cannot be read",
                    "restore the file; it was made at the first `virtugrid up`",
                    e);
        }
    }

    /** What the operator set besides; may be missing. */
    public Path controlYaml() {
        return directory.resolve("control.yaml");
    }

    /** The authority that signs nodes' keys. */
    public Path authority() {
        return directory.resolve("secrets").resolve("authority");
    }

    /** Guest images. */
    public Path images() {
        return directory.resolve("images");
    }

    /** Address of the REST API. */
    public String url() {
        return "http://127.0.0.1:" + settings.httpPort();
    }
}
