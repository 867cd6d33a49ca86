package org.virtugrid.control.coordinator;

import java.util.Set;

/** Something to be done. Each is idempotent: a decision that still holds gives it again. */
public sealed interface Action {

    /** An action on one VM. */
    sealed interface OnVm extends Action {
        /** The VM's id. */
        String vmId();
    }

    /** An action on the grid. */
    sealed interface OnGrid extends Action {}

    /**
     * Tell the grid that a node is dead, which its driver knows for certain; by itself the grid would find that out only when
     * a message to it fails.
     *
     * @param nodeId the node of the dead process, not of another life of the VM
     */
    record Expel(String vmId, String nodeId, String why) implements Action {}

    /** Start a VM. */
    record Start(String vmId, String why) implements OnVm {}

    /**
     * Prove a VM dead that the grid goes on without.
     *
     * @param suspect it may have run after it was failed out, so its database is not to be trusted
     */
    record Fence(String vmId, boolean suspect, String why) implements OnVm {}

    /** Stop a VM gracefully because its owner wants so. */
    record Stop(String vmId) implements OnVm {}

    /** Bring a VM to another host: while it runs where that can be done, else stopped. */
    record Migrate(String vmId, String host, String why) implements OnVm {}

    /** Empty the database of a dead VM that is under suspicion; all of it has living copies elsewhere. */
    record Wipe(String vmId) implements OnVm {}

    /** Give a dead VM a new disk: with the old one it does not come up, and all of it has living copies elsewhere. */
    record Replace(String vmId, String why) implements OnVm {}

    /** Lift the suspicion without emptying: the database may hold what nobody else does. */
    record Keep(String vmId, String why) implements OnVm {}

    /** Stop a VM that is to be destroyed, once others hold everything it holds. */
    record Retire(String vmId, String nodeId) implements OnVm {}

    /** Remove a dead VM that is in nobody's way any more. */
    record Remove(String vmId) implements OnVm {}

    /**
     * Let data be used.
     *
     * @param needed consistent ids of members that must be there at that very moment
     */
    record Activate(Set<String> needed, String why) implements OnGrid {}

    /** Spread data over exactly these members. Ignite lets nobody leave who is still in the topology. */
    record SetBaseline(Set<String> consistentIds, String why) implements OnGrid {}

    /** Make system caches and users, and this node's services with them. */
    record Prepare() implements OnGrid {}

    /** Take lost partitions back into use; all members that could hold them are back. */
    record ResetLost(Set<String> caches, Set<String> needed) implements OnGrid {}
}
