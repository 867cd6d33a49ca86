package org.virtugrid.control.coordinator;

import java.util.List;
import org.virtugrid.api.Preview;
import org.virtugrid.api.VmActionResult;
import org.virtugrid.api.VmActions;
import org.virtugrid.api.VmCreate;
import org.virtugrid.api.VmView;

/**
 * The VMs of the platform as users see and steer them. Safe for use by several threads. Fails with
 * {@link org.virtugrid.grid.fault.GridException}: INVALID, NOT_FOUND, REFUSED (last copy), UNAVAILABLE.
 */
public interface VmService {

    /** All VMs, by name. */
    List<VmView> list();

    /** The VM by its id or name. */
    VmView find(String idOrName);

    /** Defines a VM and starts it; returns at once, in state STARTING. The same name with the same sizes changes nothing. */
    VmView create(VmCreate request);

    /**
     * Starts, stops, restarts or destroys VMs. With several, the last-copy question is asked for all of them together
     * before the first is touched; REFUSED then touches none and says what they hold.
     *
     * @param wait whether to return only when each is where the action leads, or its deadline has passed
     */
    List<VmActionResult> act(VmActions request, boolean wait);

    /** What {@link #act} would do with the request. */
    Preview preview(VmActions request);
}
