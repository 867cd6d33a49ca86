package org.virtugrid.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import org.virtugrid.api.ProcessRequest;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.format.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Runs work on the grid. */
@Command(
        name = "run",
        description = "Run work on the grid: process.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = RunCommand.ProcessData.class,
        footerHeading = "%nExamples:%n",
        footer = "  virtugrid run process --operation word-count --dataset books")
final class RunCommand {

    /** The operations, for completion; which there are is the grid's to say. */
    static final class Operations implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of(
                            "sort",
                            "count",
                            "sum",
                            "min",
                            "max",
                            "mean",
                            "distinct",
                            "top-k",
                            "histogram",
                            "filter",
                            "word-count")
                    .iterator();
        }
    }

    @Command(
            name = "process",
            description = "Process a dataset where it lies, or data given here.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  virtugrid run process --operation word-count --dataset books --param top=10",
                "  virtugrid run process --operation sort --dataset books --save-as books-sorted",
                "  virtugrid run process --operation sum --dataset sales --param column=3 --param delimiter=tab",
                "  virtugrid run process --operation sort --input '[3,1,2]'",
                "  virtugrid run process --operation max --input @numbers.json --detach"
            })
    static final class ProcessData extends Action {
        @Option(
                names = "--operation",
                required = true,
                paramLabel = "OP",
                completionCandidates = Operations.class,
                description = "One of ${COMPLETION-CANDIDATES}.")
        private String operation;

        @Option(names = "--dataset", paramLabel = "NAME", description = "The dataset to process.")
        private String dataset;

        @Option(
                names = "--input",
                paramLabel = "JSON",
                description = "Or a JSON array, @FILE, or - for standard input.")
        private String input;

        @Option(
                names = "--param",
                paramLabel = "KEY=VALUE",
                description = "A parameter of the operation; may be given several times.")
        private List<String> parameters = List.of();

        @Option(names = "--save-as", paramLabel = "DATASET", description = "Store the output as this dataset.")
        private String saveAs;

        @Option(names = "--detach", description = "Return at once and let the task run.")
        private boolean detach;

        @Override
        public Integer call() {
            if ((dataset == null) == (input == null)) {
                throw wrong("give what to process: either --dataset NAME or --input JSON");
            }
            if (saveAs != null) {
                DatasetCommand.name(saveAs);
            }
            ProcessRequest request = new ProcessRequest(
                    input == null ? null : array(),
                    dataset,
                    operation,
                    new LinkedHashMap<>(Names.pairs("--param", parameters)),
                    saveAs);
            GridClient client = client();
            JsonNode task = client.call(Request.post("/api/super-vm/process").body(Json.toTree(request)));
            if (detach) {
                String id = task.path("taskId").asString("");
                output().data(task, () -> "Task " + id + " runs; watch it: virtugrid task watch " + id);
                return done();
            }
            return TaskCommand.print(this, new TaskWait(client, session()).untilEnded(task, null));
        }

        private JsonNode array() {
            JsonNode parsed = Json.parseInput(text(), "--input");
            if (!parsed.isArray()) {
                throw wrong("--input must be a JSON array, such as [3,1,2]");
            }
            return parsed;
        }

        private String text() {
            try {
                if (input.equals("-")) {
                    return new String(session().console().in().readAllBytes(), StandardCharsets.UTF_8);
                }
                return input.startsWith("@") ? Files.readString(Path.of(input.substring(1))) : input;
            } catch (IOException e) {
                throw wrong("--input " + input + " cannot be read: " + e.getMessage());
            }
        }
    }

    private RunCommand() {}
}
