package org.virtugrid.control.coordinator;

import java.util.Optional;
import java.util.Set;
import org.virtugrid.grid.topology.CopyMap;

/**
 * The grid as the coordinator needs it. Safe for use by several threads. The calls that change something are idempotent,
 * block until they have taken effect, end early when interrupted, and fail with any unchecked exception.
 */
public interface Grid {

    /** What control's node sees now. Never blocks, never throws; {@link GridSnapshot#ABSENT} while the node is not up. */
    GridSnapshot snapshot();

    /** Lets data be used. It asks for nobody: whether all are there who are needed is for the caller to see. */
    void activate();

    /** Stops the use of data, so that all nodes can leave without anything being missed. */
    void deactivate();

    /** Fails a node out of the topology whose process is certainly gone; one that lives after all ends soon. */
    void expel(String nodeId, String why);

    /**
     * Spreads data over exactly these members, who are here or in the baseline already; the grid must be active. Nobody else
     * fills the place of a member that is away.
     */
    void setBaseline(Set<String> consistentIds);

    /** Makes system caches and users on an active grid; afterwards the snapshot says {@code prepared}. */
    void prepare();

    /** Takes the lost partitions of all caches of an active grid back into use. */
    void resetLost();

    /** The map of copies; empty unless the grid is active and prepared. Its calls may block. */
    Optional<CopyMap> copies();

    /** Names of all caches of an active grid; empty while they cannot be known. */
    default Optional<Set<String>> caches() {
        return Optional.empty();
    }

    /** Bytes that the node has sent and received since it started, 0 when it is not known. */
    long trafficBytes(String nodeId);

    /** Calls the listener soon after the topology changed; the listener must be quick. */
    void onChange(Runnable listener);
}
