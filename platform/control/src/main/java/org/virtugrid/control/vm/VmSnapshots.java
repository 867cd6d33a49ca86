package org.virtugrid.control.vm;

import java.util.List;
import java.util.Optional;

/**
 * Snapshots of VMs' disks, with a driver that has them. They hold no memory, so what goes back to one boots afresh. They
 * lie on the VM's disk: emptying it and destroying the VM takes them along.
 *
 * <p>Same rules as for {@link VmDriver}: safe for use by several threads, idempotent, {@link VmDriverException}.
 */
public interface VmSnapshots {

    /** Those of a VM, oldest first; such as were not finished are not among them. */
    List<VmSnapshot> list(String id);

    /**
     * Takes one of a VM that runs, which goes on meanwhile; the disk is as a power cut would leave it. One of that name that
     * is there already stays and is returned. FAILED when the VM does not run.
     */
    VmSnapshot create(String id, VmSnapshot wanted);

    /**
     * Sets back the disk of a VM that is known to be gone; other snapshots stay, its record too. NOT_FOUND when there is no such
     * snapshot, FAILED when nothing was changed, OUTCOME_UNKNOWN when the disk may be neither the old nor the new one.
     */
    void revert(String id, String name);

    /** Removes a snapshot; no error when there is none. */
    void delete(String id, String name);

    /** The schedule that the operator set; empty when there is none. */
    Optional<SnapshotPlan> plan();
}
