package org.virtugrid.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.api.CheckItem;
import org.virtugrid.cli.home.Home;
import org.virtugrid.cli.home.Secrets;

/** Each thing that can be wrong before a start is found and comes with a remedy of one line. */
class PreflightTest {
    private static final StartPlan PLAN = new StartPlan(
            3,
            1L << 30,
            Map.of(
                    "http",
                    3000,
                    "thin",
                    10800,
                    "restHttp",
                    21000,
                    "restTcp",
                    21001,
                    "discovery",
                    21002,
                    "communication",
                    21003,
                    "workerBase",
                    21010),
            false,
            false);

    @TempDir
    private Path folder;

    private final FakeMachine machine = new FakeMachine();
    private Home home;

    @BeforeEach
    void makeHome() throws IOException {
        home = new Home(folder.resolve("home"));
        Secrets.makeMissing(home);
        Files.writeString(home.settingsFile(), "{\"formatVersion\":1,\"workers\":3}");
    }

    @Test
    void aGoodMachineIsFine() {
        assertThat(new Preflight(machine, home).run(PLAN)).allMatch(CheckItem::ok);
        assertThat(new Preflight(machine, new Home(folder.resolve("new"))).run(PLAN))
                .allMatch(CheckItem::ok);
        assertThat(new Preflight(new LinuxMachine(), home).beforeTouching()).allMatch(CheckItem::ok);
    }

    @Test
    void theWrongSystemOrJavaIsFound() {
        machine.system = "Mac OS X";
        machine.java = 11;
        machine.writable = false;
        assertThat(wrong(PLAN)).containsKeys("system", "java", "temporary-files", "home");
        assertThat(wrong(PLAN).get("java").fix()).contains("openjdk-17");
    }

    @Test
    void aBusyPortNamesWhoHasItAndTheNextFreeOne() {
        machine.busy.addAll(List.of(3000, 3001, 10800, 21002));
        assertThat(wrong(PLAN).get("http-port").found()).isEqualTo("3000 is taken by nginx, pid 7");
        assertThat(wrong(PLAN).get("http-port").fix()).isEqualTo("virtugrid up --port 3002");
        assertThat(wrong(PLAN).get("thin-client-port").fix()).isEqualTo("virtugrid up --thin-port 10801");
        assertThat(wrong(PLAN).get("inner-ports").found()).contains("discovery port 21002");
    }

    @Test
    void portsOfAGridThatRunsAreRightlyBusy() {
        machine.busy.addAll(PLAN.ports().values());
        assertThat(wrong(new StartPlan(0, 1L << 30, PLAN.ports(), true, true))).isEmpty();
    }

    @Test
    void tooLittleMemoryNamesWhatWouldFit() {
        machine.memory = 3L << 30;
        assertThat(wrong(PLAN).get("memory").fix()).isEqualTo("virtugrid up --worker-memory 768MiB");
        machine.memory = 1900L << 20;
        assertThat(wrong(PLAN).get("memory").fix()).startsWith("virtugrid up --workers 2 --worker-memory 512MiB");
        machine.memory = 1L << 30;
        assertThat(wrong(PLAN).get("memory").fix()).startsWith("end other programs");
    }

    @Test
    void aFullDiskNamesTheHome() {
        machine.disk = 1L << 29;
        assertThat(wrong(PLAN).get("disk").fix()).contains(home.directory().toString());
    }

    @Test
    void aHomeOfANewerVersionOrADamagedOneIsFound() throws IOException {
        Files.writeString(home.settingsFile(), "{\"formatVersion\":99}");
        assertThat(wrong(PLAN).get("settings").found()).contains("newer version");
        Files.writeString(home.settingsFile(), "{");
        assertThat(wrong(PLAN).get("settings").found()).contains("damaged");
    }

    @Test
    void aDirectoryThatIsNotAHomeIsNotTaken() throws IOException {
        Path foreign = Files.createDirectory(folder.resolve("foreign"));
        Files.writeString(foreign.resolve("thesis"), "x");
        home = new Home(foreign);
        assertThat(wrong(PLAN).get("home").found()).contains("not empty");
        home = new Home(foreign.resolve("thesis"));
        assertThat(wrong(PLAN).get("home").found()).contains("not a directory");
    }

    @Test
    void secretsThatOthersCanReadComeWithTheCommandToMendThem() {
        machine.access.put(home.tokenFile(), new Machine.Access("rw-r--r--", true, "me"));
        machine.access.put(home.ignitePasswordFile(), new Machine.Access("rw-------", false, "root"));
        machine.access.put(home.directory(), new Machine.Access("rwxr-xr-x", true, "me"));
        assertThat(wrong(PLAN).get("token").fix()).isEqualTo("chmod 600 " + home.tokenFile());
        assertThat(wrong(PLAN).get("ignite-password").fix()).startsWith("chown ");
        assertThat(wrong(PLAN).get("home-access").fix()).isEqualTo("chmod 700 " + home.directory());
    }

    @Test
    void aMissingPasswordMattersOnceThereIsData() throws IOException {
        Files.delete(home.ignitePasswordFile());
        Files.delete(home.tokenFile());
        assertThat(wrong(PLAN)).isEmpty();
        Files.createDirectories(home.vms().resolve("1"));
        Files.writeString(home.vms().resolve("1/vm.json"), "{}");
        assertThat(wrong(PLAN)).containsOnlyKeys("ignite-password");
    }

    @Test
    void whoListensOnAPortIsFoundInTheProcessTable() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            LinuxMachine linux = new LinuxMachine();
            assertThat(linux.isFree(socket.getLocalPort())).isFalse();
            assertThat(linux.listener(socket.getLocalPort())).hasValueSatisfying(who -> assertThat(who)
                    .endsWith("pid " + ProcessHandle.current().pid()));
        }
    }

    private Map<String, CheckItem> wrong(StartPlan plan) {
        return new Preflight(machine, home)
                .run(plan).stream()
                        .filter(item -> !item.ok())
                        .peek(item -> assertThat(item.fix()).isNotBlank().hasLineCount(1))
                        .collect(Collectors.toMap(CheckItem::check, item -> item));
    }

    /** A machine on which everything is fine until a test says otherwise. */
    private static final class FakeMachine implements Machine {
        private String system = "Linux";
        private int java = 17;
        private long memory = 16L << 30;
        private long disk = 100L << 30;
        private boolean writable = true;
        private final Set<Integer> busy = new HashSet<>();
        private final Map<Path, Access> access = new HashMap<>();

        @Override
        public String operatingSystem() {
            return system;
        }

        @Override
        public int javaVersion() {
            return java;
        }

        @Override
        public String javaPlace() {
            return "/jdk";
        }

        @Override
        public long availableMemoryBytes() {
            return memory;
        }

        @Override
        public long freeDiskBytes(Path path) {
            return disk;
        }

        @Override
        public boolean isFree(int port) {
            return !busy.contains(port);
        }

        @Override
        public boolean isDenied(int port) {
            return false;
        }

        @Override
        public Optional<String> listener(int port) {
            return Optional.of("nginx, pid 7");
        }

        @Override
        public Path temporaryDirectory() {
            return Path.of("/tmp");
        }

        @Override
        public boolean isWritable(Path directory) {
            return writable;
        }

        @Override
        public Optional<Access> access(Path path) {
            return Optional.ofNullable(access.get(path)).or(() -> new LinuxMachine().access(path));
        }

        @Override
        public Set<String> missingPrograms(Set<String> programs) {
            return Set.of();
        }
    }
}
