package org.virtugrid.control.vm.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmDriverContract;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmProbe.Life;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;

class ProcessDriverTest extends VmDriverContract {
    private static final int BASE = 22_400;

    @TempDir
    Path home;

    private ProcessDriver driver;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(home.resolve("vms"));
        Files.createDirectories(home.resolve("logs"));
        reopen();
    }

    @Override
    protected VmDriver driver() {
        return driver;
    }

    @Override
    protected VmDriver reopen() {
        driver = ProcessDriver.open(home.resolve("vms"), home.resolve("logs"), new SleeperCommand(), BASE);
        return driver;
    }

    @Override
    protected void freeze(String id) {
        signal("-STOP", driver.probe(id).pid());
    }

    @Override
    protected void crash(String id) {
        signal("-KILL", driver.probe(id).pid());
    }

    @Override
    protected void makeStubborn(String id) {
        write(folder(id).resolve("stubborn"), "");
    }

    @Override
    protected boolean hasData(String id) {
        return Files.exists(folder(id).resolve("db/part-0.bin"));
    }

    @Override
    protected void writeData(String id) {
        write(folder(id).resolve("db/part-0.bin"), "data");
    }

    private Path folder(String id) {
        return home.resolve("vms").resolve(id);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void signal(String signal, long pid) {
        try {
            assertThat(new ProcessBuilder("kill", signal, Long.toString(pid))
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private VmRecord define(String name) {
        return driver.define(new VmSpec(name, 1, 512L << 20, 1L << 30, Map.of()));
    }

    private List<Long> processesOf(String id) throws IOException {
        String argument = folder(id).resolve("node.properties").toString();
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                try {
                    if (Files.readString(process.resolve("cmdline")).contains(argument)) {
                        pids.add(Long.parseLong(process.getFileName().toString()));
                    }
                } catch (IOException e) {
                    assertThat(e).isNotNull(); // it ended in between
                }
            }
        }
        return pids;
    }

    @Test
    void the_pid_is_the_JVM_itself_and_there_is_no_other() throws IOException {
        String id = define("w1").id();
        Long pid = driver.start(id).pid();

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(Files.readString(Path.of("/proc/" + pid + "/cmdline")))
                        .startsWith(Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString()));
        assertThat(processesOf(id)).containsExactly(pid);
    }

    @Test
    void a_process_whose_pid_was_not_recorded_in_time_is_found_and_not_started_twice() throws IOException {
        String id = define("w1").id();
        Long pid = driver.start(id).pid();
        await().atMost(Duration.ofSeconds(5)).until(() -> !processesOf(id).isEmpty());
        // what a crash between the launch and the record leaves
        String record = Files.readString(folder(id).resolve("vm.json"));
        write(
                folder(id).resolve("vm.json"),
                record.replaceAll("(?s)\"process\"\\s*:\\s*\\{.*?\\}", "\"process\" : null"));

        reopen();

        assertThat(driver.probe(id).pid()).isEqualTo(pid);
        assertThat(driver.start(id).pid()).isEqualTo(pid);
        assertThat(processesOf(id)).containsExactly(pid);
    }

    @Test
    void a_process_that_no_record_knows_goes_with_its_VM() throws IOException {
        String id = define("w1").id();
        Long pid = driver.start(id).pid();
        await().atMost(Duration.ofSeconds(5)).until(() -> !processesOf(id).isEmpty());
        List<String> line =
                List.of(Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0", -1));
        Process unrecorded = new ProcessBuilder(line.subList(0, line.size() - 1)).start();
        try {
            await().atMost(Duration.ofSeconds(5)).until(() -> processesOf(id).contains(unrecorded.pid()));

            driver.destroy(id);

            assertThat(processesOf(id)).isEmpty();
            // This JVM hears of its child's end a moment later
            await().atMost(Duration.ofSeconds(5)).until(() -> !unrecorded.isAlive());
        } finally {
            unrecorded.destroyForcibly();
        }
    }

    @Test
    void a_pid_that_the_system_gave_to_another_process_is_never_touched() throws IOException {
        String id = define("w1").id();
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            driver.start(id);
            driver.kill(id);
            String record = Files.readString(folder(id).resolve("vm.json"));
            write(
                    folder(id).resolve("vm.json"),
                    record.replaceAll(
                            "\"process\"\\s*:\\s*null",
                            "\"process\" : {\"pid\":" + stranger.pid()
                                    + ",\"startTicks\":1,\"startedAt\":\"2026-01-01T00:00:00Z\"}"));
            reopen();

            assertThat(driver.probe(id).life()).isEqualTo(Life.DIED);
            driver.kill(id);
            driver.stop(id, Duration.ofSeconds(1));

            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void rubbish_of_a_crash_in_create_or_destroy_is_cleared() throws IOException {
        Files.createDirectories(home.resolve("vms/.new-vm-1/db"));
        Files.createDirectories(home.resolve("vms/.gone-vm-2/db"));

        reopen();

        assertThat(driver.list()).isEmpty();
        try (var left = Files.list(home.resolve("vms"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void a_damaged_record_is_an_error_and_never_deleted() {
        String id = define("w1").id();
        write(folder(id).resolve("vm.json"), "{");

        assertThatThrownBy(this::reopen).isInstanceOf(VmDriverException.class).hasMessageContaining("vm.json");
        assertThat(folder(id)).exists();

        write(folder(id).resolve("vm.json"), "{\"id\":\"" + id + "\",\"name\":\"w1\"}");
    }

    @Test
    void a_busy_port_is_replaced_at_the_start() throws IOException {
        VmRecord vm = define("w1");
        int port = Integer.parseInt(vm.address().substring(vm.address().indexOf(':') + 1));
        try (ServerSocket busy = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(busy.isBound()).isTrue();
            driver.start(vm.id());
        }

        assertThat(driver.list().get(0).address()).isNotEqualTo(vm.address());
    }

    @Test
    void limits_are_written_where_the_kernel_lets_us_and_vanish_with_the_VM() throws IOException {
        String id = define("w1").id();
        driver.start(id);
        ProcessVm vm = new VmFolders(home.resolve("vms")).read(id);

        assertThat(vm.limitsNote()).startsWith("memory: by the ");
        for (String folder : vm.limits()) {
            assertThat(Files.readString(Path.of(folder, "cgroup.procs")))
                    .contains(vm.process().pid() + "\n");
        }
        driver.stop(id, Duration.ofSeconds(10));
        assertThat(vm.limits()).allSatisfy(folder -> assertThat(Path.of(folder)).doesNotExist());
    }
}
