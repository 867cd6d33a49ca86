package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmProbe.Life;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSnapshot;
import org.virtugrid.control.vm.VmSpec;
import org.virtugrid.control.vm.libvirt.GuestNetwork.Isolation;
import org.virtugrid.control.vm.local.ProcessTable;

/** What real guests keep on their disks, whom they reach, and what they may use. */
@Tag("vm")
class GuestDiskAndNetworkTest {
    private static final Path IMAGE = Path.of(System.getProperty("virtugrid.image", "../../target/image/current"))
            .toAbsolutePath();
    private static final String CONTROL = "10.77.0.1";
    private static final String ELSEWHERE = "10.77.0.99";
    private static final GuestNetwork NETWORK = new GuestNetwork(
            CONTROL, 24, "10.77.0.10-10.77.0.40", null, Isolation.REQUIRED, List.of(ELSEWHERE + ":7002"));
    private static final long MEMORY = 512L << 20;

    private static Path folder;
    private static Lab lab;

    @TempDir
    Path home;

    private LibvirtDriver driver;
    private final List<Process> listeners = new ArrayList<>();

    @BeforeAll
    static void startLab() throws IOException {
        folder = Files.createTempDirectory("vglab");
        lab = new Lab(folder);
        lab.start("a");
        Lab.run("ip", "-n", lab.namespace("a"), "addr", "add", ELSEWHERE + "/24", "dev", "vgbr0");
    }

    @AfterAll
    static void stopLab() throws IOException {
        lab.close();
        GuestSeed.delete(folder);
    }

    @BeforeEach
    void open() {
        driver = open(NETWORK);
    }

    private LibvirtDriver open(GuestNetwork network) {
        return new LibvirtDriver(
                        "test",
                        List.of(lab.settings("a")),
                        network,
                        new KnownVms(home.resolve("known")),
                        new IdleGuests(IMAGE, home),
                        new KvmCheck(folder.resolve("kvm")),
                        home.resolve("scratch"))
                .adopt();
    }

    @AfterEach
    void close() {
        listeners.forEach(Process::destroyForcibly);
        driver.list().forEach(vm -> driver.destroy(vm.id()));
        driver.close();
        assertThat(lab.virsh("a", "nwfilter-list")).doesNotContain("virtugrid-test");
    }

    private String start(String name) {
        String id =
                driver.define(new VmSpec(name, 1, MEMORY, 1L << 30, Map.of())).id();
        driver.start(id);
        return id;
    }

    private GuestShell shell(String id) {
        return new GuestShell(lab, "a", driver.hostOf(id).find(id).domainName());
    }

    private static VmSnapshot named(String name) {
        return new VmSnapshot(name, Instant.parse("2026-01-01T00:00:00Z"), false, Set.of("dataset-<1>"));
    }

    @Test
    void a_disk_goes_back_to_its_snapshot_and_the_record_does_not() {
        String id = start("w1");
        GuestShell shell = shell(id).awaitBoot();
        assertThat(shell.run("echo one >/data/kept && sync").exitCode()).isZero();
        VmProbe before = driver.probe(id);
        GuestSnapshots snapshots = (GuestSnapshots) driver.snapshots().orElseThrow();

        VmSnapshot first = snapshots.create(id, named("first"));
        assertThat(shell.run("echo two >/data/kept && sync").exitCode()).isZero();
        snapshots.create(id, named("second"));
        // A repeated call changes nothing
        assertThat(snapshots.create(id, named("first"))).isEqualTo(first);
        assertThat(snapshots.list(id)).extracting(VmSnapshot::name).containsExactly("first", "second");
        assertThat(snapshots.list(id).get(0)).isEqualTo(first);
        driver.look();
        assertThat(driver.probe(id).pid()).isEqualTo(before.pid());
        assertThatThrownBy(() -> snapshots.revert(id, "first"))
                .isInstanceOf(VmDriverException.class)
                .hasMessageContaining("in use");

        driver.kill(id);
        driver.want(id, Desired.STOPPED);
        driver.suspect(id, true);
        VmRecord recorded = driver.list().get(0);
        snapshots.revert(id, "first");
        driver.close();
        driver = open(NETWORK);
        assertThat(driver.list()).containsExactly(recorded);
        assertThat(driver.probe(id).life()).isEqualTo(Life.OFF);

        driver.start(id);
        assertThat(driver.probe(id).lifeId()).isNotEqualTo(before.lifeId());
        assertThat(shell(id).awaitBoot().run("cat /data/kept").out()).isEqualTo("one\n");
        assertThat(driver.snapshots().orElseThrow().list(id)).hasSize(2);
        driver.snapshots().orElseThrow().delete(id, "first");
        driver.snapshots().orElseThrow().delete(id, "first");
        assertThat(driver.snapshots().orElseThrow().list(id)).containsExactly(named("second"));

        driver.kill(id);
        driver.wipe(id);
        assertThat(driver.snapshots().orElseThrow().list(id)).isEmpty();
    }

