package org.virtugrid.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A grid that is used as its users do: through {@code scripts/virtugrid} and over its ports, in a home of its own with a
 * space in its name. Closing it ends its processes, keeps its logs under {@code target/grid-logs} and removes the home.
 */
public final class Grid implements AutoCloseable {
    /** The clone under test. */
    public static final Path INSTALL = install();

    private static final Duration LONGEST_COMMAND = Duration.ofMinutes(5);
    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(2);
    private static final Set<Grid> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> List.copyOf(OPEN).forEach(Grid::killEverything)));
    }

    private final String name;
    private final Path folder;
    private final Path home;
    private final int port;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private Grid(String name, Path folder, Path home, int port) {
        this.name = name;
        this.folder = folder;
        this.home = home;
        this.port = port;
    }

    /** Chooses a home that does not exist yet and a free port; starts nothing. */
    public static Grid prepare(String name) {
        try {
            Path folder = Files.createTempDirectory("virtugrid e2e ").toRealPath();
            Grid grid = new Grid(name, folder, folder.resolve("home of " + name), freePort());
            OPEN.add(grid);
            Path record = Path.of("target", "grid-homes");
            Files.createDirectories(record.getParent());
            Files.writeString(record, folder + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return grid;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path install() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("scripts/virtugrid"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    /** A port of loopback that nobody listens on, below those that the kernel gives to connections. */
    public static int freePort() {
        for (int i = 0; i < 1000; i++) {
            int candidate = ThreadLocalRandom.current().nextInt(20_100, 20_900);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), candidate));
                return candidate;
            } catch (IOException busy) {
                // The next one, then
            }
        }
        throw new AssertionError("no free port");
    }

    // --- Where it is ------------------------------------------------------------------------------

    /** The home; it has a space in its name. */
    public Path home() {
        return home;
    }

    /** A folder beside the home for a test's files; goes with the grid. */
    public Path scratch() {
        return folder;
    }

    /** The port of REST and the status page. */
    public int port() {
        return port;
    }

    /** The address of REST. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** The admin token. */
    public String token() {
        return read(home.resolve("token"));
    }

    /** The password of the Ignite user {@code virtugrid}. */
    public String ignitePassword() {
        return read(home.resolve("secrets/ignite-password"));
    }

    /** A port by its name in {@code status}: http, thin, restHttp, ... */
    public int port(String use) {
        int value = json("status").path("ports").path(use).asInt(0);
        assertThat(value).as("port %s in status", use).isPositive();
        return value;
    }

    // --- Commands ---------------------------------------------------------------------------------

    /** Starts it on its port and waits until it is READY. */
    public Grid up(String... options) {
        List<String> command = new ArrayList<>(List.of("up", "--port", Integer.toString(port)));
        command.addAll(List.of(options));
        virtugrid(command.toArray(String[]::new)).expect(0);
        return this;
    }

    /** Stops it gracefully; the home stays. */
    public Grid down() {
        virtugrid("down").expect(0);
        return this;
    }

    /** Runs a command on this home to its end. */
    public Result virtugrid(String... arguments) {
        return run(null, null, arguments);
    }

    /** Runs a command whose stdin is a file (or null) and whose stdout goes to a file (or null for the result). */
    public Result run(Path stdin, Path stdout, String... arguments) {
        return Commands.run(command(arguments), environment(), stdin, stdout, LONGEST_COMMAND);
    }

    /** Runs a command with {@code -o json}, which must succeed, and returns the one JSON value that it printed. */
    public JsonNode json(String... arguments) {
        List<String> words = new ArrayList<>(List.of("-o", "json"));
        words.addAll(List.of(arguments));
        return virtugrid(words.toArray(String[]::new)).expect(0).json();
    }

    /** Starts a command and returns at once; the caller ends it. Its messages go to a file in {@link #scratch}. */
    public Process begin(Path stdin, String... arguments) {
        try {
            Path output = Files.createTempFile(folder, "begun", ".log");
            return Commands.builder(command(arguments), environment())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .redirectInput(stdin == null ? Path.of("/dev/null").toFile() : stdin.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(INSTALL.resolve("scripts/virtugrid").toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private Map<String, String> environment() {
        return Map.of("VIRTUGRID_HOME", home.toString());
    }

    // --- Data and work ----------------------------------------------------------------------------

    /** Stores a file as a dataset; the answer of {@code dataset put -o json}. */
    public JsonNode put(String dataset, Path file, String... options) {
        List<String> command = new ArrayList<>(List.of("dataset", "put", dataset, file.toString()));
        command.addAll(List.of(options));
        return json(command.toArray(String[]::new));
    }

    /** Gets a dataset's bytes into a new file. */
    public Path get(String dataset) {
        try {
            Path file = Files.createTempFile(folder, dataset, ".got");
            run(null, file, "dataset", "get", dataset).expect(0);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs an operation on a dataset to its success and returns its result. */
    public JsonNode process(String operation, String dataset, String... options) {
        return succeeded(operation, List.of("--dataset", dataset), options);
    }

    /** Runs an operation on a JSON array to its success and returns its result. */
    public JsonNode inline(String operation, String array, String... options) {
        return succeeded(operation, List.of("--input", array), options);
    }

    private JsonNode succeeded(String operation, List<String> input, String... options) {
        List<String> command = new ArrayList<>(List.of("run", "process", "--operation", operation));
        command.addAll(input);
        command.addAll(List.of(options));
        JsonNode task = json(command.toArray(String[]::new));
        assertThat(task.path("state").asString("")).as("state of %s", task).isEqualTo("SUCCEEDED");
        return task.path("result");
    }

    /** Submits tasks, one JSON object a line, and returns their ids. */
    public JsonNode submit(String lines) {
        return submitted("/api/tasks", lines).path("taskIds");
    }

    /** Submits tasks, one JSON object a line, and returns them once they have ended. */
    public JsonNode submitAndWait(String lines) {
        return submitted("/api/tasks?waitSeconds=30", lines).path("tasks");
    }

    private JsonNode submitted(String path, String lines) {
        HttpResponse<String> answer = send(request(path)
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(lines)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return Json.parse(answer.body());
    }

    /** Starts an operation on a dataset and returns the task's id at once. */
    public String detached(String operation, String dataset, String... options) {
        List<String> command =
                new ArrayList<>(List.of("run", "process", "--operation", operation, "--dataset", dataset, "--detach"));
        command.addAll(List.of(options));
        return json(command.toArray(String[]::new)).path("taskId").asString("");
    }

    // --- REST -------------------------------------------------------------------------------------

    /** A request to REST with the token. The path begins with a slash. */
    public HttpResponse<String> rest(String method, String path, String body) {
        return send(request(path)
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body)));
    }

    /** What REST answers to GET, which must be JSON with status 200. */
    public JsonNode rest(String path) {
        HttpResponse<String> response = rest("GET", path, null);
        assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(200);
        return Json.parse(response.body());
    }

    /** A request without anything added to it. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + path)).timeout(LONGEST_ANSWER);
    }

    /** Sends a request. */
    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    // --- Processes --------------------------------------------------------------------------------

    /** The pid of the control process as the home records it. */
    public long controlPid() {
        return Json.parse(read(home.resolve("control.json"))).path("pid").asLong(0);
    }

    /** The pids of the workers by VM id, as {@code vm list} shows them; null where none runs. */
    public Map<String, Long> workerPids() {
        Map<String, Long> pids = new LinkedHashMap<>();
        for (JsonNode vm : json("vm", "list")) {
            pids.put(
                    vm.path("id").asString(""),
                    vm.path("pid").isNumber() ? vm.path("pid").asLong(0) : null);
        }
        return pids;
    }

    /** The same without asking control, from the records of the home; those that have no process are left out. */
    public Map<String, Long> recordedWorkerPids() {
        Map<String, Long> pids = new TreeMap<>();
        try (Stream<Path> folders = Files.list(home.resolve("vms"))) {
            for (Path record : folders.map(vm -> vm.resolve("vm.json"))
                    .filter(Files::isRegularFile)
                    .toList()) {
                JsonNode vm = Json.parse(read(record));
                if (vm.path("process").path("pid").isNumber()) {
                    pids.put(
                            vm.path("id").asString(""),
                            vm.path("process").path("pid").asLong(0));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pids;
    }

    /** All processes of this grid that are alive, control included. */
    public List<Long> pids() {
        return Proc.withWord(home.toString()).stream().filter(Proc::isAlive).toList();
    }

    /** Waits until {@code status} says READY; returns the seconds it took. */
    public double awaitReady(Duration deadline) {
        long began = System.nanoTime();
        await("the grid is READY")
                .atMost(deadline)
                .pollInterval(Duration.ofMillis(250))
                .untilAsserted(() -> {
                    HttpResponse<String> status = rest("GET", "/api/super-vm/status", null);
                    assertThat(status.body()).contains("\"state\":\"READY\"");
                });
        return (System.nanoTime() - began) / 1e9;
    }

    /** Waits until REST says that the task has ended, and returns it. Control may go away and come back meanwhile. */
    public JsonNode awaitTask(String id, Duration deadline) {
        JsonNode[] last = {null};
        await("task " + id + " has ended")
                .atMost(deadline)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> {
                    last[0] = rest("/api/tasks/" + id);
                    return last[0].path("finishedAt").isString();
                });
        return last[0];
    }

    // --- The end ----------------------------------------------------------------------------------

    @Override
    public void close() {
        killEverything();
        try {
            Remains remains = new Remains(home);
            remains.keepLogs(name);
            remains.removeControlGroups();
            Remains.remove(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            OPEN.remove(this);
        }
    }

    private void killEverything() {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        // Control first, lest it starts again what was killed
        List<Long> left = List.of();
        do {
            left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            left = new ArrayList<>(pids());
            left.sort(Comparator.comparing(pid -> !Proc.commandLine(pid).contains("--home")));
        } while (!left.isEmpty() && System.nanoTime() < deadline);
        if (!left.isEmpty()) {
            throw new AssertionError("processes " + left + " of " + home + " cannot be ended");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "grid in " + home;
    }
}
