package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmProbe.Life;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;

/**
 * What control does with two hosts that it reaches by TLS alone, for a process of its own in their network:
 * {@code TlsControl IMAGE HOME STORAGE URI URI CERTIFICATES}, the last being those that QEMU of the second host needs.
 * Ends with an error when anything is not as it should be.
 */
final class TlsControl {
    // Filters of the network are another test's matter, and take their time
    private static final GuestNetwork NETWORK =
            new GuestNetwork("10.77.0.1", 24, "10.77.0.10-10.77.0.40", null, GuestNetwork.Isolation.OFF, List.of());

    private TlsControl() {}

    public static void main(String... arguments) throws IOException {
        Path home = Path.of(arguments[1]);
        List<HostSettings> hosts = List.of(
                host("a", arguments[3], arguments[2], "10.77.0.1"), host("b", arguments[4], arguments[2], "10.77.0.2"));
        try (LibvirtDriver driver = new LibvirtDriver(
                        "test",
                        hosts,
                        NETWORK,
                        new KnownVms(home.resolve("known")),
                        new IdleGuests(Path.of(arguments[0]), home),
                        new KvmCheck(home.resolve("kvm")),
                        home.resolve("scratch"))
                .adopt()) {
            live(driver, Path.of(arguments[5]));
        }
    }

    private static HostSettings host(String name, String uri, String storage, String address) {
        return new HostSettings(name, uri, "vgbr0", storage, address, true);
    }

    private static void live(LibvirtDriver driver, Path certificates) throws IOException {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            driver.look();
            return driver.hosts().stream().allMatch(host -> host.failure() == null);
        });
        say("may come");
        VmRecord vm = driver.define(new VmSpec("w1", 1, 512L << 20, 1L << 30, Map.of()));
        assertThat(vm.host()).isEqualTo("a");
        assertThat(driver.start(vm.id()).life()).isEqualTo(Life.RUNNING);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            driver.look();
            return driver.use(vm.id()).memoryBytes() < 200L << 20
                    && driver.use(vm.id()).networkBytesPerSecond() != null
                    && driver.hardware(vm.id()).isPresent();
        });
        say("runs on a, and tells what it uses");

        Path hidden = certificates.resolveSibling("hidden");
        Files.move(certificates, hidden);
        assertThatThrownBy(() -> driver.migrate(vm.id(), "b"))
                .isInstanceOf(VmDriverException.class)
                .hasMessageContaining("/etc/pki/qemu");
        driver.look();
        assertThat(driver.hostOf(vm.id()).name()).isEqualTo("a");
        assertThat(driver.probe(vm.id()).life()).isEqualTo(Life.RUNNING);
        say("does not move in the clear");

        Files.move(hidden, certificates);
        driver.migrate(vm.id(), "b");
        assertThat(driver.hostOf(vm.id()).name()).isEqualTo("b");
        assertThat(driver.probe(vm.id()).life()).isEqualTo(Life.RUNNING);
        say("moved to b");

        driver.stop(vm.id(), Duration.ofMinutes(1));
        assertThat(driver.probe(vm.id()).life()).isEqualTo(Life.OFF);
        driver.destroy(vm.id());
        assertThat(driver.list()).isEmpty();
        say("is gone");
    }

    private static void say(String what) {
        System.out.println("w1 " + what);
    }
}