    @Test
    void what_control_left_half_made_is_no_snapshot_and_in_nobodys_way() {
        String id = start("w1");
        GuestSnapshots snapshots = (GuestSnapshots) driver.snapshots().orElseThrow();
        snapshots.create(id, named("whole"));
        // As if it had died before QEMU was asked, and after
        begin(id, "before");
        snapshots.create(id, named("after"));
        begin(id, "after");

        assertThat(snapshots.list(id)).extracting(VmSnapshot::name).containsExactly("whole");
        snapshots.create(id, named("after"));
        snapshots.create(id, named("before"));
        assertThat(snapshots.list(id)).extracting(VmSnapshot::name).containsExactly("after", "before", "whole");

        begin(id, "before");
        driver.kill(id);
        snapshots.delete(id, "after");
        assertThat(snapshots.list(id)).containsExactly(named("whole"));
        assertThat(lab.virsh(
                                "a",
                                "snapshot-list",
                                "--name",
                                driver.hostOf(id).find(id).domainName())
                        .strip())
                .isEqualTo("whole");
        assertThat(Lab.run("qemu-img", "snapshot", "-l", disk(id)))
                .contains("whole")
                .doesNotContain("before", "after");
    }

    private void begin(String id, String name) {
        SnapshotXml half = new SnapshotXml(named(name), false);
        HostVms host = driver.hostOf(id);
        host.host().call("begin", Duration.ofSeconds(10), connection -> {
            var domain = DomainRecords.lookUp(connection, host.find(id)).orElseThrow();
            return domain.snapshotCreateXML(half.write(domain.getXMLDesc(2)), 1);
        });
    }

    private static String disk(String id) {
        return lab.storage("a").resolve(id + "-data.qcow2").toString();
    }

    @Test
    void a_guest_reaches_control_and_whom_the_operator_names_and_nobody_else() {
        listen(CONTROL, 7001);
        listen(ELSEWHERE, 7001);
        listen(ELSEWHERE, 7002);
        String id = start("w1");
        GuestShell shell = shell(id).awaitBoot();

        assertThat(connect(shell, CONTROL, 7001)).contains("hello");
        assertThat(connect(shell, ELSEWHERE, 7002)).contains("hello");
        assertThat(connect(shell, ELSEWHERE, 7001)).doesNotContain("hello");
        assertThat(driver.hosts().get(0).isolation()).isEqualTo("filtered");

        // Nor under another address, which nobody has given it
        String card = shell.run("ls /sys/class/net | grep -v lo").out().strip();
        assertThat(shell.run("busybox ip addr del 10.77.0.10/24 dev %s && busybox ip addr add 10.77.0.40/24 dev %s"
                                .formatted(card, card))
                        .exitCode())
                .isZero();
        assertThat(connect(shell, CONTROL, 7001)).doesNotContain("hello");

        // It is the filter that keeps it from there
        driver.kill(id);
        driver.close();
        driver = open(new GuestNetwork(CONTROL, 24, NETWORK.guests(), null, Isolation.OFF, List.of()));
        driver.start(id);
        assertThat(connect(shell(id).awaitBoot(), ELSEWHERE, 7001)).contains("hello");
        assertThat(driver.hosts().get(0).isolation()).isEqualTo("off");
    }

    private static String connect(GuestShell shell, String address, int port) {
        return shell.run("busybox nc -w 3 " + address + " " + port + " </dev/null")
                .out();
    }

    private void listen(String address, int port) {
        try {
            Path classes = Path.of(Listener.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Process process = new ProcessBuilder(
                            "ip",
                            "netns",
                            "exec",
                            lab.namespace("a"),
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            classes.toString(),
                            Listener.class.getName(),
                            address,
                            Integer.toString(port))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            listeners.add(process);
            assertThat(process.inputReader().readLine()).isEqualTo("listening");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_guest_that_wants_more_memory_and_processors_than_it_has_does_not_get_them() {
        String id = start("w1");
        GuestShell shell = shell(id).awaitBoot();

        // tail keeps all that has no line end, until the guest's kernel ends it
        GuestShell.Result greedy = shell.run("echo 1000 >/proc/self/oom_score_adj; exec busybox tail /dev/zero");
        assertThat(greedy.signal()).isEqualTo(9);
        driver.look();
        assertThat(driver.probe(id).life()).isEqualTo(Life.RUNNING);
        assertThat(entry(id).residentBytes()).isGreaterThan(MEMORY / 4).isLessThan(MEMORY + (300L << 20));

        for (int i = 0; i < 4; i++) {
            shell.begin("while true; do :; done");
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> busy(id, Duration.ofMillis(500)) > 0.3);
        // One processor, and a little for QEMU's other threads
        assertThat(busy(id, Duration.ofSeconds(3))).isLessThan(1.3);
    }

    private ProcessTable.Entry entry(String id) {
        return driver.hostOf(id).sighting(id).flatMap(Sighting::process).orElseThrow();
    }

    /** Processors that QEMU used in that time. */
    private double busy(String id, Duration time) {
        driver.look();
        long ticks = entry(id).cpuTicks();
        long begin = System.nanoTime();
        await().pollInterval(Duration.ofMillis(50)).until(() -> System.nanoTime() - begin > time.toNanos());
        driver.look();
        long used = entry(id).cpuTicks() - ticks;
        return used * 1e9 / ProcessTable.TICKS_PER_SECOND / (System.nanoTime() - begin);
    }
}
