package org.virtugrid.control.leadership;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.coordinator.ControlNodes;
import org.virtugrid.control.coordinator.Leadership;
import org.virtugrid.control.coordinator.ShutdownReport.Outcome;
import org.virtugrid.control.home.ControlSettings;
import org.virtugrid.grid.fault.GridException;

/**
 * Leadership among several control processes by votes of their majority: {@link Voter} and {@link Candidate} decide, this
 * carries their questions and answers. Needs no grid, so it is there before the grid is, and while that stands still.
 */
public final class VotedLeadership implements Leadership, ControlNodes, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VotedLeadership.class);
    private static final LeaseTiming TIMING = LeaseTiming.STANDARD;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Setting setting;
    private final String life;
    private final String group;
    private final VoteServer server;
    private final Electorate electorate;
    private final Voter voter;
    private final Candidate candidate;
    private final ReentrantLock rounds = new ReentrantLock();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> daemon(task, "vote"));
    private final Thread thread = daemon(this::loop, "leadership");
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, String> urls = new ConcurrentHashMap<>();
    private volatile Candidate.Lease lease = Candidate.Lease.NONE;
    private volatile long toldTerm;
    private volatile boolean closed;

    /**
     * What it is made for.
     *
     * @param id of this control node
     * @param url where its REST is
     * @param keys folder of its key, or null on loopback
     * @param secret what all control nodes have and nobody else; kept nowhere
     * @param ballot file of its last vote
     * @param stop ends this process: the leader stops the platform, and tells how that went
     */
    public record Setting(
            ControlSettings control,
            String id,
            String url,
            Path keys,
            String secret,
            Path ballot,
            Consumer<Outcome> stop) {}

    /** Takes part from now on. */
    public VotedLeadership(Setting setting) {
        byte[] random = new byte[6];
        new SecureRandom().nextBytes(random);
        this.setting = setting;
        this.life = setting.id() + "/" + HexFormat.of().formatHex(random);
        this.group = setting.control().nodes().stream()
                .map(ControlSettings.Node::id)
                .sorted()
                .collect(Collectors.joining(","));
        VoteWire wire = new VoteWire(setting.secret());
        ControlSettings.Node self = setting.control().node(setting.id());
        VoteSockets sockets = new VoteSockets(self.votes(), setting.keys());
        this.electorate = new Electorate(
                setting.id(),
                setting.control(),
                sockets,
                wire,
                this::vote,
                threads,
                TIMING.patience().toNanos());
        BallotFile file = new BallotFile(setting.ballot());
        Ballot last = file.read();
        long now = System.nanoTime();
        this.voter = new Voter(last, now, TIMING, file);
        this.candidate = new Candidate(setting.control().nodes().size(), last.term(), now, TIMING, new SecureRandom());
        urls.put(setting.id(), setting.url());
        try {
            this.server = new VoteServer(sockets, wire, this::vote);
        } catch (IOException e) {
            throw new GridException(
                    GridException.Kind.INVALID,
                    "control.nodes.votes",
                    "cannot listen at " + self.votes() + ": " + e.getMessage(),
                    "give a free port of an address of this machine",
                    e);
        }
        thread.start();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    // --- Voting -----------------------------------------------------------------------------------

    private Answer vote(Ask ask) {
        boolean ours = group.equals(ask.group())
                && setting.control().nodes().stream().anyMatch(node -> node.id().equals(ask.node()))
                && ask.life() != null
                && ask.life().matches(ask.node() + "/[0-9a-f]{12}")
                && ask.term() > 0;
        if (!ours) {
            throw GridException.invalid(
                    "control.nodes",
                    ask.node() + " knows the control nodes " + ask.group() + ", this one " + group,
                    "give all of them the same control.yaml");
        }
        boolean granted;
        long term;
        synchronized (voter) {
            granted = voter.answer(ask, System.nanoTime());
            term = voter.term();
        }
        if (ask.url() != null) {
            urls.put(ask.node(), ask.url());
        }
        Optional<Outcome> shutdown = ask.kind().outcome();
        if (granted && shutdown.isPresent() && !ask.node().equals(setting.id())) {
            LOG.info("{} stops the platform, so this control process ends, too", ask.node());
            threads.execute(() -> setting.stop().accept(shutdown.get()));
        }
        return new Answer(setting.id(), setting.url(), granted, term);
    }

    private Optional<Voter.Promise> promise() {
        synchronized (voter) {
            return voter.promise(System.nanoTime());
        }
    }

    // --- Asking -----------------------------------------------------------------------------------

    private void loop() {
        while (!closed) {
            try {
                boolean promised =
                        promise().filter(given -> !given.life().equals(life)).isPresent();
                rounds.lock();
                try {
                    candidate.due(System.nanoTime(), promised).ifPresent(round -> run(round, false));
                } finally {
                    rounds.unlock();
                }
                tellChange();
            } catch (RuntimeException e) {
                LOG.error("A round of votes failed; the next one follows", e);
            }
            LockSupport.parkNanos(this, TICK_NANOS);
        }
    }

    private void run(Candidate.Round round, boolean hurry) {
        Collection<Answer> answers = electorate.ask(ask(round.kind(), round.term()), candidate::majority, hurry);
        answers.forEach(answer -> urls.put(answer.node(), answer.url()));
        OptionalLong released = candidate.conclude(round, answers, System.nanoTime());
        lease = closed ? Candidate.Lease.NONE : candidate.lease();
        released.ifPresent(this::release);
    }

    private Ask ask(Ask.Kind kind, long term) {
        return new Ask(kind, group, setting.id(), life, term, setting.url());
    }

    private void askAll(Ask.Kind kind, long term) {
        electorate.ask(ask(kind, term), answers -> false, false);
    }

    private void release(long term) {
        threads.execute(() -> askAll(Ask.Kind.RELEASE, term));
    }

    // --- Leading ----------------------------------------------------------------------------------

    @Override
    public OptionalLong term() {
        return lease.term(System.nanoTime());
    }

    @Override
    public boolean holds(long term) {
        if (!isTerm(term)) {
            return false;
        }
        try {
            if (!rounds.tryLock(TIMING.patience().toNanos(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        boolean confirmed;
        try {
            long before = lease.untilNanos();
            candidate.check(System.nanoTime()).ifPresent(round -> run(round, true));
            confirmed = lease.untilNanos() - before > 0;
        } finally {
            rounds.unlock();
        }
        tellChange();
        return confirmed && isTerm(term);
    }

    private boolean isTerm(long term) {
        OptionalLong now = term();
        return now.isPresent() && now.getAsLong() == term;
    }

    private synchronized void tellChange() {
        long now = term().orElse(0);
        if (now != toldTerm) {
            LOG.info(
                    "{}",
                    now == 0 ? "This control node does not lead any more" : "This control node leads in term " + now);
            toldTerm = now;
            listeners.forEach(Runnable::run);
        }
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public List<Seen> all() {
        String leader = term().isPresent()
                ? setting.id()
                : promise()
                        .map(Voter.Promise::node)
                        .filter(node -> !node.equals(setting.id()))
                        .orElse("");
        List<Seen> all = new ArrayList<>();
        for (ControlSettings.Node node : setting.control().nodes()) {
            all.add(new Seen(node.id(), urls.get(node.id()), node.id().equals(leader)));
        }
        return all;
    }

    @Override
    public boolean leading() {
        return term().isPresent();
    }

    /** Tells the other control processes how the shutdown went, and ends them, as far as they can be reached; this one must lead. Blocks for a second at most. */
    public void stopOthers(Outcome outcome) {
        term().ifPresent(term -> askAll(Ask.Kind.of(outcome), term));
    }

    /** Gives the lead up, so that another one need not wait for the end of the lease. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        rounds.lock();
        try {
            OptionalLong term = term();
            lease = Candidate.Lease.NONE;
            term.ifPresent(given -> askAll(Ask.Kind.RELEASE, given));
            server.close();
        } catch (IOException e) {
            LOG.debug("It goes with the process: {}", e.toString());
        } finally {
            rounds.unlock();
            threads.shutdownNow();
        }
    }
}
