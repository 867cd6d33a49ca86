package org.virtugrid.control.coordinator;

import java.util.List;
import org.virtugrid.control.vm.VmHost;

/**
 * Everything a decision is made from. The probes were made after the grid was looked at: a node that is out of this
 * topology while its process is in these probes has truly outlived its membership.
 *
 * @param nowMillis monotonic, from any origin that stays the same while control lives
 * @param gridBusy an action on the grid is under way
 * @param pausedMillis how long the coordinator itself had stood still before this observation
 * @param hosts the machines that VMs live on; empty where that is this machine alone
 */
public record Observation(
        long nowMillis,
        List<VmObservation> vms,
        GridSnapshot grid,
        boolean gridBusy,
        long pausedMillis,
        List<VmHost> hosts) {

    /** On this machine alone. */
    public Observation(
            long nowMillis, List<VmObservation> vms, GridSnapshot grid, boolean gridBusy, long pausedMillis) {
        this(nowMillis, vms, grid, gridBusy, pausedMillis, List.of());
    }

    /** The same with another view of the grid. */
    Observation with(GridSnapshot other) {
        return new Observation(nowMillis, vms, other, gridBusy, pausedMillis, hosts);
    }
}
