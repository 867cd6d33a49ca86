package org.virtugrid.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A grid with three control nodes, each in a home of its own at a loopback address of its own, in a network namespace of
 * their own, in which any of them can be cut off. Closing it ends everything and removes it. Wants root, or a kernel that
 * lets users make namespaces.
 */
public final class ThreeControls implements AutoCloseable {
    /** The numbers of the control nodes. */
    public static final List<Integer> ALL = List.of(1, 2, 3);

    private static final Duration COMMAND = Duration.ofMinutes(4);
    private static final Duration UP = Duration.ofMinutes(3);
    private static final int PORT = 3000;

    private final Path folder;
    private final Process namespace;

    /** Makes the namespace; starts nothing in it. */
    public ThreeControls() throws IOException {
        folder = Files.createTempDirectory("virtugrid three ").toRealPath();
        Path record = Path.of("target", "grid-homes");
        Files.createDirectories(record.getParent());
        Files.writeString(record, folder + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        List<String> holder = new ArrayList<>(List.of("unshare"));
        holder.addAll(isRoot() ? List.of("-n") : List.of("-r", "-n"));
        // Its last word is only a name, by which what a broken run leaves is found
        holder.addAll(
                List.of("sh", "-c", "sleep 3600", folder.resolve("namespace").toString()));
        namespace = new ProcessBuilder(holder)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("namespace.log").toFile())
                .start();
        await("the namespace is there").atMost(Duration.ofSeconds(10)).until(() -> !link("self")
                .equals(link(Long.toString(namespace.pid()))));
        inside("/sbin/ip", "link", "set", "lo", "up").expect(0);
    }

