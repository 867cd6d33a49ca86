package org.virtugrid.control.coordinator;

import java.util.List;
import java.util.Map;
import org.virtugrid.api.VmState;

/** What the reconciler made of an observation. */
record Decision(
        Memory memory, List<Action> actions, Map<String, VmStatus> vms, Overall overall, List<Finding> findings) {

    /** A VM as users see it. */
    record VmStatus(VmState state, Verdict verdict, String nodeId) {}

    /**
     * The platform as users see it.
     *
     * @param state STARTING, READY or DEGRADED
     * @param reason why it is not READY, or null
     * @param stage what a start is doing, or null
     */
    record Overall(String state, String reason, String stage, int wanted, int ready) {}

    /** News for the log of events. */
    record Finding(String type, String subject, String cause, Map<String, Object> evidence) {}

    static Decision none() {
        return new Decision(
                Memory.FRESH, List.of(), Map.of(), new Overall("STARTING", null, "starting", 0, 0), List.of());
    }
}
