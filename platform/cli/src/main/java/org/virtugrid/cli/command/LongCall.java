package org.virtugrid.cli.command;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.console.Pause;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.TimeSpan;
import tools.jackson.databind.JsonNode;

/** A call whose answer comes when something has been done, with progress meanwhile. */
final class LongCall {
    private LongCall() {}

    /**
     * Waits for the answer.
     *
     * @param stage how far it is; asked a few times a second
     */
    static JsonNode of(Session session, Request request, TimeSpan timeout, Supplier<String> stage) {
        GridClient client = session.client();
        CompletableFuture<JsonNode> answer =
                CompletableFuture.supplyAsync(() -> client.call(request), LongCall::inBackground);
        try (Progress progress = session.progress()) {
            while (!answer.isDone()) {
                if (progress.elapsedSeconds() > timeout.duration().toMillis() / 1e3) {
                    throw CliException.failed("not done after "
                            + TimeSpan.human(timeout.duration().toSeconds()) + " (" + stage.get()
                            + "); it goes on, look with: virtugrid status, virtugrid vm list");
                }
                Pause.millis(50);
                if (progress.elapsedSeconds() > 0.5) {
                    progress.stage(stage.get());
                    Pause.millis(200);
                }
            }
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof CliException known) {
                throw known;
            }
            throw e;
        }
    }

    private static void inBackground(Runnable work) {
        Thread thread = new Thread(work, "long-call");
        thread.setDaemon(true);
        thread.start();
    }
}
