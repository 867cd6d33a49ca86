package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmDriverContract;
import org.virtugrid.control.vm.VmProbe.Life;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;
import org.virtugrid.control.vm.VmUse;

/** The contract on real QEMU guests under a real libvirtd, and what is this driver's alone. */
@Tag("vm")
class LibvirtDriverTest extends VmDriverContract {
    private static final Path IMAGE = Path.of(System.getProperty("virtugrid.image", "../../target/image/current"))
            .toAbsolutePath();
    private static final GuestNetwork NETWORK = new GuestNetwork("10.77.0.1", 24, "10.77.0.10-10.77.0.40", null);

    private static Path labFolder;
    private static Lab lab;

    @TempDir
    Path home;

    private LibvirtDriver driver;
    private Set<String> lastLive = Set.of();

    @BeforeAll
    static void startLab() throws IOException {
        labFolder = Files.createTempDirectory("vglab");
        lab = new Lab(labFolder);
        lab.start("a");
    }

    @AfterAll
    static void stopLab() throws IOException {
        lab.close();
        GuestSeed.delete(labFolder);
    }

    @BeforeEach
    void open() {
        reopen();
    }

    @Override
    protected VmDriver driver() {
        return driver;
    }

    @Override
    protected VmDriver reopen() {
        if (driver != null) {
            driver.close();
        }
        driver = new LibvirtDriver(
                        "test",
                        List.of(lab.settings("a")),
                        NETWORK,
                        new KnownVms(home.resolve("known")),
                        new IdleGuests(IMAGE, home),
                        new KvmCheck(labFolder.resolve("kvm")),
                        new Scratch(home.resolve("scratch")),
                        () -> lastLive,
                        null,
                        false)
                .adopt();
        return driver;
    }

    @Override
    protected void freeze(String id) {
        lab.signal("STOP", driver.probe(id).pid());
    }

    @Override
    protected void crash(String id) {
        lab.signal("KILL", driver.probe(id).pid());
    }

    @Override
    protected void makeStubborn(String id) {
        // Every guest is, in the first seconds of its boot
    }

    @Override
    protected boolean hasData(String id) {
        return Files.exists(disk(id));
    }

    @Override
    protected void writeData(String id) {
        assertThat(disk(id)).exists();
    }

    private static Path disk(String id) {
        return lab.storage("a").resolve(id + "-data.qcow2");
    }

    private String start(String name) {
        String id = driver.define(new VmSpec(name, 1, 512L << 20, 1L << 30, Map.of()))
                .id();
        driver.start(id);
        return id;
    }

    @Test
    void a_control_process_that_follows_sees_what_the_leader_makes_changes_and_destroys() {
        LibvirtDriver leader = driver;
        VmRecord vm = leader.define(new VmSpec("w1", 1, 512L << 20, 1L << 30, Map.of()));
        driver = null;
        reopen();
        LibvirtDriver follower = driver;
        driver = leader;
        try {
            assertThat(follower.list()).extracting(VmRecord::id).contains(vm.id());
            leader.want(vm.id(), Desired.STOPPED);
            follower.reload(false);
            assertThat(follower.list())
                    .filteredOn(one -> one.id().equals(vm.id()))
                    .extracting(VmRecord::desired)
                    .containsExactly(Desired.STOPPED);
            leader.destroy(vm.id());
            follower.reload(true);
            assertThat(follower.list()).extracting(VmRecord::id).doesNotContain(vm.id());
        } finally {
            follower.close();
        }
    }

    @Test
    void a_guest_that_was_not_in_the_last_live_topology_is_behind() {
        String one = driver.define(new VmSpec("w1", 1, 512L << 20, 1L << 30, Map.of()))
                .id();
        String other = driver.define(new VmSpec("w2", 1, 512L << 20, 1L << 30, Map.of()))
                .id();
        assertThat(driver.isBehind(one)).as("nothing was ever live").isFalse();

        lastLive = Set.of(one);
        assertThat(driver.isBehind(one)).isFalse();
        assertThat(driver.isBehind(other)).isTrue();
    }

