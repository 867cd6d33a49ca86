package org.virtugrid.cli.command;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.virtugrid.api.TaskView;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.failure.ExitCode;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.format.Table;
import org.virtugrid.cli.format.TimeSpan;
import tools.jackson.databind.JsonNode;

/** How a task and its result look to people. */
final class TaskOutput {
    private static final String NOTHING = "(nothing)";

    private TaskOutput() {}

    /** One line about the task, then its result; that alone for those who want it quiet. */
    static String ended(JsonNode task, boolean quiet) {
        TaskView view = Json.read(task, TaskView.class);
        if (quiet) {
            return view.state().equals("SUCCEEDED") ? result(task.path("result")) : "";
        }
        String text = "Task " + view.taskId() + ": " + name(view) + " " + view.state() + took(view);
        return view.state().equals("SUCCEEDED") ? text + "\n" + result(task.path("result")) : text;
    }

    static String details(JsonNode task) {
        TaskView view = Json.read(task, TaskView.class);
        Table table = new Table("", "")
                .row("id", view.taskId())
                .row("type", name(view))
                .row("state", view.state())
                .row("progress", percent(view.progress()))
                .row("attempts", view.attempts())
                .row("VMs", String.join(", ", view.vmIds() == null ? List.of() : view.vmIds()))
                .row("dataset", view.dataset())
                .row(
                        "parameters",
                        view.parameters() == null ? null : view.parameters().toString())
                .row("created", TimeSpan.local(view.createdAt()))
                .row("started", TimeSpan.local(view.startedAt()))
                .row("finished", TimeSpan.local(view.finishedAt()));
        if (view.error() != null) {
            table.row("error", view.error());
        }
        StringBuilder text = new StringBuilder(table.toString());
        if (view.history() != null && !view.history().isEmpty()) {
            Table history = new Table("TIME", "EVENT", "VM", "DETAIL");
            view.history()
                    .forEach(
                            step -> history.row(TimeSpan.local(step.time()), step.event(), step.vmId(), step.detail()));
            text.append('\n').append(history);
        }
        if (view.result() != null) {
            text.append("\nResult:\n").append(result(task.path("result")));
        }
        return text.toString();
    }

    static String list(JsonNode tasks) {
        Table table = new Table("ID", "TYPE", "STATE", "PROGRESS", "ATTEMPTS", "DATASET", "CREATED", "TOOK", "ERROR");
        for (TaskView task : Json.read(tasks, TaskView[].class)) {
            table.row(
                    task.taskId(),
                    name(task),
                    task.state(),
                    percent(task.progress()),
                    task.attempts(),
                    task.dataset(),
                    TimeSpan.local(task.createdAt()),
                    task.startedAt() == null ? null : TimeSpan.human(seconds(task)),
                    task.error() == null ? "" : shortened(task.error()));
        }
        return table.isEmpty() ? "There are no such tasks" : table.toString();
    }

    /** What to tell about a task that did not succeed. */
    static CliException failure(TaskView task) {
        String why = task.error() == null ? "" : ": " + Table.printable(task.error());
        return new CliException(
                ExitCode.FAILED, "task " + task.taskId() + " " + task.state().toLowerCase(Locale.ROOT) + why);
    }

    /** Any JSON as text: a value as itself, objects in rows as a table. */
    static String result(JsonNode result) {
        if (result.isMissingNode() || result.isNull()) {
            return NOTHING;
        }
        if (result.isArray()) {
            return array(result);
        }
        return result.isObject() ? object(result) : scalar(result);
    }

    private static String array(JsonNode array) {
        if (array.isEmpty()) {
            return NOTHING;
        }
        Set<String> columns = new LinkedHashSet<>();
        boolean rows = true;
        for (JsonNode element : array) {
            rows &= element.isObject();
            element.properties().forEach(property -> columns.add(property.getKey()));
        }
        if (!rows) {
            StringBuilder text = new StringBuilder();
            array.forEach(element -> text.append(scalar(element)).append('\n'));
            return text.toString();
        }
        Table table = new Table(
                columns.stream().map(name -> name.toUpperCase(Locale.ROOT)).toArray(String[]::new));
        for (JsonNode element : array) {
            List<String> cells = new ArrayList<>();
            columns.forEach(column -> cells.add(scalar(element.path(column))));
            table.row(cells.toArray());
        }
        return table.toString();
    }

    private static String object(JsonNode object) {
        Table values = new Table("", "");
        StringBuilder tables = new StringBuilder();
        object.properties().forEach(property -> {
            JsonNode value = property.getValue();
            if (value.isArray() && !value.isEmpty() && value.get(0).isObject()) {
                tables.append('\n').append(array(value));
            } else {
                values.row(property.getKey(), scalar(value));
            }
        });
        return values + tables.toString();
    }

    private static String scalar(JsonNode value) {
        return value.isString() ? Table.printable(value.stringValue()) : value.isMissingNode() ? "-" : Json.line(value);
    }

    private static String name(TaskView task) {
        return task.operation() == null || task.operation().isBlank() ? task.type() : task.operation();
    }

    private static String took(TaskView task) {
        return task.startedAt() == null
                ? ""
                : " in " + TimeSpan.human(seconds(task))
                        + (task.attempts() > 1 ? " and " + task.attempts() + " attempts" : "");
    }

    private static double seconds(TaskView task) {
        Instant end = task.finishedAt() == null ? Instant.now() : task.finishedAt();
        return Duration.between(task.startedAt(), end).toMillis() / 1e3;
    }

    private static String percent(double share) {
        return Math.round(100 * share) + " %";
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
