package org.virtugrid.control.vm;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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

    /**
     * Reads records anew that other control processes change. Called again and again while another one leads, and once
     * when this one begins to.
     *
     * @param leads this one acts from now on, so it also clears what its predecessor left half done
     */
    default void reload(boolean leads) {}

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

    /**
     * Brings the VM to another of the {@link #hosts}: while it runs where that can be done, else its disk alone; does nothing
     * when it is there already. On return it is there and nowhere else. Blocks for seconds to minutes. FAILED leaves it where
     * it was, and so does UNSUPPORTED: it cannot be moved while it runs. NOT_FOUND when there is no such VM or host.
     */
    default void migrate(String id, String host) {
        throw new VmDriverException(
                VmDriverException.Kind.FAILED, "VMs of the driver " + name() + " cannot leave this machine");
    }

    /**
     * Begins or ends a host's maintenance: it gets no more VMs; durable on return. NOT_FOUND when there is no such host.
     */
    default void maintain(String host, boolean begins) {
        throw new VmDriverException(
                VmDriverException.Kind.NOT_FOUND, "the driver " + name() + " knows no hosts but this machine");
    }

    /**
     * Makes beforehand what lets VMs start faster, one thing at a time. Blocks for a minute or two, takes processor time and
     * memory of a host, and may be repeated. Returns what was made; empty when there is nothing to do.
     */
    default Optional<String> prepareStarts() {
        return Optional.empty();
    }

    /** The GPUs of all hosts, as {@link #lookForGpus} saw them last; none with a driver that can't hand them over. */
    default List<VmGpu> gpus() {
        return List.of();
    }

    /** Makes what {@link #gpus} says as new as this call, for hosts that answer. May block for some seconds. */
    default void lookForGpus() {}

    /**
     * Bytes that a new disk may have at most, by what is free where it would be; empty: what is free where control keeps its VMs. May
     * block for some seconds.
     */
    default OptionalLong largestDisk() {
        return OptionalLong.empty();
    }

    /** Snapshots of VMs' disks; empty with a driver that has none. */
    default Optional<VmSnapshots> snapshots() {
        return Optional.empty();
    }

    /** Live use of the VM; of one that does not run its disk alone. Does not block. */
    VmUse use(String id);

    /**
     * Whether the host's processor runs the VM itself, else it is emulated; empty while it does not run, where that is not
     * known, and with a driver whose VMs are processes. Does not block.
     */
    default Optional<Boolean> hardware(String id) {
        return Optional.empty();
    }

    /** Calls the listener with a VM's id soon after its process ended, on a thread of the driver's. */
    void onExit(Consumer<String> listener);
}
