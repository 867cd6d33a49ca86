package org.virtugrid.cli.command;

import java.util.Locale;
import java.util.Set;
import org.virtugrid.api.TaskView;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.failure.ExitCode;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.format.Table;
import org.virtugrid.cli.format.TimeSpan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Tasks. */
@Command(
        name = "task",
        description = "Tasks: list, show, wait, watch, cancel, retry, summary.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            TaskCommand.ListTasks.class,
            TaskCommand.Show.class,
            TaskCommand.Wait.class,
            TaskCommand.Cancel.class,
            TaskCommand.Retry.class,
            TaskCommand.Summary.class
        },
        footerHeading = "%nExamples:%n",
        footer = {"  virtugrid task list --state failed", "  virtugrid task watch ID", "  virtugrid task cancel ID"})
final class TaskCommand {
    private static final Set<String> STATES = Set.of("QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED");

    @Command(
            name = "list",
            description = "List tasks, the newest first.",
            footerHeading = "%nExamples:%n",
            footer = {"  virtugrid task list --state failed --from 1d", "  virtugrid task list --search books"})
    static final class ListTasks extends Action {
        @Option(
                names = "--state",
                paramLabel = "STATE",
                description = "Only those: queued, running, succeeded, failed, cancelled.")
        private String state;

        @Option(names = "--type", paramLabel = "TYPE", description = "Only those of this type.")
        private String type;

        @Option(names = "--search", paramLabel = "TEXT", description = "Only those that mention this.")
        private String search;

        @Option(names = "--from", paramLabel = "TIME", description = "Made since: 1h (ago), or an ISO-8601 time.")
        private String from;

        @Option(names = "--to", paramLabel = "TIME", description = "Made until then.")
        private String to;

        @Option(names = "--limit", paramLabel = "N", description = "At most so many (100 unless given).")
        private Integer limit;

        @Override
        public Integer call() {
            String wanted = state == null ? null : state.toUpperCase(Locale.ROOT);
            if (wanted != null && !STATES.contains(wanted)) {
                throw wrong(
                        "--state " + state + " is not known; there are queued, running, succeeded, failed, cancelled");
            }
            JsonNode tasks = call(Request.get("/api/tasks")
                    .with("state", wanted)
                    .with("type", type)
                    .with("search", search)
                    .with("from", time("--from", from))
                    .with("to", time("--to", to))
                    .with("limit", limit));
            output().data(tasks, () -> TaskOutput.list(tasks));
            return done();
        }

        private String time(String option, String given) {
            try {
                return given == null
                        ? null
                        : TimeSpan.parseSince(given, session().console().clock())
                                .toString();
            } catch (IllegalArgumentException e) {
                throw wrong(option + ": " + e.getMessage());
            }
        }
    }

    @Command(name = "show", description = "Show one task with its history and result.")
    static final class Show extends Action {
        @Parameters(paramLabel = "ID", description = "Id of the task.")
        private String id;

        @Override
        public Integer call() {
            JsonNode task = call(Request.get("/api/tasks", id));
            output().data(task, () -> TaskOutput.details(task));
            return done();
        }
    }

    @Command(
            name = "wait",
            aliases = {"watch", "progress"},
            description = "Watch a task until it has ended; exit code 1 unless it succeeded.")
    static final class Wait extends Action {
        @Parameters(paramLabel = "ID", description = "Id of the task.")
        private String id;

        @Option(names = "--timeout", paramLabel = "TIME", description = "Give up after this time; the task goes on.")
        private TimeSpan timeout;

        @Override
        public Integer call() {
            GridClient client = client();
            JsonNode task = client.call(Request.get("/api/tasks", id));
            return print(
                    this,
                    new TaskWait(client, session()).untilEnded(task, timeout == null ? null : timeout.duration()));
        }
    }

    @Command(name = "cancel", description = "Cancel a task and wait until it has ended.")
    static final class Cancel extends Action {
        @Parameters(paramLabel = "ID", description = "Id of the task.")
        private String id;

        @Override
        public Integer call() {
            GridClient client = client();
            JsonNode task = client.call(Request.post("/api/tasks", id, "cancel"));
            JsonNode ended = new TaskWait(client, session()).untilEnded(task, null);
            output().data(ended, () -> TaskOutput.ended(ended, output().quiet()));
            boolean cancelled = ended.path("state").asString("").equals("CANCELLED");
            if (!cancelled) {
                output().warning("the task had ended before it could be cancelled");
            }
            return cancelled ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    @Command(name = "retry", description = "Run a task again that failed or was cancelled.")
    static final class Retry extends Action {
        @Parameters(paramLabel = "ID", description = "Id of the task.")
        private String id;

        @Option(names = "--wait", description = "Wait until it has ended, as task wait does.")
        private boolean wait;

        @Override
        public Integer call() {
            GridClient client = client();
            JsonNode task = client.call(Request.post("/api/tasks", id, "retry"));
            if (wait) {
                return print(this, new TaskWait(client, session()).untilEnded(task, null));
            }
            output().data(
                            task,
                            () -> "Task " + task.path("taskId").asString(id) + " runs again; watch it: "
                                    + "virtugrid task watch "
                                    + task.path("taskId").asString(id));
            return done();
        }
    }

    @Command(name = "summary", description = "Show numbers, success rates and times for every type of task.")
    static final class Summary extends Action {
        @Override
        public Integer call() {
            JsonNode summary = call(Request.get("/api/tasks/summary"));
            output().data(summary, () -> table(summary));
            return done();
        }

        private static String table(JsonNode summary) {
            Table table = new Table("TYPE", "TOTAL", "SUCCEEDED", "FAILED", "SUCCESS", "MEAN TIME");
            for (JsonNode type : summary) {
                JsonNode rate = type.path("successRate");
                JsonNode mean = type.path("meanSeconds");
                table.row(
                        type.path("type").asString(""),
                        type.path("total").asLong(0),
                        type.path("succeeded").asLong(0),
                        type.path("failed").asLong(0),
                        rate.isNumber() ? Math.round(100 * rate.doubleValue()) + " %" : null,
                        mean.isNumber() ? TimeSpan.human(mean.doubleValue()) : null);
            }
            return table.isEmpty() ? "There were no tasks" : table.toString();
        }
    }

    private TaskCommand() {}

    /** Prints a task that has ended, and tells on stderr what went wrong with it. */
    static int print(Action action, JsonNode ended) {
        action.output()
                .data(ended, () -> TaskOutput.ended(ended, action.output().quiet()));
        TaskView view = Json.read(ended, TaskView.class);
        if (view.state().equals("SUCCEEDED")) {
            return ExitCode.DONE;
        }
        action.output().warning(TaskOutput.failure(view).getMessage());
        return ExitCode.FAILED;
    }
}
