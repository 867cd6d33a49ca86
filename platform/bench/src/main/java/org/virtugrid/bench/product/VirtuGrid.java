package org.virtugrid.bench.product;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.virtugrid.bench.Contender;
import org.virtugrid.bench.Folders;
import org.virtugrid.bench.FreePorts;
import org.virtugrid.bench.Hashes;
import org.virtugrid.bench.ProcessMemory;
import org.virtugrid.bench.Stopwatch;
import org.virtugrid.bench.WordResult;
import tools.jackson.databind.JsonNode;

/** The product in a home of its own. */
public final class VirtuGrid implements Contender {
    private static final String DATASET = "bench-text";
    private static final String OUTPUT = "bench-sorted";
    private static final int BATCH = 500;
    private static final int BATCHES_UNDER_WAY = 2;
    private static final double HALF = 0.5;
    private static final long READY_SECONDS = 180;

    private final Path root;
    private final Path home;
    private final long workerBytes;
    private final int port = FreePorts.take();
    private final int thinPort = FreePorts.take();
    private final Thread atExit = new Thread(this::destroy);
    private Rest rest;

    /** A grid that is not up yet. */
    public VirtuGrid(Path root, Path home, long workerBytes) throws IOException {
        this.root = root;
        this.home = home;
        this.workerBytes = workerBytes;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    @Override
    public String name() {
        return "virtugrid";
    }

    /** What happens to a worker in the middle of a job. */
    public enum Fault {
        /** kill -9. */
        KILL("KILL"),
        /** SIGSTOP, for good. */
        FREEZE("STOP");

        private final String signal;

        Fault(String signal) {
            this.signal = signal;
        }
    }

    private double command(String... words) throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(List.of(root.resolve("scripts/virtugrid").toString(), "--home", home.toString(), "-q"));
        line.addAll(List.of(words));
        Stopwatch watch = new Stopwatch();
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet().removeIf(name -> name.startsWith("VIRTUGRID_"));
        int status = builder.start().waitFor();
        if (status != 0) {
            throw new IOException("virtugrid " + words[0] + " ended with " + status);
        }
        return watch.seconds();
    }

    /** Brings the grid up; how long that took. */
    public double up() throws IOException, InterruptedException {
        double seconds = command(
                "up",
                "--workers",
                "3",
                "--worker-memory",
                (workerBytes >> 20) + "MiB",
                "--port",
                Integer.toString(port),
                "--thin-port",
                Integer.toString(thinPort),
                "--backups",
                "1");
        rest = new Rest(
                "http://127.0.0.1:" + port,
                Files.readString(home.resolve("token")).strip());
        return seconds;
    }

    /** Stops all and keeps the data. */
    public void down() throws IOException, InterruptedException {
        command("down");
    }

    /** Memory of each worker. */
    public List<ProcessMemory> workerMemory() throws IOException, InterruptedException {
        List<ProcessMemory> all = new ArrayList<>();
        for (JsonNode vm : rest.get("/api/vms")) {
            all.add(ProcessMemory.of(vm.get("pid").asLong()));
        }
        return all;
    }

    @Override
    public Done ingest(Path file) throws Exception {
        rest.delete("/api/datasets/" + OUTPUT);
        rest.delete("/api/datasets/" + DATASET);
        Stopwatch watch = new Stopwatch(pids());
        JsonNode dataset = rest.put("/api/datasets/" + DATASET + "?backups=1", file);
        watch.stop();
        String stored = content(DATASET);
        if (!stored.equals(dataset.get("sha256").asString())) {
            throw new IllegalStateException("what VirtuGrid stored is not what it says");
        }
        return watch.done(stored);
    }

    /** Control and workers. */
    private List<Long> pids() throws IOException, InterruptedException {
        List<Long> pids = new ArrayList<>();
        pids.add(rest.json(Files.readString(home.resolve("control.json")))
                .get("pid")
                .asLong());
        rest.get("/api/vms").forEach(vm -> pids.add(vm.get("pid").asLong()));
        return pids;
    }

    private String content(String dataset) throws IOException, InterruptedException {
        try (InputStream in = rest.bytes("/api/datasets/" + dataset + "/content")) {
            return Hashes.sha256(in);
        }
    }

    private JsonNode ended(JsonNode task) throws IOException, InterruptedException {
        JsonNode now = task;
        while (List.of("QUEUED", "RUNNING").contains(now.get("state").asString())) {
            now = rest.get("/api/tasks/" + id(task) + "?waitSeconds=30");
        }
        if (!now.get("state").asString().equals("SUCCEEDED")) {
            throw new IOException("task " + id(task) + " ended as " + now);
        }
        return now;
    }

    private static String id(JsonNode task) {
        return task.get("taskId").asString();
    }

    private JsonNode submit(String operation, Map<String, Object> more) throws IOException, InterruptedException {
        Map<String, Object> body = new java.util.HashMap<>(more);
        body.put("dataset", DATASET);
        body.put("operation", operation);
        return rest.post("/api/super-vm/process", body);
    }