    @Test
    void an_adopted_guest_has_been_up_since_it_was_started() {
        String id = start("w1");
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            driver.look();
            Long up = driver.use(id).uptimeSeconds();
            return up != null && up >= 2;
        });

        reopen();

        assertThat(driver.use(id).uptimeSeconds()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void a_killed_libvirtd_makes_guests_unknown_and_its_next_life_adopts_them() throws InterruptedException {
        String id = start("w1");
        Long pid = driver.probe(id).pid();

        lab.killDaemon("a");
        driver.look();
        assertThat(driver.probe(id).life()).isEqualTo(Life.UNKNOWN);
        assertThat(ProcessHandle.of(pid)).isPresent();

        lab.startDaemon("a");
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            driver.look();
            return driver.probe(id).life() == Life.RUNNING;
        });
        assertThat(driver.start(id).pid()).isEqualTo(pid);
    }

    @Test
    void a_hung_libvirtd_makes_guests_unknown_holds_nobody_up_and_comes_back() {
        String id = start("w1");

        lab.signal("STOP", lab.daemon("a"));
        try {
            for (int i = 0; i < 5; i++) {
                long begin = System.nanoTime();
                driver.look();
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
                assertThat(driver.probe(id).life()).isEqualTo(Life.UNKNOWN);
            }
        } finally {
            lab.signal("CONT", lab.daemon("a"));
        }

        await().atMost(Duration.ofSeconds(40)).until(() -> {
            driver.look();
            return driver.probe(id).life() == Life.RUNNING;
        });
    }

    @Test
    void a_guest_that_hangs_while_libvirt_asks_it_is_marked_and_ended_all_the_same() throws Exception {
        String id = start("w1");
        Thread asking = hangWhileAsked(id);

        driver.suspect(id, true);
        assertThat(find(id).suspect()).isTrue();
        assertThat(asking.isAlive()).as("libvirt still waits for its answer").isTrue();
        // Whoever takes over now must know as much
        reopen();
        assertThat(find(id).suspect()).isTrue();
        driver.look();
        driver.kill(id);

        assertThat(driver.probe(id).life()).isEqualTo(Life.OFF);
        assertThat(find(id).suspect()).isTrue();
        asking.join(30_000);
        reopen();
        assertThat(find(id).suspect()).as("its own record says so now").isTrue();
        assertThat(Files.exists(lab.storage("a").resolve(GuestRecords.suspicion(id))))
                .isFalse();
    }

    @Test
    void a_guest_that_hangs_while_libvirt_asks_it_can_be_destroyed() throws Exception {
        String id = start("w1");
        Long pid = driver.probe(id).pid();
        Thread asking = hangWhileAsked(id);

        driver.destroy(id);

        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(driver.list()).isEmpty();
        asking.join(30_000);
    }

    /** Freezes a guest, and lets libvirt ask it something; returns once libvirt waits for the answer. */
    private Thread hangWhileAsked(String id) {
        String domain = domain(id);
        freeze(id);
        Thread asking = new Thread(() -> {
            try {
                lab.virsh("a", "qemu-monitor-command", domain, "--hmp", "info status");
            } catch (IllegalStateException e) {
                // it never answered
            }
        });
        asking.setDaemon(true);
        asking.start();
        await("libvirt waits for its answer")
                .atMost(Duration.ofSeconds(10))
                .until(() -> lab.virsh("a", "domcontrol", domain).contains("occupied"));
        return asking;
    }

    @Test
    void guests_of_a_host_that_cannot_be_reached_when_control_starts_are_not_forgotten() throws InterruptedException {
        String id = start("w1");
        VmRecord before = driver.list().get(0);

        lab.killDaemon("a");
        try {
            reopen();
            assertThat(driver.list()).containsExactly(before);
            assertThat(driver.probe(id).life()).isEqualTo(Life.UNKNOWN);
        } finally {
            lab.startDaemon("a");
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            driver.look();
            return driver.probe(id).life() == Life.RUNNING;
        });
    }

    @Test
    void hosts_are_told_with_whether_they_answer_and_how_they_run_guests() throws InterruptedException {
        start("w1");
        assertThat(driver.hosts()).singleElement().satisfies(host -> {
            assertThat(host.name()).isEqualTo("a");
            assertThat(host.failure()).isNull();
            assertThat(host.hardware()).isNotNull();
            assertThat(host.vms()).isEqualTo(1);
        });

        lab.killDaemon("a");
        try {
            driver.look();
            assertThat(driver.hosts().get(0).failure()).contains("host a");
        } finally {
            lab.startDaemon("a");
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            driver.look();
            return driver.hosts().get(0).failure() == null;
        });
    }

    private VmUse use(String id) {
        driver.look();
        return driver.use(id);
    }

    @Test
    void what_a_guest_uses_is_told_by_the_guest_its_disk_and_its_network_card() {
        String id = start("w1");
        assertThat(driver.use(id).memoryBytes())
                .as("before it has told")
                .isPositive()
                .isLessThanOrEqualTo(512L << 20);

        // The kernel keeps some of 512 MiB for itself; of the rest this guest uses little
        await().atMost(Duration.ofSeconds(60)).until(() -> use(id).memoryBytes() < 200L << 20);
        assertThat(use(id).memoryBytes()).isGreaterThan(10L << 20);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> use(id).diskBytes() != null
                        && use(id).diskBytes()
                                == Long.parseLong(Lab.run("stat", "-c", "%b", disk(id).toString())
                                                .strip())
                                        * 512);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            Lab.run(
                    "ip",
                    "netns",
                    "exec",
                    lab.namespace("a"),
                    "bash",
                    "-c",
                    "for i in {1..50}; do printf '%1000s' >/dev/udp/"
                            + driver.hostOf(id).find(id).address() + "/47500; done");
            Double network = use(id).networkBytesPerSecond();
            return network != null && network > 1000;
        });
        assertThat(driver.hardware(id)).contains(driver.hosts().get(0).hardware());

        driver.kill(id);
        assertThat(driver.use(id).memoryBytes()).isNull();
        assertThat(driver.hardware(id)).isEmpty();
        await().atMost(Duration.ofSeconds(20)).until(() -> use(id).diskBytes() != null);
    }

    @Test
    void a_guest_that_stands_still_holds_up_neither_calls_nor_the_figures_of_others() {
        String still = start("w1");
        String other = start("w2");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> driver.hardware(other).isPresent());
        freeze(still);
        await().atMost(Duration.ofSeconds(5)).until(() -> {
            driver.look();
            return driver.probe(still).frozen();
        });

        long begin = System.nanoTime();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            driver.look();
            return System.nanoTime() - begin > HostUse.AGE.toNanos();
        });

        assertThat(driver.hardware(other)).as("measured since").isPresent();
        driver.want(still, Desired.STOPPED);
        driver.want(still, Desired.RUNNING);
    }

    @Test
    void a_tiny_guest_that_powers_itself_off_is_told_from_one_that_does_not() throws IOException {
        HostVms host = driver.hostOf(start("w1"));
        GuestImage image = GuestImage.open(IMAGE);
        Path other = Files.createDirectories(home.resolve("other-image"));
        Files.copy(image.kernel(), other.resolve("vmlinuz"));
        Files.writeString(other.resolve("initrd"), "no file system");
        GuestImage broken = new GuestImage("broken", other);

        assertThat(boots(host, image)).isTrue();
        assertThat(boots(host, broken)).isFalse();
    }

    private static boolean boots(HostVms host, GuestImage image) {
        return host.host()
                .call(
                        "boot something tiny",
                        Duration.ofMinutes(1),
                        connection -> KvmCheck.boots(connection, host, image, "qemu"));
    }

    @Test
    void a_domain_that_somebody_removed_can_still_be_destroyed_or_started() {
        String one = start("w1");
        String two = start("w2");
        for (String id : List.of(one, two)) {
            lab.virsh("a", "destroy", domain(id));
            lab.virsh("a", "undefine", domain(id));
        }

        driver.want(one, Desired.DESTROYED);
        driver.destroy(one);
        driver.start(two);

        assertThat(driver.list()).extracting(VmRecord::id).containsExactly(two);
        assertThat(driver.probe(two).life()).isEqualTo(Life.RUNNING);
    }

    @Test
    void a_domain_of_others_is_never_touched() {
        Path xml = home.resolve("other.xml");
        write(
                xml,
                "<domain type='qemu'><name>other</name><memory unit='MiB'>64</memory>"
                        + "<os><type arch='x86_64' machine='q35'>hvm</type></os></domain>");
        lab.virsh("a", "define", xml.toString());
        lab.virsh("a", "start", "other");
        try {
            reopen();
            driver.look();
            assertThat(driver.list()).isEmpty();
            String id = start("w1");
            driver.destroy(id);
            assertThat(lab.virsh("a", "domstate", "other")).contains("running");
        } finally {
            lab.virsh("a", "destroy", "other");
            lab.virsh("a", "undefine", "other");
        }
    }

    @Test
    void a_guest_that_was_paused_is_there_and_frozen() {
        String id = start("w1");

        lab.virsh("a", "suspend", domain(id));
        driver.look();

        assertThat(driver.probe(id).life()).isEqualTo(Life.RUNNING);
        assertThat(driver.probe(id).frozen()).isTrue();
    }

    @Test
    void a_saved_guest_is_gone_and_boots_afresh() {
        String id = start("w1");
        String life = driver.probe(id).lifeId();

        lab.virsh("a", "managedsave", domain(id));
        driver.look();
        assertThat(driver.probe(id).life()).isEqualTo(Life.DIED);

        driver.start(id);
        assertThat(driver.probe(id).life()).isEqualTo(Life.RUNNING);
        assertThat(driver.probe(id).lifeId()).isNotEqualTo(life);
    }

    @Test
    void a_stopped_guest_ends_by_itself_when_it_is_asked() {
        List<String> exits = new CopyOnWriteArrayList<>();
        String id = start("w1");
        driver.onExit(exits::add);

        driver.stop(id, Duration.ofMinutes(1));

        await().atMost(Duration.ofSeconds(5)).until(() -> exits.contains(id));
        assertThat(driver.probe(id).detail()).contains("shutdown");
    }

    @Test
    void destroy_leaves_no_file_and_no_process_and_no_domain() throws IOException {
        String id = start("w1");
        Long pid = driver.probe(id).pid();

        driver.destroy(id);

        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(lab.virsh("a", "list", "--all", "--name").strip()).isEmpty();
        try (var files = Files.walk(labFolder)) {
            // libvirt itself keeps its log of a domain
            assertThat(files.filter(file -> file.getFileName().toString().contains(id.substring(3)))
                            .filter(file -> !file.getFileName().toString().endsWith(".log")))
                    .isEmpty();
        }
    }

    @Test
    void nothing_secret_is_in_the_definition_or_on_a_command_line() throws IOException {
        String id = start("w1");

        String xml = lab.virsh("a", "dumpxml", domain(id));
        String line = Files.readString(Path.of("/proc", driver.probe(id).pid().toString(), "cmdline"));

        assertThat(xml + line).doesNotContain(IdleGuests.SECRET);
    }

    private String domain(String id) {
        return driver.hostOf(id).find(id).domainName();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
