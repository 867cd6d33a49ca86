package org.virtugrid.grid.compute;

import java.io.Serializable;
import org.virtugrid.jobs.api.InvalidJobException;

/**
 * What one worker does for a task: a pure function of its fields and of immutable datasets, so that it may run twice, and
 * its result may be used by a later attempt of the same task.
 */
abstract class UnitWork implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * Does the work.
     *
     * @return what its leader joins with what others made, or hands to the next phase; nobody else holds it
     * @throws InvalidJobException when the input or a parameter is wrong, so that no other try can succeed
     * @throws PartMovedException when data is not here any more; another worker has it
     */
    abstract Serializable run(WorkerRuntime worker, Unit unit) throws Exception;
}
