package org.virtugrid.grid.thin;

import java.util.List;
import java.util.Map;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.compute.ComputeJob;
import org.apache.ignite.compute.ComputeJobContext;
import org.apache.ignite.compute.ComputeJobResult;
import org.apache.ignite.compute.ComputeJobResultPolicy;
import org.apache.ignite.compute.ComputeTask;
import org.apache.ignite.resources.IgniteInstanceResource;
import org.apache.ignite.resources.JobContextResource;
import org.virtugrid.grid.GridServices;
import org.virtugrid.grid.fault.GridException;

/**
 * One call of a thin client: takes a map, answers a string, on the node that the client is connected to. Errors reach the
 * client as one sentence and the remedy.
 */
abstract class ThinTask implements ComputeTask<Map<String, Object>, String> {
    private static final long serialVersionUID = 1L;

    @IgniteInstanceResource
    private transient Ignite ignite;

    /**
     * The call itself.
     *
     * @return the answer, or null to be called again with the same arguments a moment later
     */
    abstract String answer(GridServices services, Arguments arguments);

    @Override
    public Map<? extends ComputeJob, ClusterNode> map(List<ClusterNode> nodes, Map<String, Object> arguments) {
        return Map.of(new Call(this, arguments), ignite.cluster().localNode());
    }

    /** Never elsewhere, never twice: what a call did is not known when its node has gone. */
    @Override
    public ComputeJobResultPolicy result(ComputeJobResult result, List<ComputeJobResult> received) {
        if (result.getException() != null) {
            throw result.getException();
        }
        return ComputeJobResultPolicy.WAIT;
    }

    @Override
    public String reduce(List<ComputeJobResult> results) {
        return results.get(0).getData();
    }

    /** Runs on the same node; lets go of its thread while it waits. */
    private static final class Call implements ComputeJob {
        private static final long serialVersionUID = 1L;
        private static final long PAUSE_MILLIS = 100;

        private final ThinTask task;
        private final Arguments arguments;

        @IgniteInstanceResource
        private transient Ignite ignite;

        @JobContextResource
        private transient ComputeJobContext context;

        Call(ThinTask task, Map<String, Object> arguments) {
            this.task = task;
            this.arguments = new Arguments(arguments);
        }

        @Override
        public Object execute() {
            try {
                String answer = task.answer(GridServices.of(ignite), arguments);
                return answer == null ? context.holdcc(PAUSE_MILLIS) : answer;
            } catch (GridException e) {
                throw new IgniteException(e.getMessage() + (e.fix() == null ? "" : "; " + e.fix()));
            }
        }

        /** What it waits for goes on without it. */
        @Override
        public void cancel() {}
    }
}
