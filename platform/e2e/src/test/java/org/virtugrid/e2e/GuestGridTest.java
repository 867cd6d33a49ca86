package org.virtugrid.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.virtugrid.control.vm.libvirt.HostSettings;
import org.virtugrid.control.vm.libvirt.Lab;
import org.virtugrid.e2e.harness.Commands;
import org.virtugrid.e2e.harness.Grid;
import org.virtugrid.e2e.harness.Json;
import org.virtugrid.e2e.harness.Result;
import tools.jackson.databind.JsonNode;

/** A grid of three real guests under a real libvirt, from its start to its end: one story, as each start costs a minute. */
@Tag("vm")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 8, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GuestGridTest {
    private static final Duration COMMAND = Duration.ofMinutes(5);
    private static final Duration BACK = Duration.ofMinutes(4);
    private static final String IMAGE = System.getProperty("virtugrid.image", "target/image/current");

    private static Path folder;
    private static Lab lab;
    private static int port;
    private static int words;

    @BeforeAll
    static void start() throws IOException {
        folder = Files.createTempDirectory("vggrid").toRealPath();
        lab = new Lab(folder.resolve("lab"));
        HostSettings host = lab.start("a");
        Path image = Path.of(IMAGE);
        Path settings = folder.resolve("control.yaml");
        Files.writeString(
                settings,
                """
                libvirt:
                  image: %s
                  network: {address: 10.77.0.1, prefix: 24, guests: 10.77.0.10-10.77.0.40}
                  hosts:
                    - {name: a, uri: "%s", bridge: %s, storage: %s}
                """
                        .formatted(
                                image.isAbsolute() ? image : Grid.INSTALL.resolve(image),
                                host.uri(),
                                host.bridge(),
                                host.storage()));
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
            assertThat(vm.path("host").asString()).isEqualTo("a");
            assertThat(vm.path("address").asString()).startsWith("10.77.0.");
        });
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
    void aKilledGuestUnderLoadCostsNothingAndComesBack() throws IOException {
        long pid = vms().get("w2").path("pid").asLong();
        Path out = folder.resolve("count.json");
        Process counting = new ProcessBuilder(
                        command("run", "process", "--operation", "word-count", "--dataset", "text", "-o", "json"))
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("count.err").toFile())
                .start();
        await().atMost(Duration.ofMinutes(1)).until(() -> running() > 0 || !counting.isAlive());

        lab.signal("KILL", pid);

        try {
            assertThat(counting.waitFor(4, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(Json.parse(Files.readString(out))
                        .path("result")
                        .path("total")
                        .asInt())
                .isEqualTo(words);
        await().atMost(BACK).pollInterval(Duration.ofSeconds(1)).until(() -> isReady("w2", pid));
        await().atMost(BACK)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> json("dataset", "check", "text").path("consistent").asBoolean());
        assertThat(events()).contains("VM_CRASHED w2").doesNotContain("VM_FENCED w1", "VM_FENCED w3", "DATA_LOST");
    }

    @Test
    @Order(4)
    void nobodyIsFencedWhenLibvirtdDies() throws InterruptedException {
        List<Long> before = pids();

        lab.killDaemon("a");
        await().atMost(Duration.ofSeconds(30)).until(() -> vms().values().stream()
                .allMatch(vm -> vm.path("state").asString().equals("UNKNOWN")));
        assertThat(count()).isEqualTo(words);
        lab.startDaemon("a");

        await().atMost(Duration.ofMinutes(1)).until(() -> vms().values().stream()
                .allMatch(vm -> vm.path("state").asString().equals("READY")));
        assertThat(pids()).isEqualTo(before);
        assertThat(events()).doesNotContain("VM_FENCED w1", "VM_FENCED w2", "VM_FENCED w3");
    }

    @Test
    @Order(5)
    void destroyingAllLeavesNothingBehind() throws IOException {
        ok("down", "--destroy", "--yes");

        assertThat(lab.virsh("a", "list", "--all", "--name").strip()).isEmpty();
        assertThat(folder.resolve("home")).doesNotExist();
        try (Stream<Path> files = Files.list(Path.of(lab.settings("a").storage()))) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("vm-"));
        }
        assertThat(lab.processes()).isEmpty();
        assertThat(taps()).isEmpty();
    }

    private static List<String> taps() {
        String links = Commands.run(
                        List.of("ip", "-n", lab.namespace("a"), "-o", "link"), Map.of(), null, null, COMMAND)
                .out();
        return Arrays.stream(links.split("\n", -1))
                .filter(line -> line.contains("vnet"))
                .toList();
    }

    private static boolean isReady(String name, long oldPid) {
        JsonNode vm = vms().get(name);
        return vm.path("state").asString().equals("READY") && vm.path("pid").asLong() != oldPid;
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
