package org.virtugrid.grid.compute;

import java.io.Serializable;

/** How a unit is, as its worker answers. */
final class UnitStatus implements Serializable {
    private static final long serialVersionUID = 1L;

    /** What has become of it. */
    enum Outcome {
        /** At work. */
        RUNNING,
        /** Its result is in the answer. */
        SUCCEEDED,
        /** Another worker can do it. */
        MOVED,
        /** Something unexpected; another try may help. */
        FAILED,
        /** The input or a parameter is wrong; no other try helps. */
        INVALID
    }

    private final Outcome outcome;
    private final double progress;
    private final byte[] result;
    private final String message;

    private UnitStatus(Outcome outcome, double progress, byte[] result, String message) {
        this.outcome = outcome;
        this.progress = progress;
        this.result = result;
        this.message = message;
    }

    static UnitStatus running(double progress) {
        return new UnitStatus(Outcome.RUNNING, progress, null, null);
    }

    static UnitStatus succeeded(byte[] result) {
        return new UnitStatus(Outcome.SUCCEEDED, 1, result, null);
    }

    static UnitStatus moved(String why) {
        return new UnitStatus(Outcome.MOVED, 0, null, why);
    }

    static UnitStatus failed(String why) {
        return new UnitStatus(Outcome.FAILED, 0, null, why);
    }

    static UnitStatus invalid(String why) {
        return new UnitStatus(Outcome.INVALID, 0, null, why);
    }

    Outcome outcome() {
        return outcome;
    }

    double progress() {
        return progress;
    }

    byte[] result() {
        return result;
    }

    String message() {
        return message;
    }
}
