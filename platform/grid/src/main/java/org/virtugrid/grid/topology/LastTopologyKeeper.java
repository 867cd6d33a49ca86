package org.virtugrid.grid.topology;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.BaselineNode;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.events.EventType;
import org.apache.ignite.internal.IgniteEx;
import org.apache.ignite.lang.IgniteCallable;
import org.apache.ignite.lang.IgniteFuture;
import org.apache.ignite.resources.IgniteInstanceResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's {@link LastTopology} up to date while the grid is active.
 *
 * <p>A worker that joins is needed from then on. One that leaves is needed no more once the grid has settled without it
 * and nothing is lost: until then it may hold the only copy of something. Erring on the side of "needed" costs patience
 * at the next cold start; the other side would cost data.
 *
 * <p>One who joins while something is lost does not know who is needed for it, so it first asks those who were there.
 */
public final class LastTopologyKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LastTopologyKeeper.class);
    private static final long PERIOD_MILLIS = 500;
    private static final long ASK_MILLIS = 1_000;
    private static final String LOCAL = LastTopologyKeeper.class.getName();

    private final Ignite ignite;
    private final Path file;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private volatile LastTopology current;
    private volatile boolean informed;

    private LastTopologyKeeper(Ignite ignite, Path file, Clock clock) {
        this.ignite = ignite;
        this.file = file;
        this.clock = clock;
        this.current = LastTopology.read(file);
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "last-topology");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Starts keeping it in the file beside the node's work directory. */
    public static LastTopologyKeeper start(Ignite ignite, Path file, Clock clock) {
        LastTopologyKeeper keeper = new LastTopologyKeeper(ignite, file, clock);
        ignite.cluster().nodeLocalMap().put(LOCAL, keeper);
        keeper.timer.scheduleWithFixedDelay(keeper::update, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        ignite.events()
                .localListen(
                        event -> {
                            keeper.wake();
                            return true;
                        },
                        EventType.EVT_NODE_JOINED,
                        EventType.EVT_NODE_LEFT,
                        EventType.EVT_NODE_FAILED);
        return keeper;
    }

    /** The newest record that this node knows. */
    public LastTopology current() {
        return current;
    }

    /** Whether the others have been asked since the grid became active. */
    public boolean informed() {
        return informed;
    }

    private void wake() {
        if (!timer.isShutdown()) {
            timer.execute(this::update);
        }
    }

    private synchronized void update() {
        try {
            if (!ignite.cluster().state().active()) {
                return;
            }
            Set<String> alive = aliveWorkers();
            if (alive.isEmpty()) {
                return;
            }
            if (!informed) {
                learn();
                informed = true;
            }
            Set<String> needed = new HashSet<>(alive);
            if (!needed.containsAll(current.members()) && !settledWithoutLoss()) {
                needed.addAll(current.members());
            }
            LastTopology newestSeen = newestSeen();
            LastTopology next = current.next(needed, Math.max(clock.millis(), newestSeen.version() + 1));
            if (!next.equals(current)) {
                next.write(file);
                current = next;
            }
        } catch (IOException | IgniteException | IllegalStateException e) {
            LOG.warn("Could not keep the last topology: {}", e.toString());
        }
    }

    private void learn() throws IOException {
        List<IgniteFuture<String>> asked = new ArrayList<>();
        for (ClusterNode node : ignite.cluster().forServers().forRemotes().nodes()) {
            asked.add(ignite.compute(ignite.cluster().forNode(node))
                    .withNoFailover()
                    .callAsync(new Ask()));
        }
        List<LastTopology> known = new ArrayList<>(List.of(current));
        for (IgniteFuture<String> answer : asked) {
            known.add(LastTopology.parse(answer.get(ASK_MILLIS, TimeUnit.MILLISECONDS)));
        }
        LastTopology newest = LastTopology.newest(known);
        if (!newest.equals(current)) {
            newest.write(file);
            current = newest;
        }
    }

    /** What the keeper of the asked node knows. */
    private static final class Ask implements IgniteCallable<String> {
        private static final long serialVersionUID = 1L;

        @IgniteInstanceResource
        private transient Ignite ignite;

        @Override
        public String call() {
            LastTopologyKeeper keeper =
                    ignite.cluster().<String, LastTopologyKeeper>nodeLocalMap().get(LOCAL);
            return (keeper == null ? LastTopology.NONE : keeper.current).toString();
        }
    }

    private Set<String> aliveWorkers() {
        Collection<BaselineNode> baseline = ignite.cluster().currentBaselineTopology();
        Set<String> online = new HashSet<>();
        ignite.cluster().forServers().nodes().forEach(node -> online.add(String.valueOf(node.consistentId())));
        Set<String> alive = new HashSet<>();
        if (baseline != null) {
            for (BaselineNode member : baseline) {
                String id = String.valueOf(member.consistentId());
                if (NodeAttributes.isWorker(member) && online.contains(id)) {
                    alive.add(id);
                }
            }
        }
        return alive;
    }

    /** Whether the exchange for the newest topology is over and no cache on this node has lost a partition. */
    private boolean settledWithoutLoss() {
        var exchange = ((IgniteEx) ignite).context().cache().context().exchange();
        if (exchange.readyAffinityVersion().topologyVersion() < ignite.cluster().topologyVersion()) {
            return false;
        }
        return ignite.cacheNames().stream()
                .allMatch(name -> ignite.cache(name).lostPartitions().isEmpty());
    }

    private LastTopology newestSeen() {
        return LastTopology.newest(ignite.cluster().forServers().nodes().stream()
                .map(node -> node.<String>attribute(NodeAttributes.LAST_TOPOLOGY))
                .filter(text -> text != null)
                .map(LastTopology::parse)
                .toList());
    }

    @Override
    public void close() {
        timer.shutdown();
    }
}
