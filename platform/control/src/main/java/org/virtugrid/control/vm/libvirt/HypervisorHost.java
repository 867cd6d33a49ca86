package org.virtugrid.control.vm.libvirt;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;
import org.libvirt.event.DomainEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmDriverException.Kind;

/**
 * One host's libvirt: its connection, threads of its own, a deadline for every call, and a circuit breaker, so that a host
 * that hangs holds up neither its callers nor other hosts. Safe for use by several threads.
 */
final class HypervisorHost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HypervisorHost.class);
    /** Calls to one host at a time; those that hang count until the host lets them go. */
    private static final int MOST_CALLS = 8;

    private static final Duration OPEN_DEADLINE = Duration.ofSeconds(3);
    private static final int KEEP_ALIVE_SECONDS = 2;
    private static final int KEEP_ALIVE_COUNT = 3;

    private final HostSettings settings;
    private final DomainListener listener;
    private final ThreadPoolExecutor threads;
    private final ThreadPoolExecutor patient;
    private final CircuitBreaker breaker = new CircuitBreaker(Duration.ofSeconds(1), Duration.ofSeconds(15));
    private final AtomicInteger connections = new AtomicInteger();
    private LibvirtEvents.Connection connection;
    private String lastFailure = "";
    private boolean closed;

    /** Something that a connection is asked; blocks as long as the host takes. */
    interface Work<T> {
        T with(LibvirtEvents.Connection connection) throws LibvirtException;
    }

    /** Told of what happens to any domain of the host, on libvirt's own thread; must be quick. */
    interface DomainListener {
        void happened(HypervisorHost host, String domainName, DomainEvent event);
    }

    HypervisorHost(HostSettings settings, DomainListener listener) {
        this.settings = settings;
        this.listener = listener;
        AtomicInteger count = new AtomicInteger();
        ThreadFactory named = task -> {
            Thread thread = new Thread(task, "libvirt-" + settings.name() + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        this.threads = new ThreadPoolExecutor(0, MOST_CALLS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), named);
        this.patient = new ThreadPoolExecutor(
                MOST_CALLS, MOST_CALLS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named);
        patient.allowCoreThreadTimeOut(true);
    }

    HostSettings settings() {
        return settings;
    }

    String name() {
        return settings.name();
    }

    /** How often it was connected to anew; what was learnt from an older connection may be out of date. */
    int connections() {
        return connections.get();
    }

    /** Whether the last calls came through. */
    synchronized boolean answers() {
        return breaker.failures() == 0 && connection != null;
    }

    /**
     * Asks the host. What was changed is unknown when it does not answer in time: OUTCOME_UNKNOWN. UNREACHABLE when it could
     * not even be asked, FAILED when it refused.
     */
    <T> T call(String what, Duration deadline, Work<T> work) {
        return call(what, deadline, work, threads);
    }

    /**
     * The same for what takes a host long, like copying an image: calls beyond {@value #MOST_CALLS} wait for one another, within
     * their deadlines, and hold up neither looks nor the end of guests. Must not be nested.
     */
    <T> T callInTurn(String what, Duration deadline, Work<T> work) {
        return call(what, deadline, work, patient);
    }

    private <T> T call(String what, Duration deadline, Work<T> work, ThreadPoolExecutor pool) {
        LibvirtEvents.Connection open = connect();
        AtomicBoolean begun = new AtomicBoolean();
        try {
            T answer = await(
                    () -> {
                        if (!begun.compareAndSet(false, true)) {
                            throw new CancellationException("nobody waits for it any more");
                        }
                        return ask(open, work);
                    },
                    deadline,
                    pool);
            synchronized (this) {
                breaker.succeeded();
            }
            return answer;
        } catch (TimeoutException e) {
            if (begun.compareAndSet(false, true)) {
                throw unreachable(
                        "it has been busy with " + MOST_CALLS + " other calls for " + deadline.toSeconds() + " s", e);
            }
            throw new VmDriverException(
                    Kind.OUTCOME_UNKNOWN,
                    "host " + name() + " did not answer within " + deadline.toSeconds() + " s: " + what,
                    e);
        } catch (RejectedExecutionException e) {
            throw unreachable("it has not answered " + MOST_CALLS + " earlier calls yet", e);
        } catch (LibvirtException e) {
            if (!isAlive(open)) {
                lost(open);
                throw new VmDriverException(
                        Kind.OUTCOME_UNKNOWN, "lost the connection to host " + name() + ": " + what, e);
            }
            throw new VmDriverException(Kind.FAILED, "host " + name() + " cannot " + what + ": " + e.getMessage(), e);
        }
    }

    private <T> T ask(LibvirtEvents.Connection open, Work<T> work) throws LibvirtException {
        if (!open.enter()) {
            throw new VmDriverException(Kind.FAILED, "the connection to host " + name() + " was lost just now");
        }
        try {
            return work.with(open);
        } finally {
            open.leave();
        }
    }

    private synchronized LibvirtEvents.Connection connect() {
        if (closed) {
            throw new VmDriverException(Kind.FAILED, "the connection to host " + name() + " is closed");
        }
        if (connection != null) {
            return connection;
        }
        if (!breaker.allows(System.nanoTime())) {
            throw unreachable(
                    lastFailure + "; it failed " + breaker.failures() + " times and is left alone for a moment", null);
        }
        AtomicBoolean tooLate = new AtomicBoolean();
        try {
            connection = await(() -> open(tooLate), OPEN_DEADLINE, threads);
            connections.incrementAndGet();
            return connection;
        } catch (TimeoutException e) {
            tooLate.set(true);
            throw failed("it does not answer", e);
        } catch (RejectedExecutionException e) {
            throw failed("it has not answered earlier calls yet", e);
        } catch (LibvirtException e) {
            throw failed(String.valueOf(e.getMessage()), e);
        }
    }

    private LibvirtEvents.Connection open(AtomicBoolean tooLate) throws LibvirtException {
        LibvirtEvents.Connection fresh = LibvirtEvents.open(settings.uri());
        keepAlive(fresh);
        fresh.addLifecycleListener(this::tell);
        if (tooLate.get()) {
            fresh.abandon();
        }
        return fresh;
    }

    private static void keepAlive(Connect fresh) throws LibvirtException {
        try {
            fresh.setKeepAlive(KEEP_ALIVE_SECONDS, KEEP_ALIVE_COUNT);
        } catch (LibvirtException e) {
            // A driver within this very process has no connection that could break
            if (e.getError().getCode() != ErrorNumber.VIR_ERR_NO_SUPPORT) {
                throw e;
            }
        }
    }

    private int tell(Domain domain, DomainEvent event) {
        try {
            listener.happened(this, domain.getName(), event);
        } catch (LibvirtException | RuntimeException e) {
            LOG.warn("An event of host {} was not understood: {}", name(), e.toString());
        }
        return 0;
    }

    /** The answer, or what the work failed with. */
    private <T> T await(LibvirtCall<T> call, Duration deadline, ThreadPoolExecutor pool)
            throws TimeoutException, LibvirtException {
        Future<T> answer = pool.submit(call::run);
        try {
            return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LibvirtException libvirt) {
                throw libvirt;
            }
            if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw new VmDriverException(Kind.OUTCOME_UNKNOWN, "host " + name() + ": " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VmDriverException(Kind.OUTCOME_UNKNOWN, "interrupted while host " + name() + " was asked", e);
        }
    }

    private interface LibvirtCall<T> {
        T run() throws LibvirtException;
    }

    /** Gives up the connection because the host has not answered for too long; the next call opens another one. */
    void giveUp() {
        LibvirtEvents.Connection open;
        synchronized (this) {
            open = connection;
        }
        if (open != null) {
            lost(open);
        }
    }

    private static boolean isAlive(LibvirtEvents.Connection open) {
        if (!open.enter()) {
            return false;
        }
        try {
            return open.isAlive();
        } catch (LibvirtException e) {
            return false;
        } finally {
            open.leave();
        }
    }

    /** The connection is of no use any more; the next call opens another one. */
    private synchronized void lost(LibvirtEvents.Connection open) {
        if (open.equals(connection)) {
            connection = null;
            breaker.failed(System.nanoTime());
            lastFailure = "its connection was lost";
            LOG.warn("Lost host {}; its VMs count as unknown until it answers again", name());
            closeLater(open);
        }
    }

    private void closeLater(LibvirtEvents.Connection open) {
        try {
            threads.execute(open::abandon);
        } catch (RejectedExecutionException e) {
            LOG.debug("A connection to {} is left to the process's end", name());
        }
    }

    private synchronized VmDriverException failed(String why, Throwable cause) {
        breaker.failed(System.nanoTime());
        lastFailure = why;
        return unreachable(why, cause);
    }

    private VmDriverException unreachable(String why, Throwable cause) {
        return new VmDriverException(
                Kind.UNREACHABLE, "host " + name() + " at " + settings.uri() + " cannot be reached: " + why, cause);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (connection != null) {
            closeLater(connection);
            connection = null;
        }
        threads.shutdown();
        patient.shutdown();
    }
}
