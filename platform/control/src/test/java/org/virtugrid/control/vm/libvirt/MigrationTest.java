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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmHost;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmProbe.Life;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;

/** Real guests that move between two real libvirtds, each in a network and mount namespace of its own. */
@Tag("vm")
class MigrationTest {
    private static final Path IMAGE = Path.of(System.getProperty("virtugrid.image", "../../target/image/current"))
            .toAbsolutePath();
    private static final GuestNetwork NETWORK = new GuestNetwork("10.77.0.1", 24, "10.77.0.10-10.77.0.40", null);

    private static final int WATCHERS = 16;

    @TempDir
    Path home;

    private static Path folder;
    private static Lab lab;

    private LibvirtDriver driver;

    @BeforeAll
    static void startLab() throws IOException {
        folder = Files.createTempDirectory("vglab");
        lab = new Lab(folder);
        lab.start("a");
        lab.start("b");
    }

    @AfterAll
    static void stopLab() throws IOException {
        lab.close();
        GuestSeed.delete(folder);
    }

    @BeforeEach
    void open() {
        driver = reopened();
    }

    @AfterEach
    void close() {
        driver.maintain("a", false);
        driver.list().forEach(vm -> driver.destroy(vm.id()));
        driver.close();
    }

    private LibvirtDriver reopened() {
        if (driver != null) {
            driver.close();
        }
        return new LibvirtDriver(
                        "test",
                        List.of(lab.settings("a"), lab.settings("b")),
                        NETWORK,
                        new KnownVms(home.resolve("known")),
                        new IdleGuests(IMAGE, home),
                        new KvmCheck(folder.resolve("kvm")),
                        home.resolve("scratch"))
                .adopt();
    }

    private VmRecord define(String name) {
        return driver.define(new VmSpec(name, 1, 512L << 20, 1L << 30, Map.of()));
    }

    private String hostOf(String id) {
        return driver.list().stream()
                .filter(vm -> vm.id().equals(id))
                .findFirst()
                .orElseThrow()
                .host();
    }

