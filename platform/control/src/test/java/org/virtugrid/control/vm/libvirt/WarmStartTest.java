package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.control.authority.NodeAuthority;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmSpec;

/** Real guests that resume from a snapshot of memory: what each has for itself, and what happens when they can't. */
@Tag("vm")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WarmStartTest {
    private static final Path IMAGE = Path.of(System.getProperty("virtugrid.image", "target/image/current"));
    private static final GuestNetwork NETWORK = new GuestNetwork("10.77.0.1", 24, "10.77.0.10-10.77.0.40", null);
    private static final long MIB = 1L << 20;
    private static final Duration JOINED = Duration.ofMinutes(1);
    private static final int CLONES = Integer.getInteger("virtugrid.clones", 4);
    private static Path labFolder;
    private static Lab lab;

    @TempDir
    private static Path home;

    private static LibvirtDriver driver;

    /** What a guest says that it is. */
    private record Identity(String name, String nodeId, String address, String mac, String random, long clock) {}

    /** One template for all tests: making it takes a minute. */
    @BeforeAll
    static void prepare() throws IOException {
        labFolder = Files.createTempDirectory("vglab");
        lab = new Lab(labFolder);
        lab.start("a");
        LibvirtSettings settings =
                new LibvirtSettings(IMAGE, NETWORK, List.of(), List.of(lab.settings("a")), null, true);
        driver = LibvirtDriver.open(
                settings,
                new Surroundings(
                        home.resolve("vms"),
                        Files.createDirectory(home.resolve("jobs")),
                        home.resolve("platform"),
                        List.of("10.77.0.1:47500"),
                        Duration.ofSeconds(8),
                        Set::of,
                        new NodeAuthority(home.resolve("authority"), Clock.systemUTC())));
        // A host keeps its templates as long as it has guests
        define("first");
        assertThat(driver.prepareStarts()).isPresent();
        assertThat(driver.prepareStarts()).as("there is one now").isEmpty();
    }

    @AfterAll
    static void end() throws IOException {
        try {
            driver.list().forEach(vm -> driver.destroy(vm.id()));
            driver.close();
        } finally {
            lab.close();
            GuestSeed.delete(labFolder);
        }
    }

    @Test
    @Order(1)
    void each_guest_that_resumes_is_one_of_its_own() {
        List<Identity> all = new ArrayList<>();
        for (int number = 0; number < CLONES; number++) {
            String id = define("w" + number);
            long began = System.nanoTime();
            VmProbe probe = driver.start(id);
            assertThat(probe.detail()).contains("resumed from memory");
            Identity identity = identity(id);
            System.out.printf(
                    "measured: guest %d of %d resumed and joined in %.1f s%n",
                    number + 1, CLONES, (System.nanoTime() - began) / 1e9);
            all.add(identity);
            assertThat(identity.address()).contains(address(id));
            assertThat(identity.mac()).isEqualTo(driver.hostOf(id).find(id).mac());
            assertThat(identity.name()).isEqualTo("w" + number);
            assertThat(Math.abs(identity.clock() - Instant.now().getEpochSecond()))
                    .as("seconds that its clock is off")
                    .isLessThanOrEqualTo(3);
            driver.destroy(id);
        }
        assertThat(distinct(all.stream().map(Identity::nodeId).toList())).hasSize(CLONES);
        assertThat(distinct(all.stream().map(Identity::random).toList())).hasSize(CLONES);
        assertThat(lab.virsh("a", "list", "--all", "--name")).doesNotContain("virtugrid-warm");
    }

    @Test
    @Order(3)
    void one_whose_warm_start_failed_boots() throws IOException {
        String id = define("again");
        Path template = template();
        byte[] broken = new byte[4096];
        Arrays.fill(broken, (byte) 7);
        Files.write(template, broken);

        VmProbe probe = driver.start(id);

        assertThat(probe.life()).isEqualTo(VmProbe.Life.RUNNING);
        assertThat(probe.detail()).doesNotContain("resumed from memory");
        assertThat(template.resolveSibling(template.getFileName() + ".complete"))
                .doesNotExist();
        driver.list().forEach(vm -> driver.destroy(vm.id()));
        assertThat(lab.storage("a").toFile().list())
                .as("templates go with the last guest")
                .noneMatch(name -> name.startsWith("warm-"));
    }

    @Test
    @Order(2)
    void one_that_was_resumed_a_moment_ago_boots_when_it_is_started_again() {
        String id = define("again");
        assertThat(driver.start(id).detail()).contains("resumed from memory");
        driver.kill(id);

        VmProbe probe = driver.start(id);

        assertThat(probe.life()).isEqualTo(VmProbe.Life.RUNNING);
        assertThat(probe.detail()).doesNotContain("resumed from memory");
        driver.destroy(id);
    }

    private Path template() throws IOException {
        try (var files = Files.list(lab.storage("a"))) {
            return files.filter(file -> file.toString().endsWith(".save"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Set<String> distinct(List<String> values) {
        return new HashSet<>(values);
    }

    private static String define(String name) {
        String id = driver.define(new VmSpec(name, 1, 512 * MIB, 1024 * MIB, Map.of()))
                .id();
        driver.want(id, Desired.RUNNING);
        return id;
    }

    private String address(String id) {
        return driver.hostOf(id).find(id).address();
    }

    private Identity identity(String id) {
        GuestShell shell = new GuestShell(lab, "a", driver.hostOf(id).find(id).domainName()).awaitBoot();
        await().atMost(JOINED)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> shell.run("grep -c 'has joined the grid' /data/logs/worker.log")
                        .out()
                        .strip()
                        .equals("1"));
        String[] lines = shell.run("hostname; sed -n 's/.*has joined the grid as node //p' /data/logs/worker.log;"
                        + " ip -4 -o addr show scope global; cat /sys/class/net/e*/address;"
                        + " head -c 32 /dev/urandom | sha256sum; date +%s")
                .out()
                .split("\n", -1);
        return new Identity(lines[0], lines[1], lines[2], lines[3], lines[4], Long.parseLong(lines[5].strip()));
    }
}
