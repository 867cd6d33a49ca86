package org.virtugrid.control.vm.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.virtugrid.grid.node.NodeSettings;
import org.virtugrid.grid.topology.NodeRole;

/** Real guests of the real image, whose worker waits for a grid that is not there. */
final class IdleGuests implements GuestMaker {
    /** Stands for the key of a node. */
    static final String SECRET = "not-for-anybody-else";

    private final GuestImage image;
    private final Path home;
    private final List<String> sshKeys;

    IdleGuests(Path image, Path home) {
        this(image, home, List.of());
    }

    IdleGuests(Path image, Path home, List<String> sshKeys) {
        this.image = GuestImage.open(image);
        this.home = home;
        this.sshKeys = sshKeys;
    }

    @Override
    public GuestImage image() {
        return image;
    }

    @Override
    public Path seed(LibvirtVm vm, HostVms host, GridHints hints) throws IOException {
        Path tls = Files.createDirectories(home.resolve("tls"));
        Files.writeString(tls.resolve("password"), SECRET);
        NodeSettings node = new NodeSettings(
                NodeRole.WORKER,
                vm.id(),
                vm.id(),
                vm.life(),
                host.name(),
                Path.of("/data/work/db"),
                vm.address(),
                LibvirtVm.DISCOVERY_PORT,
                LibvirtVm.COMMUNICATION_PORT,
                List.of("10.77.0.1:47500"),
                64L << 20,
                true,
                Duration.ofSeconds(5),
                1,
                0,
                0,
                0,
                null);
        GuestSeed.Contents contents = new GuestSeed.Contents(
                vm.spec().name(),
                vm.life(),
                vm.mac(),
                vm.address(),
                24,
                null,
                // A JVM that waits for a file to go away takes next to no processor time
                List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+PauseAtStartup", "-XX:PauseAtStartupFile=/tmp/paused"),
                node,
                hints.caches(),
                tls,
                sshKeys,
                home.resolve("none"));
        return GuestSeed.write(contents, home.resolve("seed-" + vm.id()));
    }

    @Override
    public void forget(String id) throws IOException {
        GuestSeed.delete(home.resolve("seed-" + id));
    }
}
