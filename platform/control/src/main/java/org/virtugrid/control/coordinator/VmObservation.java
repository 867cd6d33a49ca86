package org.virtugrid.control.coordinator;

import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmRecord;

/**
 * A VM's record and what its driver saw of it.
 *
 * @param busy an action on it is under way, so nothing else may begin
 * @param behind its database is older than another's, so that it is not started before the grid is active; asked only
 *     while the grid is not, and another VM is suspect
 */
public record VmObservation(VmRecord record, VmProbe probe, boolean busy, boolean behind) {

    /** One that is not behind. */
    VmObservation(VmRecord record, VmProbe probe, boolean busy) {
        this(record, probe, busy, false);
    }
}