    private JsonNode submitWordCount() throws IOException, InterruptedException {
        return submit("word-count", Map.of("parameters", Map.of("top", WordResult.TOP)));
    }

    private static WordResult words(JsonNode task) {
        JsonNode result = task.get("result");
        List<WordResult.Entry> top = new ArrayList<>();
        for (JsonNode entry : result.get("top")) {
            top.add(new WordResult.Entry(
                    entry.get("word").asString(), entry.get("count").asLong()));
        }
        return new WordResult(
                result.get("total").asLong(), result.get("distinct").asLong(), top);
    }

    @Override
    public Done wordCount(Path file) throws Exception {
        Stopwatch watch = new Stopwatch(pids());
        JsonNode task = ended(submitWordCount());
        watch.stop();
        return watch.done(words(task));
    }

    /** Counts words and lets a worker fail when half is done; then waits until the grid is whole again. */
    public Done disturbedWordCount(Fault fault) throws Exception {
        Stopwatch watch = new Stopwatch(pids());
        JsonNode task = submitWordCount();
        JsonNode now = task;
        while (now.get("progress").asDouble() < HALF) {
            if (now.get("state").asString().equals("SUCCEEDED")) {
                throw new IOException("the count ended before it could be disturbed; use more text");
            }
            TimeUnit.MILLISECONDS.sleep(20);
            now = rest.get("/api/tasks/" + id(task));
        }
        long victim = victim(now);
        if (new ProcessBuilder("kill", "-" + fault.signal, Long.toString(victim))
                        .start()
                        .waitFor()
                != 0) {
            throw new IOException("could not signal " + victim);
        }
        JsonNode end = ended(task);
        watch.stop();
        Done done = watch.done(words(end));
        awaitReady();
        JsonNode check = ended(rest.post("/api/datasets/" + DATASET + "/check", Map.of()));
        if (!check.get("result").get("consistent").asBoolean()) {
            throw new IOException("after the fault the dataset is not consistent: " + check);
        }
        return done;
    }

    /** A worker with work that does not lead the task. */
    private long victim(JsonNode task) throws IOException, InterruptedException {
        JsonNode vms = task.get("vmIds");
        String leader = vms.get(vms.size() - 1).asString();
        String chosen = task.get("running").propertyNames().stream()
                .filter(vm -> !vm.equals(leader))
                .findFirst()
                .orElse(leader);
        return rest.get("/api/vms/" + chosen).get("pid").asLong();
    }

    private void awaitReady() throws IOException, InterruptedException {
        Stopwatch watch = new Stopwatch();
        while (!rest.get("/api/super-vm/status").get("state").asString().equals("READY")) {
            if (watch.seconds() > READY_SECONDS) {
                throw new IOException("the grid did not become READY again");
            }
            TimeUnit.MILLISECONDS.sleep(250);
        }
    }

    @Override
    public Done sort(Path file) throws Exception {
        rest.delete("/api/datasets/" + OUTPUT);
        Stopwatch watch = new Stopwatch(pids());
        ended(submit("sort", Map.of("saveAs", OUTPUT)));
        watch.stop();
        return watch.done(content(OUTPUT));
    }

    @Override
    public Done smallTasks(int tasks) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(BATCHES_UNDER_WAY);
        try {
            Stopwatch watch = new Stopwatch(pids());
            List<Callable<Long>> batches = new ArrayList<>();
            for (int first = 0; first < tasks; first += BATCH) {
                int from = first;
                int to = Math.min(tasks, first + BATCH);
                batches.add(() -> batch(from, to));
            }
            long sum = 0;
            for (Future<Long> batch : clients.invokeAll(batches)) {
                sum += batch.get();
            }
            watch.stop();
            return watch.done(sum);
        } finally {
            clients.shutdown();
        }
    }

    /** Submits some tasks and has all their results; the sum of those. */
    private long batch(int from, int to) throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (long task = from; task < to; task++) {
            lines.append("{\"operation\":\"sum\",\"inputData\":[")
                    .append(task)
                    .append(',')
                    .append(task + 1)
                    .append(',')
                    .append(task + 2)
                    .append("]}\n");
        }
        JsonNode answer = rest.post("/api/tasks?waitSeconds=30", "application/x-ndjson", lines.toString());
        long sum = 0;
        for (JsonNode submitted : answer.get("tasks")) {
            JsonNode task = submitted;
            while (!task.get("state").asString().equals("SUCCEEDED")) {
                if (List.of("FAILED", "CANCELLED").contains(task.get("state").asString())) {
                    throw new IOException("a small task did not succeed: " + task);
                }
                task = rest.get("/api/tasks/" + id(task) + "?waitSeconds=30");
            }
            sum += task.get("result").asLong();
        }
        return sum;
    }

    private synchronized void destroy() {
        try {
            if (Files.exists(home)) {
                command("down", "--destroy", "--yes");
                Folders.remove(home);
            }
        } catch (IOException e) {
            System.err.println("could not remove " + home + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        destroy();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
