package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ignite.Ignite;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.grid.topology.NodeAttributes;
import org.virtugrid.grid.topology.StalledCopies;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.Job;

/** What a worker has beside Ignite: units, the tasks it leads, jobs, threads, spill files. Safe for several threads. */
public final class WorkerRuntime implements AutoCloseable {
    static final Logger LOG = LoggerFactory.getLogger(WorkerRuntime.class);
    private static final String IN_NODE = "virtugrid-worker";
    private static final long PARTIAL_SHARE = 4;
    private static final long LINE_SHARE = 16;
    /** Units that run at the same time even where a VM has one processor, so that a long one is not alone. */
    private static final int LEAST_UNITS = 2;

    private final Ignite ignite;
    private final int threads;
    private final Path workDirectory;
    private final Jobs jobs;
    private final ExecutorService pool;
    private final ScheduledExecutorService timer;
    private final Stubborn stubborn = new Stubborn();
    private final Units units;
    private final Spills spills;
    private final TaskEngine engine;

    private WorkerRuntime(Ignite ignite, int threads, Path workDirectory) {
        this.ignite = ignite;
        this.threads = threads;
        this.workDirectory = workDirectory;
        this.jobs = Jobs.load();
        this.pool = Executors.newCachedThreadPool(named("virtugrid-work"));
        this.timer = Executors.newScheduledThreadPool(1, named("virtugrid-timer"));
        this.spills = new Spills(workDirectory.resolveSibling("spill"));
        this.units = new Units(this, Math.max(LEAST_UNITS, threads), named("virtugrid-unit"));
        this.engine = new TaskEngine(this, Clock.systemUTC(), pool, timer);
    }

    /**
     * Starts what a worker has beside Ignite; for the rest of the process's life, or until it is closed.
     *
     * @param threads how many units run at the same time, and how many threads one of them may use
     * @param workDirectory of the node; spill files go beside it
     */
    public static WorkerRuntime start(Ignite ignite, int threads, Path workDirectory) {
        WorkerRuntime runtime = new WorkerRuntime(ignite, threads, workDirectory);
        ignite.cluster().<String, WorkerRuntime>nodeLocalMap().put(IN_NODE, runtime);
        runtime.timer.scheduleWithFixedDelay(runtime.units::forgetSilent, 30, 10, TimeUnit.SECONDS);
        runtime.timer.scheduleWithFixedDelay(runtime.units::leaveStubbornAlone, 1, 1, TimeUnit.SECONDS);
        StalledCopies stalled = new StalledCopies(ignite);
        runtime.timer.scheduleWithFixedDelay(stalled::look, 10, 10, TimeUnit.SECONDS);
        runtime.engine.start();
        return runtime;
    }

    /** Ends its threads, before its node is stopped in a process that goes on; work under way is left as a death leaves it. */
    @Override
    public void close() {
        timer.shutdown();
        pool.shutdown();
        units.close();
    }

    /** The runtime of the worker that this node is. */
    static WorkerRuntime of(Ignite ignite) {
        return find(ignite).orElseThrow(() -> new IllegalStateException("this worker is still starting"));
    }

    /** The runtime in this node; empty while it is starting. */
    static Optional<WorkerRuntime> find(Ignite ignite) {
        return Optional.ofNullable(
                ignite.cluster().<String, WorkerRuntime>nodeLocalMap().get(IN_NODE));
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    Ignite ignite() {
        return ignite;
    }

    String vmId() {
        return NodeAttributes.vmId(ignite.cluster().localNode());
    }

    Units units() {
        return units;
    }

    Stubborn stubborn() {
        return stubborn;
    }

    Spills spills() {
        return spills;
    }

    TaskEngine engine() {
        return engine;
    }

    Path workDirectory() {
        return workDirectory;
    }

    /** Threads that one unit may use. */
    int threads() {
        return threads;
    }

    /** Bytes of heap that one partial result may take. */
    static long partialBytesLimit() {
        return Runtime.getRuntime().maxMemory() / PARTIAL_SHARE;
    }

    /** Bytes that one line may have. */
    long longestLine() {
        return Runtime.getRuntime().maxMemory() / LINE_SHARE;
    }

    ClassLoader jobLoader() {
        return jobs.loader();
    }

    boolean isQuick(String operation) {
        return jobs.isQuick(operation);
    }

    Job<Serializable> job(String operation) throws InvalidJobException {
        return jobs.create(operation);
    }

    UnitContext context(Map<String, String> parameters, boolean inline, Unit unit) {
        return new UnitContext(TaskParameters.ofJob(parameters), inline, unit, partialBytesLimit());
    }

    /** Runs the parts at the same time and gives their results in order; the first failure is the failure of all. */
    <T> List<T> inParallel(List<? extends Callable<T>> parts) throws Exception {
        List<Future<T>> futures = new ArrayList<>();
        for (Callable<T> part : parts.subList(1, parts.size())) {
            futures.add(pool.submit(part));
        }
        List<T> results = new ArrayList<>();
        results.add(parts.get(0).call());
        for (Future<T> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw (Exception) e.getCause();
            }
        }
        return results;
    }
}
