package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.ignite.Ignite;
import org.virtugrid.grid.dataset.ChunkRow;
import org.virtugrid.grid.dataset.DatasetCatalogue;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.grid.dataset.DatasetState;
import org.virtugrid.grid.dataset.OutputWriter;
import org.virtugrid.grid.dataset.PartitionStrategy;
import org.virtugrid.grid.dataset.TaskOutputs;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.Job;
import org.virtugrid.jobs.api.SelectingJob;
import tools.jackson.databind.JsonNode;

/** Chooses how a task is run, and runs the kinds that are one phase. */
final class Runs {
    /** Inline values that are worth a worker of their own. */
    private static final int SLICE = 2_000;

    private final WorkerRuntime worker;
    private final Ignite ignite;
    private final Attempt attempt;
    private final TaskRecord task;
    private final TaskOutputs outputs;

    Runs(WorkerRuntime worker, Attempt attempt, TaskOutputs outputs) {
        this.worker = worker;
        this.ignite = worker.ignite();
        this.attempt = attempt;
        this.task = attempt.task();
        this.outputs = outputs;
    }

    AttemptRunner.Outcome run() throws Exception {
        if (task.type().equals("check")) {
            return result(
                    new CheckRun(worker, attempt, dataset(), task.operation().equals("repair")).run());
        }
        if (task.dataset() == null) {
            return result(foldInline());
        }
        DatasetInfo dataset = dataset();
        if (task.operation().equals("sort")) {
            return new SortRun(worker, attempt, dataset, outputs).run();
        }
        if (task.saveAs() != null && worker.job(task.operation()) instanceof SelectingJob<?>) {
            return select(dataset);
        }
        return result(fold(dataset));
    }

    private DatasetInfo dataset() throws InvalidJobException {
        DatasetInfo info = new DatasetCatalogue(ignite).find(task.dataset());
        if (info == null || info.state() == DatasetState.DELETING) {
            throw new InvalidJobException(
                    "dataset", "there is no dataset '" + task.dataset() + "' any more", "put it again");
        }
        return info;
    }

    private Object fold(DatasetInfo dataset) throws Exception {
        List<ChunkRow> table = new DatasetCatalogue(ignite).table(dataset);
        return rounds(
                new DatasetMapping(ignite, dataset, table),
                (parts, begin) -> new FoldWork(task, dataset, parts, begin),
                WorkChunks.partitions(table));
    }

    private Object foldInline() throws Exception {
        List<JsonNode> values = ResultJson.array(task.inputJson());
        int slices = Math.max(1, Math.min(Workers.of(ignite).size() * worker.threads(), values.size() / SLICE));
        return rounds(
                PartsRun.dealt(ignite),
                (parts, begin) -> new InlineWork(task, InlineWork.slices(values, parts, slices), begin),
                IntStream.range(0, slices).boxed().toList());
    }

    /** Makes the work for some parts, beginning with a partial or, where that is null, with nothing. */
    private interface RoundWork {
        UnitWork work(int[] parts, byte[] begin);
    }

    private Object rounds(PartsRun.Mapping mapping, RoundWork work, Iterable<Integer> allParts) throws Exception {
        Job<Serializable> job = worker.job(task.operation());
        byte[] begin = null;
        for (int round = 0; ; round++) {
            Serializable[] total = new Serializable[1];
            byte[] from = begin;
            new PartsRun(
                            worker,
                            attempt,
                            "fold-" + round,
                            mapping,
                            parts -> work.work(parts, from),
                            (node, unit, parts, partial) ->
                                    total[0] = total[0] == null ? partial : job.reduce(attempt, total[0], partial),
                            0,
                            1)
                    .run(allParts);
            Serializable all = total[0] != null
                    ? total[0]
                    : begin == null ? job.create(attempt) : Partials.read(begin, worker.jobLoader());
            Optional<Serializable> next = job.nextRound(attempt, all);
            if (next.isEmpty()) {
                return job.finish(attempt, all).value();
            }
            begin = Partials.write(next.get());
        }
    }

    private AttemptRunner.Outcome select(DatasetInfo dataset) throws Exception {
        List<ChunkRow> table = new DatasetCatalogue(ignite).table(dataset);
        DatasetInfo output = outputs.begin(task.saveAs(), task.id(), dataset.strategy(), dataset.backups());
        Map<Integer, SelectWork.Selected> byChunk = new TreeMap<>();
        new PartsRun(
                        worker,
                        attempt,
                        "select",
                        new DatasetMapping(ignite, dataset, table),
                        parts -> new SelectWork(task, dataset, output, parts),
                        (node, unit, parts, found) -> {
                            for (Object each : (List<?>) found) {
                                SelectWork.Selected selected = (SelectWork.Selected) each;
                                byChunk.put(selected.chunk(), selected);
                            }
                        },
                        0,
                        0.98)
                .run(WorkChunks.partitions(table));
        long lines =
                byChunk.values().stream().mapToLong(SelectWork.Selected::lines).sum();
        long matched = byChunk.values().stream()
                .mapToLong(selected -> selected.kept().cardinality())
                .sum();
        List<ChunkRow> rows = dataset.strategy() == PartitionStrategy.KEY
                ? new SelectedWindows(ignite, dataset, output).rows(table, byChunk)
                : byChunk.values().stream()
                        .flatMap(selected -> selected.rows().stream())
                        .toList();
        Map<String, Object> result = new java.util.LinkedHashMap<>();
        result.put("lines", lines);
        result.put("matched", matched);
        result.put("dataset", task.saveAs());
        return new AttemptRunner.Outcome(ResultJson.write(result), outputs.complete(output, rows));
    }

    /** A result in the task's record, or, when it is large or a name was given for it, in a dataset. */
    private AttemptRunner.Outcome result(Object value) throws Exception {
        String json = ResultJson.write(value);
        boolean named = task.saveAs() != null;
        if (!named && json.length() <= AttemptRunner.LARGEST_RESULT) {
            return new AttemptRunner.Outcome(json, null);
        }
        String name = named ? task.saveAs() : "result-" + task.id();
        int backups = Math.min(1, Workers.of(ignite).size() - 1);
        DatasetInfo output = outputs.begin(name, task.id(), PartitionStrategy.SIZE, backups);
        OutputWriter writer = new OutputWriter(ignite, output, 0, -1);
        byte[] bytes = (json + "\n").getBytes(StandardCharsets.UTF_8);
        writer.write(bytes, 0, bytes.length);
        List<ChunkRow> rows = new ArrayList<>(writer.store());
        boolean keep = json.length() <= AttemptRunner.LARGEST_RESULT;
        Map<String, Object> pointer = Map.of("dataset", name, "sizeBytes", bytes.length);
        return new AttemptRunner.Outcome(keep ? json : ResultJson.write(pointer), outputs.complete(output, rows));
    }
}
