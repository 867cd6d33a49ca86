package org.virtugrid.control.vm;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes, starts, stops and destroys VMs, and keeps their records where the next control process finds them.
 *
 * <p>Safe for use by several threads; calls on one VM wait for one another. Every change is idempotent: repeating a call
 * that was cut short finishes it. Unless said otherwise a call fails with {@link VmDriverException}. One control process
 * at most uses a driver on the same VMs; VMs outlive it.
 */
public interface VmDriver {

    /** The driver's name, as settings and users say it. */
    String name();

    /** All VMs by name, those included that are being destroyed. Does not block on any VM. */
    List<VmRecord> list();

    /**
     * Records a new VM, wanted RUNNING. On return the record is durable and holds an identity and addresses that no other
     * VM has; nothing runs yet. FAILED when the name is taken or there is no room.
     */
    VmRecord define(VmSpec spec);

    /** Records what is wanted of the VM; durable on return. Changes nothing else. */
    void want(String id, Desired desired);

    /**
     * Makes what {@link #probe} says as new as this call, for all VMs whose hosts answer within about a second; those of the
     * others are UNKNOWN from then on. Nothing to do for a driver whose probes look for themselves.
     */
    default void look() {}

    /** The machines that VMs live on, as they were seen last; empty where that is this machine alone. */
    default List<VmHost> hosts() {
        return List.of();
    }

    /** What can be seen of the VM now. Never throws for a VM that is listed, does not wait for the VM. */
    VmProbe probe(String id);

    /**
     * Starts the VM unless it runs already, also when it was started by a control process that died before it could record
     * that. On return it runs and its identity is recorded; its node is still to join. May block for about a second.
     */
    VmProbe start(String id);

    /**
     * Whether the VM's database is older than another's: workers went on after it had left. Such a VM must not be among
     * the first of a cold start, since the grid would then know only the caches that it knows. Reads files only.
     */
    default boolean isBehind(String id) {
        return false;
    }

    /** Gives a VM that does not run the settings of caches that others know and it does not; before a cold start. */
    default void completeCaches(String id) {}

    /** Removes from a VM that does not run what it holds of caches that are not among those of the active grid. */
    default void dropCachesBut(String id, Set<String> existing) {}

    /**
     * Asks the VM to end and kills it when the grace is over, or at once when it is frozen. On return it is known to be
     * gone and counts as stopped on purpose. Blocks for the grace and a little more. OUTCOME_UNKNOWN when it can't be
     * proven that it is gone.
     */
    void stop(String id, Duration grace);

    /** Fences the VM: on return it is known to be gone, also when it was frozen. Else OUTCOME_UNKNOWN. */
    void kill(String id);

    /** Records whether the VM's database is under suspicion ({@link VmRecord#suspect}); durable on return. */
    void suspect(String id, boolean suspect);

    /** Empties the database of a VM that is known to be gone, and lifts the suspicion. FAILED while it runs. */
    void wipe(String id);

    /** Kills the VM if it runs, and removes its record, disk, addresses and limits. No error when it is gone already. */
    void destroy(String id);

    /** Live use of the VM; {@link VmUse#NONE} when it does not run. Does not block. */
    VmUse use(String id);

    /** Calls the listener with a VM's id soon after its process ended, on a thread of the driver's. */
    void onExit(Consumer<String> listener);
}
