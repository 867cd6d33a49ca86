package org.virtugrid.control.coordinator;

import java.util.List;
import org.virtugrid.api.GpuView;
import org.virtugrid.api.HostView;
import org.virtugrid.api.Preview;
import org.virtugrid.api.VmActionResult;

/**
 * The machines that VMs live on, as users see and steer them. Safe for use by several threads. Fails with
 * {@link org.virtugrid.grid.fault.GridException}: INVALID, NOT_FOUND, REFUSED (last copy, nowhere to go), UNAVAILABLE.
 */
public interface HostService {

    /** All hosts by name. */
    List<HostView> hosts();

    /** The GPUs of all hosts, and who has them; asks the hosts. */
    List<GpuView> gpus();

    /**
     * Brings a VM to another host; does nothing when it is there. REFUSED while it holds the only copy of anything.
     *
     * @param wait whether to return only when it is there, or could not be moved
     */
    VmActionResult migrate(String vmIdOrName, String host, boolean wait);

    /** What {@link #migrate} would do. */
    Preview previewMigrate(String vmIdOrName, String host);

    /**
     * Begins a host's maintenance: no VM is put on it any more, and those that it has go elsewhere, one at a time, each as
     * soon as every copy of everything is there. Returns at once. REFUSED when there is no host to go to.
     */
    HostView drain(String host);

    /** What {@link #drain} would do. */
    Preview previewDrain(String host);

    /** Ends a host's maintenance; what has left does not come back by itself. */
    HostView resume(String host);
}
