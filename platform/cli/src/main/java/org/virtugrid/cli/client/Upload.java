package org.virtugrid.cli.client;

import java.io.IOException;
import java.io.InputStream;
import org.virtugrid.cli.failure.CliException;
import tools.jackson.databind.JsonNode;

/** Sends bytes of any number to the grid without holding them, and checks that the grid got the same ones. */
public final class Upload {
    private final GridClient client;
    private final BlockPump.Listener listener;

    /** The connection broke off before the grid had everything; what it stored safely can be continued. */
    public static final class BrokenOffException extends CliException {
        private static final long serialVersionUID = 1;

        BrokenOffException(String message, Throwable cause) {
            super(1, message, cause);
        }
    }

    public Upload(GridClient client, BlockPump.Listener listener) {
        this.client = client;
        this.listener = listener;
    }

    /**
     * Sends the rest of the input.
     *
     * @param pump has seen what was skipped, so that its digest covers everything
     * @param length bytes that are still to come, below zero when nobody knows
     */
    public JsonNode send(Request request, InputStream in, long length, BlockPump pump) {
        try (HttpWire wire = connect()) {
            HttpWire.Answer answer =
                    wire.begin(request.method(), client.address(), request.target(), client.token(), length);
            if (answer == null) {
                answer = sendBody(wire, in, length, pump);
            }
            if (answer.status() >= 300) {
                throw ApiException.of(answer.status(), answer.body());
            }
            JsonNode dataset = GridClient.parse(answer.body());
            requireSame(pump.digestSoFar(), dataset.path("sha256").asString(""));
            return dataset;
        } catch (IOException e) {
            throw new BrokenOffException("the upload broke off (" + GridClient.reason(e) + ")", e);
        }
    }

    private HttpWire connect() {
        try {
            return new HttpWire(client.address());
        } catch (IOException e) {
            throw client.unreachable(e);
        }
    }

    private HttpWire.Answer sendBody(HttpWire wire, InputStream in, long length, BlockPump pump) throws IOException {
        try {
            long sent = pump.pump(
                    in, (bytes, count) -> write(wire, bytes, count), length < 0 ? Long.MAX_VALUE : length, listener);
            if (length >= 0 && sent < length) {
                throw CliException.failed("the file became shorter while it was sent: nothing was stored");
            }
            wire.end();
            return wire.answer();
        } catch (SendFailedException e) {
            // A grid that refuses an upload closes the connection, but its reason may have arrived before
            HttpWire.Answer answer = wire.answerIfThere();
            if (answer == null) {
                throw e;
            }
            return answer;
        }
    }

    private static void write(HttpWire wire, byte[] bytes, int count) throws IOException {
        try {
            HttpWire.Answer early = wire.earlyAnswer();
            if (early != null) {
                throw ApiException.of(early.status(), early.body());
            }
            wire.write(bytes, count);
        } catch (IOException e) {
            throw new SendFailedException(e);
        }
    }

    private static void requireSame(String sent, String stored) {
        if (!sent.equals(stored)) {
            throw CliException.failed("what the grid stored (SHA-256 " + stored + ") is not what was sent (" + sent
                    + "): the input changed meanwhile, or it was damaged on the way; put it again");
        }
    }

    /** Tells a failure of the connection from one of the input. */
    private static final class SendFailedException extends IOException {
        private static final long serialVersionUID = 1;

        SendFailedException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** The JSON of an upload that broke off, null when there is none. */
    public static JsonNode unfinished(GridClient client, String dataset) {
        try {
            return client.call(Request.get("/api/datasets", dataset, "upload"));
        } catch (ApiException e) {
            if (e.status() == 404) {
                return null;
            }
            throw e;
        }
    }

    /** Whether the error leaves an upload that can be continued; after an error of the grid only it can tell. */
    public static boolean canContinue(GridClient client, String dataset, CliException e) {
        if (e instanceof ApiException api && api.status() >= 500) {
            try {
                return unfinished(client, dataset) != null;
            } catch (CliException notNow) {
                return false;
            }
        }
        return e instanceof BrokenOffException;
    }
}