    private List<String> filesOf(String host, String id) throws IOException {
        try (Stream<Path> files = Files.list(lab.storage(host))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(id))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void a_guest_moves_while_it_runs_and_nothing_of_it_stays_behind() throws Exception {
        VmRecord vm = define("w1");
        assertThat(vm.host()).isEqualTo("a");
        VmProbe before = driver.start(vm.id());
        Set<Life> seen = ConcurrentHashMap.newKeySet();
        AtomicBoolean moving = new AtomicBoolean(true);
        LibvirtDriver watched = driver;
        // Whoever is told that it is gone tells the grid at once. They are many, so that some are held up in the middle
        ExecutorService watchers = Executors.newFixedThreadPool(WATCHERS);
        try {
            List<Future<?>> watches = Stream.<Runnable>generate(() -> () -> {
                        while (moving.get()) {
                            watched.look();
                            seen.add(watched.probe(vm.id()).life());
                        }
                    })
                    .limit(WATCHERS)
                    .<Future<?>>map(watchers::submit)
                    .toList();
            try {
                driver.migrate(vm.id(), "b");
            } finally {
                moving.set(false);
            }
            for (Future<?> watch : watches) {
                watch.get(1, TimeUnit.MINUTES);
            }
        } finally {
            watchers.shutdownNow();
        }
        assertThat(seen).as("it never seemed to be gone").contains(Life.RUNNING).doesNotContain(Life.DIED, Life.OFF);
        VmProbe after = driver.probe(vm.id());
        assertThat(hostOf(vm.id())).isEqualTo("b");
        assertThat(after.life()).as(after.detail()).isEqualTo(Life.RUNNING);
        assertThat(after.lifeId()).isEqualTo(before.lifeId());
        assertThat(after.pid()).isNotEqualTo(before.pid());
        assertThat(after.frozen()).isFalse();
        assertThat(ProcessHandle.of(before.pid())).isEmpty();
        assertThat(filesOf("a", vm.id())).isEmpty();
        assertThat(filesOf("b", vm.id())).containsExactly(vm.id() + "-data.qcow2", vm.id() + "-seed.iso");
        assertThat(lab.virsh("a", "list", "--all", "--name")).doesNotContain("w1");
        await("it goes on running").atMost(Duration.ofSeconds(30)).until(() -> {
            driver.look();
            return driver.probe(vm.id()).cpuTicks() > after.cpuTicks();
        });

        driver.migrate(vm.id(), "b"); // it is there already
        driver = reopened();
        assertThat(hostOf(vm.id())).isEqualTo("b");
        driver.migrate(vm.id(), "a");
        assertThat(hostOf(vm.id())).isEqualTo("a");
        assertThat(driver.probe(vm.id()).life()).isEqualTo(Life.RUNNING);

        driver.destroy(vm.id());
        assertThat(filesOf("a", vm.id())).isEmpty();
        assertThat(filesOf("b", vm.id())).isEmpty();
    }

    @Test
    void a_guest_that_is_stopped_takes_its_disk_along() throws IOException {
        VmRecord vm = define("w1");
        driver.start(vm.id());
        driver.kill(vm.id());
        byte[] disk = Files.readAllBytes(lab.storage("a").resolve(vm.id() + "-data.qcow2"));

        driver.migrate(vm.id(), "b");

        assertThat(hostOf(vm.id())).isEqualTo("b");
        assertThat(Files.readAllBytes(lab.storage("b").resolve(vm.id() + "-data.qcow2")))
                .isEqualTo(disk);
        assertThat(filesOf("a", vm.id())).isEmpty();
        assertThat(driver.start(vm.id()).life()).isEqualTo(Life.RUNNING);
        assertThat(lab.virsh("b", "list", "--name")).contains("w1");
    }

    @Test
    void a_host_that_does_not_answer_gets_no_guest_and_the_guest_goes_on_where_it_is() throws InterruptedException {
        VmRecord vm = define("w1");
        VmProbe before = driver.start(vm.id());
        lab.killDaemon("b");

        assertThatThrownBy(() -> driver.migrate(vm.id(), "b"))
                .isInstanceOf(VmDriverException.class)
                .hasMessageContaining("host b");
        assertThatThrownBy(() -> driver.migrate(vm.id(), "c"))
                .isInstanceOf(VmDriverException.class)
                .hasMessageContaining("no host c");
        driver.look();
        assertThat(hostOf(vm.id())).isEqualTo("a");
        assertThat(driver.probe(vm.id()).life()).isEqualTo(Life.RUNNING);
        assertThat(driver.probe(vm.id()).pid()).isEqualTo(before.pid());
        lab.startDaemon("b");
    }

    @Test
    void a_host_in_maintenance_gets_no_new_guest_also_after_a_restart() {
        driver.maintain("a", true);
        driver = reopened();
        assertThat(driver.hosts())
                .filteredOn(VmHost::maintained)
                .extracting(VmHost::name)
                .containsExactly("a");
        assertThat(define("w1").host()).isEqualTo("b");
        assertThat(define("w2").host()).isEqualTo("b");

        driver.maintain("a", false);
        assertThat(define("w3").host()).isEqualTo("a");
    }

    @Test
    void a_guest_that_somebody_moves_by_hand_is_found_where_it_is() throws IOException {
        VmRecord vm = define("w1");
        VmRecord other = define("w2"); // so that the other host has an image and a filter
        assertThat(other.host()).isEqualTo("b");
        VmProbe before = driver.start(vm.id());
        driver.start(other.id());
        String domain = lab.virsh("a", "list", "--name").strip();
        String seed = vm.id() + "-seed.iso";
        Files.copy(lab.storage("a").resolve(seed), lab.storage("b").resolve(seed));
        lab.virsh("b", "pool-refresh", HostStorage.poolName(lab.settings("b").storage()));

        lab.virsh(
                "a",
                "migrate",
                "--persistent",
                "--undefinesource",
                "--copy-storage-all",
                domain,
                lab.settings("b").uri(),
                "--migrateuri",
                "tcp://" + lab.settings("b").migration());

        await("it is found").atMost(Duration.ofSeconds(30)).until(() -> {
            driver.look();
            return hostOf(vm.id()).equals("b") && driver.probe(vm.id()).life() == Life.RUNNING;
        });
        assertThat(driver.probe(vm.id()).lifeId()).isEqualTo(before.lifeId());
        driver.start(vm.id()); // what runs is not started twice
        assertThat(lab.virsh("a", "list", "--all", "--name")).doesNotContain(domain);
        assertThat(lab.virsh("b", "list", "--name")).contains(domain);
        driver.destroy(vm.id());
        assertThat(filesOf("a", vm.id())).isEmpty();
        assertThat(filesOf("b", vm.id())).isEmpty();
    }

    @Test
    void a_guest_with_an_older_self_that_runs_elsewhere_is_neither_started_nor_removed() throws IOException {
        VmRecord vm = define("w1");
        driver.start(vm.id());
        driver.kill(vm.id());
        String domain = lab.virsh("a", "list", "--all", "--name").strip();
        Path old = Files.writeString(home.resolve("old.xml"), lab.virsh("a", "dumpxml", "--inactive", domain));
        driver.migrate(vm.id(), "b");
        for (String file : List.of("-data.qcow2", "-seed.iso")) {
            Files.copy(
                    lab.storage("b").resolve(vm.id() + file), lab.storage("a").resolve(vm.id() + file));
        }
        lab.virsh("a", "define", old.toString());
        driver = reopened();
        driver.start(other("w2").id()); // its start brings the filter to this host
        lab.virsh("a", "start", domain);
        driver.look();

        assertThatThrownBy(() -> driver.start(vm.id()))
                .isInstanceOf(VmDriverException.class)
                .hasMessageContaining("runs on a, though it had moved to b");
        assertThatThrownBy(() -> driver.migrate(vm.id(), "b")).isInstanceOf(VmDriverException.class);
        assertThat(lab.virsh("b", "list", "--name")).doesNotContain(domain);
        assertThat(filesOf("b", vm.id())).hasSize(2);

        lab.virsh("a", "destroy", domain);
        driver.look();
        assertThat(driver.start(vm.id()).life()).isEqualTo(Life.RUNNING);
        assertThat(lab.virsh("b", "list", "--name")).contains(domain);
        assertThat(filesOf("a", vm.id())).isEmpty();
    }

    /** Another guest on the first host. */
    private VmRecord other(String name) {
        driver.maintain("b", true);
        try {
            return define(name);
        } finally {
            driver.maintain("b", false);
        }
    }

    @Test
    void a_host_that_was_away_when_control_began_is_read_once_it_is_back() throws InterruptedException {
        VmRecord vm = define("w1");
        driver.maintain("a", true);
        driver.want(vm.id(), Desired.STOPPED);
        // As another control process remembers it that has not followed
        KnownVms known = new KnownVms(home.resolve("known"));
        known.remember("a", known.on("a").get(0).wanted(Desired.RUNNING));
        driver.close();
        lab.killDaemon("a");
        driver = reopened();
        driver.reload(true);
        assertThat(driver.probe(vm.id()).life()).isEqualTo(Life.UNKNOWN);

        lab.startDaemon("a");

        await("it is back").atMost(Duration.ofSeconds(60)).until(() -> {
            driver.look();
            return driver.probe(vm.id()).life() != Life.UNKNOWN;
        });
        assertThat(driver.list()).extracting(VmRecord::desired).containsExactly(Desired.STOPPED);
        assertThat(driver.hosts())
                .filteredOn(VmHost::maintained)
                .extracting(VmHost::name)
                .containsExactly("a");
    }

    @Test
    void what_a_control_process_left_behind_that_died_in_mid_move_is_cleared_away() throws IOException {
        VmRecord vm = define("w1");
        driver.start(vm.id());
        driver.kill(vm.id());
        driver.migrate(vm.id(), "b");
        String domain = lab.virsh("b", "list", "--all", "--name").strip();
        // As though the source had not been undefined yet: it has the record of before the move
        String definition = lab.virsh("b", "dumpxml", "--inactive", domain).replace("moves=\"1\"", "moves=\"0\"");
        definition = definition.replace("moves='1'", "moves='0'");
        Path file = Files.writeString(home.resolve("domain.xml"), definition);
        lab.virsh("a", "define", file.toString());
        Files.writeString(lab.storage("a").resolve(vm.id() + "-data.qcow2"), "old");

        driver = reopened();
        assertThat(hostOf(vm.id())).isEqualTo("b");
        driver.start(vm.id());

        assertThat(lab.virsh("a", "list", "--all", "--name")).doesNotContain(domain);
        assertThat(lab.virsh("b", "list", "--name")).contains(domain);
    }
}
