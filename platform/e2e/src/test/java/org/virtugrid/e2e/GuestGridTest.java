package org.virtugrid.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestWatcher;
import org.virtugrid.control.vm.libvirt.HostSettings;
import org.virtugrid.control.vm.libvirt.Lab;
import org.virtugrid.e2e.harness.Commands;
import org.virtugrid.e2e.harness.Grid;
import org.virtugrid.e2e.harness.Json;
import org.virtugrid.e2e.harness.Result;
import tools.jackson.databind.JsonNode;

/** A grid of three real guests under two real libvirtds, from its start to its end: one story, as each start costs a minute. */
@Tag("vm")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GuestGridTest {
    private static final Duration COMMAND = Duration.ofMinutes(5);
    /** Counts of words that are given to the grid at once, so that some run for a while. */
    private static final int LOAD = 6;

    private static final Duration BACK = Duration.ofMinutes(4);
    private static final Duration PREPARED = Duration.ofMinutes(15);
    /** Each question starts a JVM, on the two processors that the guests have as well. */
    private static final Duration ASK = Duration.ofSeconds(3);

    private static final String IMAGE = System.getProperty("virtugrid.image", "target/image/current");

    /** Tells what the grid has to say of a failure, while it is still there. */
    @RegisterExtension
    static final TestWatcher TELLS_WHY = new TestWatcher() {
        @Override
        public void testFailed(ExtensionContext context, Throwable cause) {
            System.out.printf("== %s failed: %s%n", context.getDisplayName(), cause.getMessage());
            for (String[] command : new String[][] {{"status"}, {"vm", "list"}, {"dataset", "list"}, {"events"}}) {
                System.out.println(run(command).out());
            }
            System.out.println(lastLines(folder.resolve("home/logs/control.log")));
        }
    };

    private static Path folder;
    private static Lab lab;
    private static int port;
    private static int words;

    /** How many events there were when the test began. */
    private int before;

    @BeforeAll
    static void start() throws IOException {
        folder = Files.createTempDirectory("vggrid").toRealPath();
        lab = new Lab(folder.resolve("lab"));
        String hosts =
                Stream.of("a", "b").map(lab::start).map(GuestGridTest::line).collect(Collectors.joining());
        Path image = Path.of(IMAGE);
        Path settings = folder.resolve("control.yaml");
        Files.writeString(
                settings,
                """
                vm: {warm: true}
                libvirt:
                  image: %s
                  network: {address: 10.77.0.1, prefix: 24, guests: 10.77.0.10-10.77.0.40}
                  hosts:
                %s"""
                        .formatted(image.isAbsolute() ? image : Grid.INSTALL.resolve(image), hosts));
        port = Grid.freePort();
        ok(
                "up",
                "--driver",
                "libvirt",
                "--config",
                settings.toString(),
                "--port",
                Integer.toString(port),
                "--worker-memory",
                "512MiB",
                "--timeout",
                "280s");
    }

    @BeforeEach
    void ready() {
        await("what the test before had to do with is over")
                .atMost(BACK)
                .pollInterval(ASK)
                .until(() -> json("status").path("state").asString().equals("READY"));
        before = events().size();
    }

    private static String lastLines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - 150), all.size()));
        } catch (IOException | UncheckedIOException e) {
            return e.toString();
        }
    }

    private static String line(HostSettings host) {
        return "    - {name: %s, uri: \"%s\", bridge: %s, storage: %s, migration: %s}%n"
                .formatted(host.name(), host.uri(), host.bridge(), host.storage(), host.migration());
    }

    @AfterAll
    static void end() throws IOException {
        try {
            if (Files.exists(folder.resolve("home/home.json"))) {
                run("down", "--destroy", "--yes");
            }
        } finally {
            lab.close();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    @Test
    @Order(1)
    void threeGuestsAreOneGrid() {
        Map<String, JsonNode> vms = vms();

        assertThat(vms).hasSize(3);
        vms.values().forEach(vm -> {
            assertThat(vm.path("state").asString()).isEqualTo("READY");
            assertThat(vm.path("driver").asString()).isEqualTo("libvirt");
            assertThat(vm.path("address").asString()).startsWith("10.77.0.");
        });
        assertThat(hosts()).containsExactly("w1 a", "w2 b", "w3 a");
    }

    @Test
    @Order(2)
    void dataAndJobsWorkOnThem() throws IOException {
        String text = "one two three\n".repeat(150_000);
        words = 450_000;
        Path file = Files.writeString(folder.resolve("text"), text);

        ok("dataset", "put", "text", file.toString());

        assertThat(count()).isEqualTo(words);
    }

    @Test
    @Order(3)
    void aGuestThatGoesBackToASnapshotGetsWhatIsNewerFromTheOthers() {
        String text = folder.resolve("text").toString();
        ok("dataset", "put", "short-lived", text);
        json("vm", "snapshot", "create", "w3", "with-both");
        ok("dataset", "delete", "short-lived", "--yes");
        json("vm", "snapshot", "create", "w3", "early");
        ok("dataset", "put", "later", text);
        long pid = vms().get("w3").path("pid").asLong();

        Result refused = run("vm", "snapshot", "revert", "w3", "with-both");
        assertThat(refused.exitCode()).as("%s", refused).isEqualTo(4);
        assertThat(vms().get("w3").path("pid").asLong()).isEqualTo(pid);
        String[] revert = {"vm", "snapshot", "revert", "w3", "early", "-o", "json"};
        CompletableFuture<Result> other = CompletableFuture.supplyAsync(() -> run(revert));
        List<Result> both = List.of(run(revert), other.join());
        assertThat(both).as("one of two at once").extracting(Result::exitCode).containsExactlyInAnyOrder(0, 5);

        Result back = both.get(both.get(0).exitCode() == 0 ? 0 : 1);
        assertThat(Json.parse(back.out()).path("state").asString()).isEqualTo("READY");
        assertThat(isReady("w3", pid)).isTrue();
        for (String dataset : List.of("text", "later")) {
            await().atMost(BACK).pollInterval(ASK).until(() -> json("dataset", "check", dataset)
                    .path("consistent")
                    .asBoolean());
        }
        assertThat(count()).isEqualTo(words);
        assertThat(news()).contains("VM_SET_BACK w3").doesNotContain("VM_DATABASE_EMPTIED w3", "DATA_LOST");
        ok("vm", "snapshot", "delete", "w3", "with-both", "--yes");
        assertThat(json("vm", "snapshot", "list", "w3").findValuesAsString("name"))
                .containsExactly("early");
        assertThat(json("host", "list").path(0).path("isolation").asString()).isEqualTo("filtered");
    }

    @Test
    @Order(4)
    void aKilledGuestUnderLoadCostsNothingAndResumesFromMemory() {
        await("fast starts are prepared on both hosts, while there is nothing else to do")
                .atMost(PREPARED)
                .pollInterval(ASK)
                .until(() ->
                        events().stream().filter("START_PREPARED grid"::equals).count() == 2);
        before = events().size();

        killUnderLoad("warm");

        assertThat(observedStarts("w2")).singleElement().asString().contains("resumed from memory");
    }

    @Test
    @Order(5)
    void oneThatIsKilledAgainSoonAfterBootsAndNothingIsLostEither() {
        killUnderLoad("cold");

        assertThat(observedStarts("w2")).singleElement().asString().doesNotContain("resumed from memory");
    }

    private void killUnderLoad(String start) {
        long pid = vms().get("w2").path("pid").asLong();
        List<String> counts =
                Stream.generate(GuestGridTest::beginCount).limit(LOAD).toList();

        Instant killed = Instant.now();
        lab.signal("KILL", pid);

        List<JsonNode> hit = new ArrayList<>();
        for (String count : counts) {
            await().atMost(BACK).pollInterval(ASK).until(() -> task(count).hasNonNull("finishedAt"));
            JsonNode task = task(count);
            assertThat(task.path("result").path("total").asInt()).as("%s", task).isEqualTo(words);
            if (time(task, "finishedAt").isAfter(killed)) {
                hit.add(task);
            }
        }
        assertThat(hit).as("counts that were not done when it was killed").isNotEmpty();
        await().atMost(BACK).pollInterval(ASK).until(() -> isReady("w2", pid));
        await().atMost(BACK)
                .pollInterval(ASK)
                .until(() -> json("dataset", "check", "text").path("consistent").asBoolean());
        assertThat(news()).contains("VM_CRASHED w2").doesNotContain("VM_FENCED w1", "VM_FENCED w3", "DATA_LOST text");
        double verdict = secondsTo("VM_CRASHED", "w2", killed);
        System.out.printf(
                "measured: kill -9 of QEMU to verdict %.1f s; of %d counts that ran the last one went on %s after the kill;"
                        + " to READY again (%s) %.1f s%n",
                verdict, hit.size(), wentOn(hit, killed), start, secondsTo("VM_READY", "w2", killed));
    }

    private static String beginCount() {
        return json("run", "process", "--operation", "word-count", "--dataset", "text", "--detach")
                .path("taskId")
                .asString();
    }

    private static JsonNode task(String id) {
        return json("task", "show", id);
    }

    private static Instant time(JsonNode of, String field) {
        return Instant.parse(of.path(field).asString());
    }

    /**
     * When tasks went on after a kill, by their first step after it: RECLAIMED when its leader died, else at the latest its end,
     * since a leader that lives shares out what the dead one had without a word.
     */
    private static String wentOn(List<JsonNode> tasks, Instant killed) {
        return tasks.stream()
                .map(task -> task.path("history")
                        .valueStream()
                        .filter(step -> time(step, "time").isAfter(killed))
                        .findFirst()
                        .orElseThrow())
                .max(Comparator.comparing(step -> time(step, "time")))
                .map(step -> "%s %.1f s"
                        .formatted(
                                step.path("event").asString(),
                                Duration.between(killed, time(step, "time")).toMillis() / 1e3))
                .orElseThrow();
    }

    @Test
    @Order(6)
    void aHostIsDrainedWhileAJobRunsAndNobodyNotices() throws IOException {
        List<String> nodes =
                vms().values().stream().map(vm -> vm.path("nodeId").asString()).toList();
        assertThat(json("host", "drain", "b", "--dry-run").path("vms"))
                .extracting(JsonNode::asString)
                .containsExactly("w2");
        Path out = folder.resolve("count.json");
        Process counting = count(out);
        await().atMost(Duration.ofMinutes(1)).until(() -> running() > 0 || !counting.isAlive());

        ok("host", "drain", "b");

        assertThat(hosts()).containsExactly("w1 a", "w2 a", "w3 a");
        assertThat(totalOf(counting, out)).isEqualTo(words);
        await("the same nodes, so nobody left the grid")
                .atMost(Duration.ofSeconds(30))
                .until(() -> vms().values().stream()
                        .map(vm -> vm.path("nodeId").asString())
                        .toList()
                        .equals(nodes));
        assertThat(news()).contains("VM_MIGRATED w2").doesNotContain("VM_HUNG w2", "VM_FENCED w2");
        ok("host", "resume", "b");
        await("it may just be ending its last move")
                .atMost(Duration.ofMinutes(1))
                .until(() -> run("vm", "migrate", "w2", "--to", "b").exitCode() == 0);
        assertThat(hosts()).containsExactly("w1 a", "w2 b", "w3 a");
        assertThat(count()).isEqualTo(words);
    }

    @Test
    @Order(7)
    void nobodyIsFencedWhenOneLibvirtdDiesAndTheOtherHangs() throws InterruptedException {
        List<Long> processes = pids();

        lab.killDaemon("b");
        lab.signal("STOP", lab.daemon("a"));
        try {
            await().atMost(Duration.ofMinutes(1)).pollInterval(ASK).until(() -> vms().values().stream()
                    .allMatch(vm -> vm.path("state").asString().equals("UNKNOWN")));
            assertThat(count()).isEqualTo(words);
        } finally {
            lab.signal("CONT", lab.daemon("a"));
        }
        lab.startDaemon("b");

        await().atMost(Duration.ofMinutes(1)).pollInterval(ASK).until(() -> vms().values().stream()
                .allMatch(vm -> vm.path("state").asString().equals("READY")));
        assertThat(pids()).isEqualTo(processes);
        assertThat(news()).doesNotContain("VM_FENCED w1", "VM_FENCED w2", "VM_FENCED w3");
    }

    @Test
    @Order(8)
    void aGuestThatHangsIsFencedAndComesBack() {
        long pid = vms().get("w3").path("pid").asLong();

        Instant stopped = Instant.now();
        lab.signal("STOP", pid);

        await().atMost(BACK).pollInterval(ASK).until(() -> news().contains("VM_FENCED w3"));
        assertThat(count()).isEqualTo(words);
        await().atMost(BACK).pollInterval(ASK).until(() -> isReady("w3", pid));
        assertThat(ProcessHandle.of(pid)).isEmpty();
        System.out.printf(
                "measured: SIGSTOP of QEMU to verdict %.1f s, to its proven end %.1f s, to READY again %.1f s%n",
                secondsTo("VM_HUNG", "w3", stopped),
                secondsTo("VM_FENCED", "w3", stopped),
                secondsTo("VM_READY", "w3", stopped));
    }

    @Test
    @Order(9)
    void aGuestThatSomebodySavesIsNotResumedIntoTheGrid() {
        JsonNode vm = vms().get("w1");
        long pid = vm.path("pid").asLong();
        String domain = "w1-" + vm.path("id").asString().substring("vm-".length());

        // Its node is failed out meanwhile; resumed, it would go on as if nothing had been
        lab.virsh("a", "managedsave", domain);

        await().atMost(BACK).pollInterval(ASK).until(() -> isReady("w1", pid));
        assertThat(lab.virsh("a", "list", "--all", "--with-managed-save", "--name"))
                .isBlank();
        await().atMost(BACK)
                .pollInterval(ASK)
                .until(() -> json("dataset", "check", "text").path("consistent").asBoolean());
        assertThat(count()).isEqualTo(words);
        assertThat(news()).contains("VM_CRASHED w1").doesNotContain("DATA_LOST text");
    }

    @Test
    @Order(10)
    void destroyingAllLeavesNothingBehind() throws IOException {
        String silent = vms().values().iterator().next().path("host").asString();
        lab.signal("STOP", lab.daemon(silent));
        try {
            Result refused = run("down", "--destroy", "--yes");
            assertThat(refused.exitCode()).as("%s", refused).isEqualTo(5);
            assertThat(refused.err()).contains("host " + silent, "nothing was destroyed");
            assertThat(vms()).hasSize(3);
        } finally {
            lab.signal("CONT", lab.daemon(silent));
        }
        await("a host that answers again")
                .atMost(BACK)
                .pollInterval(ASK)
                .until(() -> run("down", "--destroy", "--yes").exitCode() == 0);

        for (String host : List.of("a", "b")) {
            assertThat(lab.virsh(host, "list", "--all", "--name").strip()).isEmpty();
            try (Stream<Path> files = Files.list(lab.storage(host))) {
                assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("vm-"));
            }
            assertThat(lab.virsh(host, "nwfilter-list")).doesNotContain("virtugrid");
            assertThat(taps(host)).isEmpty();
        }
        assertThat(folder.resolve("home")).doesNotExist();
        assertThat(lab.processes()).isEmpty();
    }

    private static List<String> taps(String host) {
        String links = Commands.run(
                        List.of("ip", "-n", lab.namespace(host), "-o", "link"), Map.of(), null, null, COMMAND)
                .out();
        return Arrays.stream(links.split("\n", -1))
                .filter(line -> line.contains("vnet"))
                .toList();
    }

    private static boolean isReady(String name, long oldPid) {
        JsonNode vm = vms().get(name);
        return vm.path("state").asString().equals("READY") && vm.path("pid").asLong() != oldPid;
    }

    private static Process count(Path out) throws IOException {
        return new ProcessBuilder(
                        command("run", "process", "--operation", "word-count", "--dataset", "text", "-o", "json"))
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("count.err").toFile())
                .start();
    }

    private static int totalOf(Process counting, Path out) throws IOException {
        try {
            assertThat(counting.waitFor(4, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return Json.parse(Files.readString(out)).path("result").path("total").asInt();
    }

    private static List<String> hosts() {
        return vms().values().stream()
                .map(vm -> vm.path("name").asString() + " " + vm.path("host").asString())
                .toList();
    }

    private static int count() {
        return json("run", "process", "--operation", "word-count", "--dataset", "text")
                .path("result")
                .path("total")
                .asInt();
    }

    private static int running() {
        return json("status").path("tasks").path("running").asInt();
    }

    private static List<Long> pids() {
        return vms().values().stream().map(vm -> vm.path("pid").asLong()).toList();
    }

    private static List<String> events() {
        List<String> all = new ArrayList<>();
        json("events")
                .forEach(event -> all.add(event.path("type").asString() + " "
                        + event.path("subject").asString()));
        return all;
    }

    /** Events since the test began. */
    private List<String> news() {
        List<String> all = events();
        return all.subList(before, all.size());
    }

    /** What was seen when the VM was started, for each start since the test began. */
    private List<String> observedStarts(String vm) {
        List<String> seen = new ArrayList<>();
        JsonNode all = json("events");
        for (int i = before; i < all.size(); i++) {
            if (all.path(i).path("type").asString().equals("VM_STARTED")
                    && all.path(i).path("subject").asString().equals(vm)) {
                seen.add(all.path(i).path("evidence").path("observed").asString());
            }
        }
        return seen;
    }

    /** From then to the first such event after it. */
    private static double secondsTo(String type, String subject, Instant from) {
        for (JsonNode event : json("events")) {
            Instant time = Instant.parse(event.path("time").asString());
            if (event.path("type").asString().equals(type)
                    && event.path("subject").asString().equals(subject)
                    && time.isAfter(from)) {
                return Duration.between(from, time).toMillis() / 1e3;
            }
        }
        throw new AssertionError("no event " + type + " of " + subject + " after " + from);
    }

    private static Map<String, JsonNode> vms() {
        Map<String, JsonNode> vms = new LinkedHashMap<>();
        json("vm", "list").forEach(vm -> vms.put(vm.path("name").asString(), vm));
        return vms;
    }

    private static JsonNode json(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("-o", "json"));
        return Json.parse(ok(all.toArray(String[]::new)).out());
    }

    private static Result ok(String... arguments) {
        Result result = run(arguments);
        assertThat(result.exitCode()).as("%s", result).isZero();
        return result;
    }

    private static Result run(String... arguments) {
        return Commands.run(command(arguments), Map.of(), null, null, COMMAND);
    }

    private static List<String> command(String... arguments) {
        List<String> line = new ArrayList<>(List.of(
                "ip",
                "netns",
                "exec",
                lab.namespace("a"),
                Grid.INSTALL.resolve("scripts/virtugrid").toString(),
                "--home",
                folder.resolve("home").toString()));
        line.addAll(Arrays.asList(arguments));
        return line;
    }
}
