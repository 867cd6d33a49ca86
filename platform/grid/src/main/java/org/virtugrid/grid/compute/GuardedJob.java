package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.util.Optional;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.Job;
import org.virtugrid.jobs.api.JobContext;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.api.JobResult;
import org.virtugrid.jobs.api.LineSelector;
import org.virtugrid.jobs.api.Records;
import org.virtugrid.jobs.api.SelectingJob;

/**
 * A user's job, whose errors end the task at once and say where in the job they happened: a job computes from its arguments
 * alone, so that no other try helps. An interrupted thread and a full heap are not the job's, and stay what they are.
 */
class GuardedJob implements Job<Serializable> {
    /** Name of the class loader of users' jobs, by which a stack trace tells their lines. */
    static final String LOADER = "jobs";

    private static final String FIX = "mend the job, put its jar into the folder jobs, then down and up";

    private final Job<Serializable> job;

    private GuardedJob(Job<Serializable> job) {
        this.job = job;
    }

    @SuppressWarnings("unchecked")
    static Job<Serializable> of(Job<?> job) {
        Job<Serializable> any = (Job<Serializable>) job;
        return any instanceof SelectingJob<Serializable> selecting ? new Selecting(selecting) : new GuardedJob(any);
    }

    /** What a user's code is called for. */
    private interface Call<T> {
        T run() throws InvalidJobException;
    }

    final <T> T guarded(String method, Call<T> call) throws InvalidJobException {
        try {
            return call.run();
        } catch (InvalidJobException | OutOfMemoryError e) {
            throw e;
        } catch (Exception | Error e) {
            if (isInterruption(e)) {
                throw e;
            }
            WorkerRuntime.LOG.warn("Job {} failed in {}", job.getClass().getName(), method, e);
            throw failed("failed: " + InvalidJobException.inWords(e) + place(e, method));
        }
    }

    /** The same for calls that have to give something. */
    final <T> T given(String method, Call<T> call) throws InvalidJobException {
        T value = guarded(method, call);
        if (value == null) {
            throw failed("returned null from " + method);
        }
        return value;
    }

    private InvalidJobException failed(String how) {
        return new InvalidJobException("operation", job.getClass().getName() + " " + how, FIX);
    }

    private static boolean isInterruption(Throwable error) {
        for (Throwable at = error; at != null; at = at.getCause()) {
            if (at instanceof InterruptedException) {
                return true;
            }
        }
        return Thread.currentThread().isInterrupted();
    }

    /** The innermost line of a user's own code. */
    private static String place(Throwable error, String method) {
        for (StackTraceElement frame : error.getStackTrace()) {
            if (LOADER.equals(frame.getClassLoaderName())) {
                return " at " + frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName() + ":"
                        + frame.getLineNumber() + ")";
            }
        }
        return " in " + method;
    }

    @Override
    public String name() {
        return job.name();
    }

    @Override
    public void validate(JobParameters parameters) throws InvalidJobException {
        guarded("validate", () -> {
            job.validate(parameters);
            return null;
        });
    }

    @Override
    public Serializable create(JobContext context) throws InvalidJobException {
        return given("create", () -> job.create(context));
    }

    @Override
    public Serializable fold(JobContext context, Serializable partial, Records records) throws InvalidJobException {
        return given("fold", () -> job.fold(context, partial, records));
    }

    @Override
    public Serializable reduce(JobContext context, Serializable left, Serializable right) throws InvalidJobException {
        return given("reduce", () -> job.reduce(context, left, right));
    }

    @Override
    public Optional<Serializable> nextRound(JobContext context, Serializable total) throws InvalidJobException {
        return given("nextRound", () -> job.nextRound(context, total));
    }

    /** The answer, as the JSON that it will be. */
    @Override
    public JobResult finish(JobContext context, Serializable total) throws InvalidJobException {
        JobResult result = given("finish", () -> job.finish(context, total));
        // Making its values may call a user's code once more
        return new JobResult(guarded("the answer of finish", () -> ResultJson.tree(result.value())));
    }

    /** One that also selects lines. */
    private static final class Selecting extends GuardedJob implements SelectingJob<Serializable> {
        private final SelectingJob<Serializable> selecting;

        Selecting(SelectingJob<Serializable> job) {
            super(job);
            this.selecting = job;
        }

        @Override
        public LineSelector selector(JobContext context) throws InvalidJobException {
            LineSelector selector = given("selector", () -> selecting.selector(context));
            return (bytes, from, length) -> guarded("keep", () -> selector.keep(bytes, from, length));
        }
    }
}
