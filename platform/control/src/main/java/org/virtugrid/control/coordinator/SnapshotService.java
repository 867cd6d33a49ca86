package org.virtugrid.control.coordinator;

import java.util.List;
import org.virtugrid.api.SnapshotView;
import org.virtugrid.api.VmActionResult;

/**
 * Snapshots of VMs' disks as users see and steer them; a VM is named by its id or name. Safe for use by several threads.
 * Fails with {@link org.virtugrid.grid.fault.GridException}: INVALID where the driver has no snapshots, NOT_FOUND, REFUSED
 * (last copy, or the disk of then cannot be used any more), UNAVAILABLE.
 */
public interface SnapshotService {

    /** Those of a VM, oldest first. */
    List<SnapshotView> list(String vm);

    /**
     * Takes one of a VM that is READY, which goes on serving. One of that name that is there already stays as it is.
     *
     * @param name null for one made of the time
     */
    SnapshotView create(String vm, String name);

    /**
     * Stops the VM, sets back its disk and starts it again if it is wanted RUNNING; what its disk lacks it then gets from the
     * others. Refused where the VM holds the last copy of anything.
     *
     * @param wait whether to return only when it is READY again, or a deadline has passed
     */
    VmActionResult revert(String vm, String name, boolean wait);

    /** Removes a snapshot. */
    VmActionResult delete(String vm, String name);
}
