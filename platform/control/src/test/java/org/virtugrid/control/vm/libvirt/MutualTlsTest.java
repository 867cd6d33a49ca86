package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two hosts that are set up as an operator does it, by {@code config/kvm-host} and {@code scripts/host-certificates}, and
 * reached by TLS alone. Control is a process of its own here, since it must be in their network.
 */
@Tag("vm")
class MutualTlsTest {
    private static final Path IMAGE = Path.of(System.getProperty("virtugrid.image", "../../target/image/current"))
            .toAbsolutePath();
    private static final long PATIENCE_MINUTES = 8;

    private static Path folder;
    private static Path certificates;
    private static Lab lab;
    private static HostSettings a;
    private static HostSettings b;

    /** How a command ended, and what it said. */
    private record Ended(int status, String said) {}

    @BeforeAll
    static void startLab() throws IOException {
        // QEMU runs as a user of its own and must come to its disks
        folder = Files.createTempDirectory(
                "vglab", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        certificates = folder.resolve("certificates");
        lab = new Lab(folder);
        a = lab.startWithTls("a", certificates);
        b = lab.startWithTls("b", certificates);
        Lab.certificates(certificates, "control", "control");
    }

    @AfterAll
    static void stopLab() throws IOException {
        lab.close();
        GuestSeed.delete(folder);
    }

    /** Runs a command in the network of the hosts. */
    private static Ended inTheirNetwork(String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", lab.namespace("a")));
        line.addAll(List.of(command));
        Path out = Files.createTempFile(folder, "out", ".log");
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("not within " + PATIENCE_MINUTES + " minutes: " + Files.readString(out));
        }
        return new Ended(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
    }

    private static Ended virsh(Path pki) throws IOException, InterruptedException {
        return inTheirNetwork("virsh", "-c", "qemu+tls://10.77.0.2/system?pkipath=" + pki, "hostname");
    }

    private static String log() throws IOException {
        return Files.readString(folder.resolve("b/log/libvirtd.log"));
    }

    @Test
    void control_with_its_certificate_starts_moves_and_stops_a_guest_and_never_in_the_clear() throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        Ended control = inTheirNetwork(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.net.preferIPv4Stack=true",
                "-cp",
                System.getProperty("java.class.path"),
                TlsControl.class.getName(),
                IMAGE.toString(),
                home.toString(),
                a.storage(),
                a.uri(),
                b.uri(),
                lab.pki("b").resolve("qemu").toString());

        assertThat(control.status()).as(control.said()).isZero();
        assertThat(control.said())
                .contains("runs on a", "w1 does not move in the clear", "w1 moved to b", "w1 is gone");
    }

    @Test
    void who_has_no_certificate_is_refused() throws Exception {
        Path pki = Files.createDirectory(folder.resolve("nobody"));
        Files.copy(certificates.resolve("control/cacert.pem"), pki.resolve("cacert.pem"));

        assertThat(virsh(certificates.resolve("control")).said()).startsWith("b");
        assertThat(virsh(pki).status()).isNotZero();
        assertThat(log()).contains("No certificate was found");
    }

    @Test
    void who_has_one_of_another_authority_is_refused() throws Exception {
        Path others = folder.resolve("others");
        Lab.certificates(others, "control", "control");
        Path pki = others.resolve("control");
        Files.copy(
                certificates.resolve("control/cacert.pem"),
                pki.resolve("cacert.pem"),
                StandardCopyOption.REPLACE_EXISTING);

        Ended refused = virsh(pki);

        assertThat(refused.status()).as(refused.said()).isNotZero();
    }

    @Test
    void a_host_cannot_act_as_control_of_another_with_the_certificate_that_it_has_for_guests() throws Exception {
        Path pki = Files.createDirectory(folder.resolve("host"));
        Path qemu = certificates.resolve("a/qemu");
        Files.copy(qemu.resolve("ca-cert.pem"), pki.resolve("cacert.pem"));
        Files.copy(qemu.resolve("client-cert.pem"), pki.resolve("clientcert.pem"));
        Files.copy(qemu.resolve("client-key.pem"), pki.resolve("clientkey.pem"));

        assertThat(virsh(pki).status()).isNotZero();
        assertThat(log()).contains("not on the list of allowed clients");
    }
}
