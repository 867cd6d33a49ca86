package org.virtugrid.control.coordinator;

import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmRecord;

/**
 * A VM's record and what its driver saw of it.
 *
 * @param busy an action on it is under way, so nothing else may begin
 */
public record VmObservation(VmRecord record, VmProbe probe, boolean busy) {}
