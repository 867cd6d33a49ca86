package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.util.UUID;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgniteFuture;

/**
 * A unit as its leader sees it, on another worker or on its own. Results of its own worker come as they are; those of others
 * travel in bytes. Used by one thread.
 */
final class AskedUnit {
    private final WorkerRuntime leader;
    private final ClusterNode node;
    private final UnitKey key;
    private final int[] parts;
    private IgniteFuture<Serializable> answer;
    private double progress;

    AskedUnit(WorkerRuntime leader, ClusterNode node, UnitKey key, int[] parts) {
        this.leader = leader;
        this.node = node;
        this.key = key;
        this.parts = parts;
    }

    ClusterNode node() {
        return node;
    }

    UUID nodeId() {
        return node.id();
    }

    UnitKey key() {
        return key;
    }

    int[] parts() {
        return parts;
    }

    /** How far it was when it answered last, 0 to 1. */
    double progress() {
        return progress;
    }

    private boolean here() {
        return node.isLocal();
    }

    /** Asks how it is; has it begun where it is not known and work is given. */
    void ask(UnitWork work) {
        if (here()) {
            if (work != null) {
                leader.units().askHere(key, parts, work);
            }
            return;
        }
        Ignite ignite = leader.ignite();
        try {
            answer = ignite.compute(ignite.cluster().forNode(node))
                    .withNoFailover()
                    .callAsync(new UnitCalls.Ask(key, parts, work));
        } catch (IgniteException e) {
            answer = null;
        }
    }

    /** What was answered; null while nothing was; MOVED when its worker is gone. */
    UnitStatus status() {
        UnitStatus status = here() ? leader.units().askHere(key, parts, null) : remoteStatus();
        if (status != null && status.outcome() == UnitStatus.Outcome.RUNNING) {
            progress = status.progress();
        }
        return status;
    }

    private UnitStatus remoteStatus() {
        if (answer != null && !answer.isDone()) {
            return leader.ignite().cluster().node(node.id()) == null ? UnitStatus.moved("the worker is gone") : null;
        }
        try {
            if (answer == null) {
                return UnitStatus.moved("the worker is gone");
            }
            return answer.get() instanceof UnitStatus status ? status : UnitStatus.succeeded((byte[]) answer.get());
        } catch (IgniteException e) {
            return UnitStatus.moved(e.getMessage());
        }
    }

    /**
     * Its result, once.
     *
     * @param succeeded what {@link #status} said last
     * @return null when its own worker has it no more
     */
    Serializable result(UnitStatus succeeded) throws Exception {
        return here() ? leader.units().take(key) : Partials.read(succeeded.result(), leader.jobLoader());
    }
}
