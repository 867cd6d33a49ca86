package org.virtugrid.cli.command;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.virtugrid.cli.client.ApiException;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.console.Farewell;
import org.virtugrid.cli.console.Pause;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.failure.ExitCode;
import tools.jackson.databind.JsonNode;

/** Waits for a task with a progress bar; outlives a control process that goes away and comes back. */
final class TaskWait {
    private static final Set<String> ENDED = Set.of("SUCCEEDED", "FAILED", "CANCELLED");
    private static final Duration ABSENCE = Duration.ofSeconds(60);

    private final GridClient client;
    private final Session session;

    TaskWait(GridClient client, Session session) {
        this.client = client;
        this.session = session;
    }

    /** Returns the task once it has ended. No timeout (null) waits for ever; Ctrl-C leaves the task running. */
    JsonNode untilEnded(JsonNode task, Duration timeout) {
        String id = task.path("taskId").asString("");
        Progress progress = session.progress();
        String words = "Task " + id + " goes on. Watch it: virtugrid task watch " + id
                + "; cancel it: virtugrid task cancel " + id;
        Farewell farewell = new Farewell(session.output(), progress, words);
        try {
            return await(task, id, timeout, progress);
        } finally {
            farewell.close();
            progress.close();
        }
    }

    static boolean hasEnded(JsonNode task) {
        return ENDED.contains(task.path("state").asString(""));
    }

    private JsonNode await(JsonNode first, String id, Duration timeout, Progress progress) {
        long began = System.nanoTime();
        long lastSeen = began;
        JsonNode task = first;
        while (!hasEnded(task)) {
            if (timeout != null && System.nanoTime() - began > timeout.toNanos()) {
                throw CliException.failed("task " + id + " is still "
                        + task.path("state").asString("").toLowerCase(Locale.ROOT) + " after " + timeout.toSeconds()
                        + " s; it goes on, watch it: virtugrid task watch " + id);
            }
            show(task, progress);
            try {
                task = client.call(Request.get("/api/tasks", id).with("waitSeconds", 1));
                lastSeen = System.nanoTime();
            } catch (CliException e) {
                requireHope(e, lastSeen, id);
                progress.stage("the grid doesn't answer; waiting for it");
                Pause.millis(500);
            }
        }
        return task;
    }

    private static void requireHope(CliException e, long lastSeen, String id) {
        boolean away = e.exitCode() == ExitCode.NOT_REACHABLE && !(e instanceof ApiException api && api.status() < 500);
        if (!away) {
            throw e;
        }
        if (System.nanoTime() - lastSeen > ABSENCE.toNanos()) {
            throw new CliException(
                    e.exitCode(),
                    e.getMessage() + "; the task is kept: virtugrid up, then virtugrid task wait " + id,
                    e);
        }
    }

    private static void show(JsonNode task, Progress progress) {
        String what = task.path("operation").asString(task.path("type").asString("task"));
        int attempts = task.path("attempts").asInt(0);
        String detail = task.path("state").asString("").toLowerCase(Locale.ROOT)
                + (attempts > 1 ? ", attempt " + attempts : "");
        progress.share(what, task.path("progress").asDouble(0), detail);
    }
}