    private static String link(String process) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc", process, "ns/net")).toString();
    }

    private static boolean isRoot() {
        return Commands.shell("id -u").strip().equals("0");
    }

    /** Starts three control nodes and so many workers, and waits until they are READY. */
    public void up(int workers) throws IOException {
        Path settings = folder.resolve("control.yaml");
        StringBuilder nodes = new StringBuilder("control:\n  shared: \"" + home(1) + "\"\n  nodes:\n");
        for (int number : ALL) {
            nodes.append("    - {id: control-%d, discovery: \"%s:3900\", votes: \"%s:3901\"}\n"
                    .formatted(number, address(number), address(number)));
        }
        Files.writeString(settings, nodes);
        Process first = begin(
                1,
                "up",
                "--config",
                settings.toString(),
                "--port",
                Integer.toString(PORT + 1),
                "--workers",
                Integer.toString(workers),
                "--worker-memory",
                "512MiB");
        Path invitation = folder.resolve("invitation");
        await("the first one runs, and invites others")
                .atMost(UP)
                .pollInterval(Duration.ofMillis(500))
                .until(() ->
                        virtugrid(1, "control", "invite", invitation.toString()).exitCode() == 0);
        List<Process> others = new ArrayList<>(List.of(first));
        for (int number : List.of(2, 3)) {
            others.add(begin(
                    number,
                    "up",
                    "--join",
                    invitation.toString(),
                    "--control-id",
                    "control-" + number,
                    "--port",
                    Integer.toString(PORT + number),
                    "--timeout",
                    "180s"));
        }
        await("all three are up").atMost(UP).until(() -> others.stream().noneMatch(Process::isAlive));
        awaitWhole();
    }

    /** The home of a control node. */
    public Path home(int number) {
        return folder.resolve("home " + number);
    }

    /** A folder for a test's files. */
    public Path scratch() {
        return folder;
    }

    private static String address(int number) {
        return "127.0.0.1" + number;
    }

    // --- Commands ---------------------------------------------------------------------------------

    private List<String> entered(List<String> command) {
        List<String> line = new ArrayList<>(List.of("nsenter", "-t", Long.toString(namespace.pid())));
        line.addAll(isRoot() ? List.of("-n") : List.of("-U", "--preserve-credentials", "-n"));
        line.add("--");
        line.addAll(command);
        return line;
    }

    private Result inside(String... command) {
        return Commands.run(entered(List.of(command)), Map.of(), null, null, COMMAND);
    }

    private static List<String> words(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Grid.INSTALL.resolve("scripts/virtugrid").toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs a command on the home of a control node. */
    public Result virtugrid(int number, String... arguments) {
        return Commands.run(
                entered(words(arguments)), Map.of("VIRTUGRID_HOME", home(number).toString()), null, null, COMMAND);
    }

    private Process begin(int number, String... arguments) throws IOException {
        return Commands.builder(
                        entered(words(arguments)),
                        Map.of("VIRTUGRID_HOME", home(number).toString()))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("up-" + number + ".log").toFile())
                .start();
    }

    // --- What is there ----------------------------------------------------------------------------

    /** What a control node says of the platform; empty when it doesn't answer. */
    public Optional<JsonNode> status(int number) {
        Result result = virtugrid(number, "-o", "json", "status");
        return result.exitCode() == 0 ? Optional.of(result.json()) : Optional.empty();
    }

    /** Waits until all three say that the grid is READY, all of them are in it, and the same one leads. */
    public void awaitWhole() {
        for (int number : ALL) {
            await("control-" + number + " sees a whole grid")
                    .atMost(UP)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> status(number).filter(this::isWhole).isPresent());
        }
    }

    private boolean isWhole(JsonNode status) {
        int joined = 0;
        String leader = "";
        for (JsonNode node : status.path("control")) {
            joined += node.path("joined").asBoolean(false) ? 1 : 0;
            leader = node.path("leader").asBoolean(false) ? node.path("id").asString("") : leader;
        }
        return status.path("state").asString("").equals("READY")
                && joined == ALL.size()
                && leader.equals("control-" + leader());
    }

    /** What a control node has recorded, oldest first. */
    public List<JsonNode> events(int number) {
        try {
            Path file = home(number).resolve("control/events.jsonl");
            return Files.exists(file)
                    ? Files.readAllLines(file).stream()
                            .filter(line -> line.endsWith("}"))
                            .map(Json::parse)
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The control node that was the last to lead, 0 for none. */
    public int leader() {
        long newest = 0;
        int leader = 0;
        for (int number : ALL) {
            for (JsonNode event : events(number)) {
                long term = event.path("evidence").path("term").asLong(0);
                if (event.path("type").asString("").equals("CONTROL_LEADS") && term > newest) {
                    newest = term;
                    leader = number;
                }
            }
        }
        return leader;
    }

    /** Waits until another one than this leads; returns when it began to. */
    public Instant awaitOtherLeader(int old) {
        await("another one than control-" + old + " leads")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> leader() != old);
        return events(leader()).stream()
                .filter(event -> event.path("type").asString("").equals("CONTROL_LEADS"))
                .map(event -> Instant.parse(event.path("time").asString("")))
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    /** Process of a control node. */
    public long controlPid(int number) {
        try {
            return Json.parse(Files.readString(home(number).resolve("control.json")))
                    .path("pid")
                    .asLong(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Processes of the workers by name, as their records have them. */
    public Map<String, Long> workers() {
        Map<String, Long> pids = new TreeMap<>();
        try (Stream<Path> vms = Files.list(home(1).resolve("vms"))) {
            for (Path vm :
                    vms.filter(path -> Files.exists(path.resolve("vm.json"))).toList()) {
                JsonNode record = Json.parse(Files.readString(vm.resolve("vm.json")));
                pids.put(
                        record.path("name").asString(""),
                        record.path("process").path("pid").asLong(0));
            }
            return pids;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills a worker and waits until a process of its own has taken its place. */
    public void killAndAwaitReplacement(String worker) {
        long pid = workers().get(worker);
        Proc.signal("KILL", pid);
        await(worker + " is started again")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() ->
                        workers().get(worker) != pid && Proc.isAlive(workers().get(worker)));
    }

    // --- Faults -----------------------------------------------------------------------------------

    /** Does what the owner of a control process does that has ended: starts it again. */
    public void restart(int number) {
        assertThat(Proc.isAlive(controlPid(number)))
                .as("control-%d runs", number)
                .isFalse();
        virtugrid(number, "up", "--timeout", "180s").expect(0);
    }

    /** Drops all packets between a control node and everybody else, without a word to either side. */
    public void cutOff(int number) {
        String address = address(number);
        inside("/usr/sbin/iptables", "-A", "OUTPUT", "-s", address, "!", "-d", address, "-j", "DROP")
                .expect(0);
        inside("/usr/sbin/iptables", "-A", "OUTPUT", "-d", address, "!", "-s", address, "-j", "DROP")
                .expect(0);
    }

    /** Lets all packets through again. */
    public void heal() {
        inside("/usr/sbin/iptables", "-F", "OUTPUT").expect(0);
    }

    @Override
    public void close() throws IOException {
        List<Long> left = Proc.withWord(folder.toString());
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!left.isEmpty() && System.nanoTime() < end) {
            left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            left = Proc.withWord(folder.toString()).stream()
                    .filter(Proc::isAlive)
                    .toList();
        }
        namespace.descendants().forEach(ProcessHandle::destroyForcibly);
        namespace.destroyForcibly();
        for (int number : ALL) {
            Remains remains = new Remains(home(number));
            remains.keepLogs("three controls " + number);
            remains.removeControlGroups();
        }
        Remains.remove(folder);
    }
}
