package org.virtugrid.cli.command;

import java.time.Duration;
import java.util.List;
import org.virtugrid.api.CheckView;
import org.virtugrid.api.ChunkView;
import org.virtugrid.api.DatasetView;
import org.virtugrid.api.TaskView;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.failure.ExitCode;
import org.virtugrid.cli.format.ByteSize;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.format.Table;
import org.virtugrid.cli.format.TimeSpan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Datasets. */
@Command(
        name = "dataset",
        description = "Datasets: put, get, list, show, delete, chunks, check.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DatasetPutCommand.class,
            DatasetGetCommand.class,
            DatasetCommand.ListDatasets.class,
            DatasetCommand.Show.class,
            DatasetCommand.Delete.class,
            DatasetCommand.Chunks.class,
            DatasetCommand.Check.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  virtugrid dataset put books 'my books.txt'",
            "  zcat log.gz | virtugrid dataset put log - --strategy lines",
            "  virtugrid dataset check books --repair"
        })
final class DatasetCommand {

    @Command(name = "list", description = "List all datasets.")
    static final class ListDatasets extends Action {
        @Override
        public Integer call() {
            JsonNode datasets = call(Request.get("/api/datasets"));
            output().data(datasets, () -> table(datasets));
            return done();
        }

        private static String table(JsonNode datasets) {
            Table table = new Table("NAME", "STATE", "SIZE", "CHUNKS", "BACKUPS", "STRATEGY", "CREATED", "SHA-256");
            for (DatasetView dataset : Json.read(datasets, DatasetView[].class)) {
                String sum = dataset.sha256();
                table.row(
                        dataset.datasetId(),
                        dataset.state(),
                        ByteSize.human(dataset.sizeBytes()),
                        dataset.chunks(),
                        dataset.backups(),
                        dataset.strategy(),
                        TimeSpan.local(dataset.createdAt()),
                        sum == null || sum.length() < 12 ? sum : sum.substring(0, 12) + "...");
            }
            return table.isEmpty()
                    ? "There are no datasets; make one with: virtugrid dataset put NAME FILE"
                    : table.toString();
        }
    }

    @Command(name = "show", description = "Show one dataset.")
    static final class Show extends Action {
        @Parameters(paramLabel = "NAME", description = "Name of the dataset.")
        private String name;

        @Override
        public Integer call() {
            JsonNode dataset = call(Request.get("/api/datasets", name));
            output().data(dataset, () -> details(Json.read(dataset, DatasetView.class)));
            return done();
        }
    }

    @Command(
            name = "delete",
            description = "Delete a dataset and free its space.",
            footerHeading = "%nExamples:%n",
            footer = "  virtugrid dataset delete books --yes")
    static final class Delete extends Action {
        @Parameters(paramLabel = "NAME", description = "Name of the dataset.")
        private String name;

        @Option(names = "--yes", description = "Don't ask.")
        private boolean yes;

        @Override
        public Integer call() {
            GridClient client = client();
            JsonNode dataset = client.call(Request.get("/api/datasets", name));
            String size = ByteSize.human(dataset.path("sizeBytes").asDouble(0));
            session().confirmation().yesNo(yes, "Delete the dataset " + name + " (" + size + ")?");
            client.call(Request.delete("/api/datasets", name).patience(Duration.ofMinutes(5)));
            output().data(dataset, () -> "Deleted " + name + " (" + size + ")");
            return done();
        }
    }

    @Command(name = "chunks", description = "Show where every copy of every chunk lies.")
    static final class Chunks extends Action {
        @Parameters(paramLabel = "NAME", description = "Name of the dataset.")
        private String name;

        @Override
        public Integer call() {
            JsonNode chunks = call(Request.get("/api/datasets", name, "chunks"));
            output().data(chunks, () -> table(chunks));
            return done();
        }

        private static String table(JsonNode chunks) {
            Table table = new Table("INDEX", "CHUNK", "SIZE", "CHECKSUM", "ORIGINAL", "REPLICAS", "LIVE");
            for (ChunkView chunk : Json.read(chunks, ChunkView[].class)) {
                List<String> replicas = chunk.replicaVmIds() == null ? List.of() : chunk.replicaVmIds();
                table.row(
                        chunk.index(),
                        chunk.chunkId(),
                        ByteSize.human(chunk.sizeBytes()),
                        chunk.checksum(),
                        chunk.originalVmId() == null ? "LOST" : chunk.originalVmId(),
                        String.join(",", replicas),
                        chunk.live());
            }
            return table.isEmpty() ? "It has no chunks" : table.toString();
        }
    }

    @Command(
            name = "check",
            description =
                    "Compare every copy of every chunk by checksum; exit code 1 when not all are as they should be.",
            footerHeading = "%nExamples:%n",
            footer = "  virtugrid dataset check books --repair")
    static final class Check extends Action {
        @Parameters(paramLabel = "NAME", description = "Name of the dataset.")
        private String name;

        @Option(names = "--repair", description = "Mend what another copy allows to mend.")
        private boolean repair;

        @Override
        public Integer call() {
            GridClient client = client();
            JsonNode task =
                    client.call(Request.post("/api/datasets", name, "check").with("repair", repair));
            TaskWait wait = new TaskWait(client, session());
            JsonNode ended = wait.untilEnded(task, null);
            if (!ended.path("state").asString("").equals("SUCCEEDED")) {
                throw TaskOutput.failure(Json.read(ended, TaskView.class));
            }
            JsonNode result = ended.path("result");
            CheckView check = Json.read(result, CheckView.class);
            output().data(result, () -> table(check));
            return check.consistent() ? ExitCode.DONE : ExitCode.FAILED;
        }

        private static String table(CheckView check) {
            return (check.consistent() ? "Every copy is as it should be\n" : "NOT every copy is as it should be\n")
                    + new Table("", "")
                            .row("chunks", check.chunks())
                            .row("copies", check.copies())
                            .row("missing", check.missing())
                            .row("different", check.different())
                            .row("lost", check.lost())
                            .row("repaired", check.repaired());
        }
    }

    private DatasetCommand() {}

    static String details(DatasetView dataset) {
        List<Integer> lost = dataset.lostChunks() == null ? List.of() : dataset.lostChunks();
        Table table = new Table("", "")
                .row("name", dataset.datasetId())
                .row("state", dataset.state())
                .row("size", ByteSize.human(dataset.sizeBytes()) + " (" + dataset.sizeBytes() + " bytes)")
                .row("chunks", dataset.chunks() + " of about " + ByteSize.human(dataset.chunkSizeBytes()))
                .row("backups", dataset.backups())
                .row("strategy", dataset.strategy())
                .row("sha256", dataset.sha256())
                .row("upload took", TimeSpan.human(dataset.seconds()))
                .row("created", TimeSpan.local(dataset.createdAt()));
        if (dataset.producedBy() != null) {
            table.row("made by task", dataset.producedBy());
        }
        if (!lost.isEmpty()) {
            table.row("LOST chunks", lost.toString());
        }
        return table.toString();
    }

    /** Tells an ordinary name from one that no dataset can have, before anything is sent. */
    static String name(String given) {
        return Names.fresh("dataset", given);
    }
}
