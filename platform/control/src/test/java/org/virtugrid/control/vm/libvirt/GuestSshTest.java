package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.control.vm.VmSpec;
import org.virtugrid.control.vm.libvirt.GuestNetwork.Isolation;

/** Who may log in to real guests over SSH: of our image, and of a cloud image that knows nothing of us. */
@Tag("vm")
class GuestSshTest {
    private static final Path IMAGE = Path.of(System.getProperty("virtugrid.image", "../../target/image/current"))
            .toAbsolutePath();
    private static final String ELSEWHERE = "10.77.0.99";
    private static final GuestNetwork NETWORK =
            new GuestNetwork("10.77.0.1", 24, "10.77.0.10-10.77.0.40", null, Isolation.REQUIRED, List.of());
    private static final String REFUSED = "Permission denied (publickey).";

    private static Path folder;
    private static Lab lab;

    @TempDir
    Path home;

    private LibvirtDriver driver;
    private Path key;
    private Path otherKey;

    private record Answer(int exitCode, String out) {}

    @BeforeAll
    static void startLab() throws IOException {
        folder = Files.createTempDirectory("vglab");
        lab = new Lab(folder);
        lab.start("a");
        Lab.run("ip", "-n", lab.namespace("a"), "addr", "add", ELSEWHERE + "/24", "dev", "vgbr0");
        // The first to ask waits until libvirt knows its QEMU, which takes long where much else runs
        await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> lab.virsh(
                        "a", "domcapabilities", "--virttype", "qemu")
                .contains("domainCapabilities"));
    }

    @BeforeEach
    void makeKeys() {
        // Its comment is the operator's, whatever YAML makes of it
        key = makeKey("key", "it's: me # {here}");
        otherKey = makeKey("other", "other");
    }

    @AfterEach
    void destroyGuests() {
        if (driver != null) {
            driver.list().forEach(vm -> driver.destroy(vm.id()));
            driver.close();
        }
    }

    @AfterAll
    static void stopLab() throws IOException {
        lab.close();
        GuestSeed.delete(folder);
    }

    private Path makeKey(String name, String comment) {
        Path file = home.resolve(name);
        Lab.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file.toString());
        return file;
    }

    /** Starts a guest of an image; returns its address. */
    private String start(Path image, String name) throws IOException {
        String publicKey = Files.readString(Path.of(key + ".pub")).strip();
        driver = new LibvirtDriver(
                        "test",
                        List.of(lab.settings("a")),
                        NETWORK,
                        new KnownVms(home.resolve("known")),
                        new IdleGuests(image, home, List.of(publicKey)),
                        new KvmCheck(folder.resolve("kvm")),
                        home.resolve("scratch"))
                .adopt();
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            driver.look();
            return driver.hosts().get(0).failure() == null;
        });
        String id =
                driver.define(new VmSpec(name, 1, 1L << 30, 1L << 30, Map.of())).id();
        driver.start(id);
        return driver.hostOf(id).find(id).address();
    }

    /** Tries to log in from the host; the options of ssh come first. */
    private static Answer ssh(String address, String command, String... options) {
        List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", lab.namespace("a"), "ssh", "-F", "none"));
        line.addAll(List.of(options));
        for (String option : List.of(
                "BatchMode=yes",
                "ConnectTimeout=20",
                "IdentitiesOnly=yes",
                "LogLevel=ERROR",
                "StrictHostKeyChecking=no",
                "UserKnownHostsFile=/dev/null")) {
            line.addAll(List.of("-o", option));
        }
        line.addAll(List.of("root@" + address, command));
        try {
            Process process = new ProcessBuilder(line)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Answer(process.exitValue(), out.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Answer withKey(String address, String command) {
        return ssh(address, command, "-i", key.toString());
    }

    private void assertThatOnlyTheKeyOpens(String address) {
        assertThat(withKey(address, "id -un")).isEqualTo(new Answer(0, "root"));
        Answer stranger = ssh(address, "id -un", "-i", otherKey.toString());
        assertThat(stranger.exitCode()).isEqualTo(255);
        assertThat(stranger.out()).endsWith(REFUSED);
        // A server that took passwords would name them among the ways that are left
        Answer password = ssh(address, "id -un", "-o", "PubkeyAuthentication=no");
        assertThat(password.exitCode()).isEqualTo(255);
        assertThat(password.out()).endsWith(REFUSED);
        assertThat(ssh(address, "id -un", "-i", key.toString(), "-b", ELSEWHERE, "-o", "ConnectTimeout=3")
                        .out())
                .as("a machine that the filter does not name")
                .contains("timed out");
    }

    @Test
    void a_key_of_the_settings_logs_in_as_root_and_nothing_else_does() throws IOException {
        String address = start(IMAGE, "w1");

        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(withKey(address, "hostname")).isEqualTo(new Answer(0, "w1")));
        assertThatOnlyTheKeyOpens(address);
    }

    @Test
    void a_cloud_image_takes_name_address_and_key_from_the_seed() throws Exception {
        Path stock = Path.of("target/stock-image").toAbsolutePath();
        buildStockImage(stock);
        String address = start(stock, "w-stock");

        // cloud-init leaves this file when it is done with all
        Answer result = await().atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofSeconds(5))
                .until(() -> withKey(address, "cat /run/cloud-init/result.json"), answer -> answer.exitCode() == 0);
        assertThat(result.out()).contains("DataSourceNoCloud", "\"errors\": []");
        assertThatOnlyTheKeyOpens(address);
        assertThat(withKey(address, "hostname")).isEqualTo(new Answer(0, "w-stock"));
        assertThat(withKey(address, "ip -4 -brief address show scope global").out())
                .contains(address + "/24");
        // The key is root's alone: no user whom nobody asked for
        assertThat(withKey(address, "ls /home")).isEqualTo(new Answer(0, ""));
    }

    private static void buildStockImage(Path stock) throws IOException, InterruptedException {
        Path log = stock.resolveSibling("stock.log");
        Process process = new ProcessBuilder(
                        Path.of("src/test/lab/stock-image").toAbsolutePath().toString(),
                        IMAGE.toString(),
                        stock.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(15, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        } finally {
            process.destroy();
        }
    }
}
