package org.virtugrid.cli.command;

import java.util.concurrent.Callable;
import org.virtugrid.api.Preview;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.console.Output;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.failure.ExitCode;
import org.virtugrid.cli.format.Json;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** A command that does something. */
abstract class Action implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    final CommandSpec spec() {
        return spec;
    }

    final Session session() {
        return ((SessionSource) spec.root().userObject()).session();
    }

    final GridClient client() {
        return session().client();
    }

    final Output output() {
        return session().output();
    }

    final JsonNode call(Request request) {
        return client().call(request);
    }

    /** Fails on an option or argument that makes no sense, with the same words as for any other wrong use. */
    static CliException wrong(String message) {
        return CliException.wrongInput(message);
    }

    /** Shows what something would do; refused counts as a failure of its own kind. */
    final int preview(JsonNode preview) {
        output().data(preview, () -> PreviewTable.of(Json.read(preview, Preview.class)));
        return preview.path("allowed").asBoolean() ? ExitCode.DONE : ExitCode.REFUSED;
    }

    static int done() {
        return ExitCode.DONE;
    }
}
