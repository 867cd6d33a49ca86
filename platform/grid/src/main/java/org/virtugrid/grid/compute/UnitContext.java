package org.virtugrid.grid.compute;

import org.virtugrid.jobs.api.JobContext;
import org.virtugrid.jobs.api.JobParameters;

/** What a job may know within a unit. */
record UnitContext(JobParameters parameters, boolean inline, Unit unit, long partialBytesLimit) implements JobContext {
    @Override
    public boolean cancelled() {
        return unit.cancelled();
    }
}
