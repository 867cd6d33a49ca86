package org.virtugrid.api;

import java.util.List;
import java.util.Map;

/**
 * The platform as one machine.
 *
 * @param state STARTING, READY, DEGRADED or STOPPED
 * @param reason why it is not READY, one sentence, else null
 * @param stage what a start is doing now, for progress, else null
 * @param datasetsWithLoss names of datasets that declare lost chunks
 * @param ports what listens where on loopback: http, thin and the inner ones
 * @param control the control nodes, as the one that answers knows them
 */
public record StatusView(
        String state,
        String reason,
        String stage,
        String version,
        String url,
        Vms vms,
        Resources resources,
        Tasks tasks,
        int datasets,
        List<String> datasetsWithLoss,
        Map<String, Integer> ports,
        List<Control> control) {

    /** How many VMs are wanted, and how many of them are READY. */
    public record Vms(int total, int ready) {}

    /**
     * A control node.
     *
     * @param url where its REST is, null while that is not known
     * @param leader it is the one that acts
     * @param joined its node is in the grid
     */
    public record Control(String id, String url, boolean leader, boolean joined) {}

    /** What all READY VMs have together. */
    public record Resources(Cpus cpus, Amount memoryBytes, Amount gpus) {}

    /** Processors, of which a part may be free. */
    public record Cpus(long total, double free) {}

    /** Total and free amount of a resource that is counted. */
    public record Amount(long total, long free) {}

    /** How many tasks are in each state. */
    public record Tasks(long queued, long running, long succeeded, long failed, long cancelled) {}
}
