package org.virtugrid.control.node;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCluster;
import org.apache.ignite.cluster.BaselineNode;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.cluster.ClusterState;
import org.apache.ignite.events.EventType;
import org.apache.ignite.internal.IgniteEx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.coordinator.Grid;
import org.virtugrid.control.coordinator.GridSnapshot;
import org.virtugrid.control.coordinator.GridSnapshot.Copies;
import org.virtugrid.control.coordinator.GridSnapshot.Member;
import org.virtugrid.grid.topology.CopyMap;
import org.virtugrid.grid.topology.LastTopology;
import org.virtugrid.grid.topology.LastTopologyKeeper;
import org.virtugrid.grid.topology.LostPartitions;
import org.virtugrid.grid.topology.NodeAttributes;
import org.virtugrid.grid.topology.NodeRole;

/** The grid as control's own Ignite node sees it. */
public final class IgniteGrid implements Grid, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IgniteGrid.class);
    /** Process id of a node, which Ignite itself publishes. */
    private static final String PID = "org.apache.ignite.jvm.pid";

    private final Function<Ignite, DataPlane> starter;
    private final LastTopology own;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final CopiesWatch copiesWatch = new CopiesWatch(this::copyMap, this::epoch, this::tellChange);
    private final AtomicInteger resets = new AtomicInteger();
    private volatile LastTopologyKeeper keeper;
    private volatile Ignite ignite;
    private volatile long joinedMillis;
    private volatile DataPlane dataPlane;

    /**
     * Makes it, with no node yet.
     *
     * @param starter makes system caches and users on an active grid; idempotent
     * @param own the last live topology as control remembers it from before
     */
    public IgniteGrid(Function<Ignite, DataPlane> starter, LastTopology own) {
        this.starter = starter;
        this.own = own;
    }

    /** Control's node has joined. */
    public void joined(Ignite node, LastTopologyKeeper lastTopology) {
        keeper = lastTopology;
        node.events()
                .localListen(
                        event -> {
                            tellChange();
                            copiesWatch.wake();
                            return true;
                        },
                        EventType.EVT_NODE_JOINED,
                        EventType.EVT_NODE_LEFT,
                        EventType.EVT_NODE_FAILED);
        joinedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        ignite = node;
        copiesWatch.start();
        tellChange();
    }

    /** What the grid offers; empty until it is active and prepared. */
    public Optional<DataPlane> dataPlane() {
        Ignite node = ignite;
        DataPlane plane = dataPlane;
        return node != null && plane != null && active(node) ? Optional.of(plane) : Optional.empty();
    }

    /** Control's node; empty until it has joined. */
    public Optional<Ignite> ignite() {
        return Optional.ofNullable(ignite);
    }

    private void tellChange() {
        listeners.forEach(Runnable::run);
    }

    private CopyMap copyMap() {
        Optional<DataPlane> plane = dataPlane();
        // Until it has settled the map shows owners of the topology before
        return plane.isEmpty() || settledVersion(ignite) < ignite.cluster().topologyVersion()
                ? null
                : plane.get().copies();
    }

    private Object epoch() {
        IgniteCluster cluster = ignite.cluster();
        return List.of(cluster.topologyVersion(), resets.get(), baselineOf(cluster));
    }

    private static boolean active(Ignite node) {
        try {
            return node.cluster().state().active();
        } catch (RuntimeException e) {
            return false;
        }
    }

    @Override
    public GridSnapshot snapshot() {
        Ignite node = ignite;
        if (node == null) {
            return GridSnapshot.ABSENT;
        }
        try {
            return look(node);
        } catch (RuntimeException e) {
            LOG.debug("The grid cannot be looked at now: {}", e.toString());
            return GridSnapshot.ABSENT;
        }
    }

    private GridSnapshot look(Ignite node) {
        IgniteCluster cluster = node.cluster();
        long settled = settledVersion(node);
        List<Member> members = new ArrayList<>();
        List<LastTopology> records = new ArrayList<>(List.of(own, keeper.current()));
        for (ClusterNode other : cluster.forServers().nodes()) {
            String role = other.attribute(NodeAttributes.ROLE);
            Object pid = other.attribute(PID);
            String lifeId = other.attribute(NodeAttributes.LIFE);
            members.add(new Member(
                    other.id().toString(),
                    String.valueOf(other.consistentId()),
                    NodeAttributes.vmId(other),
                    lifeId == null || lifeId.isEmpty() ? String.valueOf(pid) : lifeId,
                    NodeRole.CONTROL.label().equals(role),
                    other.order() <= settled));
            String record = other.attribute(NodeAttributes.LAST_TOPOLOGY);
            if (record != null) {
                records.add(LastTopology.parse(record));
            }
        }
        boolean active = active(node);
        return new GridSnapshot(
                true,
                joinedMillis,
                active,
                active && dataPlane != null,
                List.copyOf(members),
                baselineOf(cluster),
                LastTopology.newest(records).members(),
                active && keeper.informed() ? copiesWatch.current(epoch()) : Copies.UNKNOWN,
                controlsOf(cluster));
    }

    /** The newest topology in which it is agreed who owns what. */
    private static long settledVersion(Ignite node) {
        return ((IgniteEx) node)
                .context()
                .cache()
                .context()
                .exchange()
                .readyAffinityVersion()
                .topologyVersion();
    }

    private static Set<String> baselineOf(IgniteCluster cluster) {
        Collection<BaselineNode> baseline = cluster.currentBaselineTopology();
        Set<String> ids = new HashSet<>();
        if (baseline != null) {
            baseline.forEach(member -> ids.add(String.valueOf(member.consistentId())));
        }
        return Set.copyOf(ids);
    }

    private static Set<String> controlsOf(IgniteCluster cluster) {
        Collection<BaselineNode> baseline = cluster.currentBaselineTopology();
        return baseline == null
                ? Set.of()
                : baseline.stream()
                        .filter(member -> NodeRole.CONTROL.label().equals(member.attribute(NodeAttributes.ROLE)))
                        .map(member -> String.valueOf(member.consistentId()))
                        .collect(Collectors.toSet());
    }

    @Override
    public void activate() {
        IgniteCluster cluster = node().cluster();
        cluster.state(ClusterState.ACTIVE);
        if (cluster.isBaselineAutoAdjustEnabled()) {
            cluster.baselineAutoAdjustEnabled(false);
        }
    }

    @Override
    public void deactivate() {
        node().cluster().state(ClusterState.INACTIVE);
        dataPlane = null;
    }

    @Override
    public void setBaseline(Set<String> consistentIds) {
        IgniteCluster cluster = node().cluster();
        List<BaselineNode> members = new ArrayList<>();
        Set<String> found = new HashSet<>();
        // Those who are here come first: they bring their newest attributes.
        for (ClusterNode server : cluster.forServers().nodes()) {
            if (consistentIds.contains(String.valueOf(server.consistentId()))
                    && found.add(String.valueOf(server.consistentId()))) {
                members.add(server);
            }
        }
        Collection<BaselineNode> current = cluster.currentBaselineTopology();
        if (current != null) {
            for (BaselineNode member : current) {
                String id = String.valueOf(member.consistentId());
                if (consistentIds.contains(id) && found.add(id)) {
                    members.add(member);
                }
            }
        }
        if (!found.equals(consistentIds)) {
            throw new IllegalStateException("not all of " + consistentIds + " are known to the grid, only " + found);
        }
        cluster.setBaselineTopology(members);
        copiesWatch.wake();
    }

    @Override
    public void expel(String nodeId, String why) {
        Expulsion.expel(node(), UUID.fromString(nodeId), why);
    }

    @Override
    public void prepare() {
        DataPlane plane = starter.apply(node());
        dataPlane = plane;
        copiesWatch.wake();
        Thread tidy = new Thread(() -> tidy(plane), "tidy");
        tidy.setDaemon(true);
        tidy.start();
    }

    private static void tidy(DataPlane plane) {
        try {
            plane.tidy();
        } catch (RuntimeException e) {
            LOG.warn("What a crash left half done stays so until the next start: {}", e.toString());
        }
    }

    @Override
    public Optional<Set<String>> caches() {
        return snapshot().active() ? Optional.of(Set.copyOf(node().cacheNames())) : Optional.empty();
    }

    @Override
    public void resetLost() {
        Ignite node = node();
        Set<String> lossy = new HashSet<>();
        for (String cache : node.cacheNames()) {
            if (!node.cache(cache).lostPartitions().isEmpty()) {
                lossy.add(cache);
            }
        }
        LostPartitions.reset(node, lossy);
        resets.incrementAndGet();
        copiesWatch.wake();
    }

    @Override
    public Optional<CopyMap> copies() {
        return Optional.ofNullable(copyMap());
    }

    @Override
    public long trafficBytes(String nodeId) {
        Ignite node = ignite;
        ClusterNode other = node == null ? null : node.cluster().node(UUID.fromString(nodeId));
        return other == null
                ? 0
                : other.metrics().getSentBytesCount() + other.metrics().getReceivedBytesCount();
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private Ignite node() {
        Ignite node = ignite;
        if (node == null) {
            throw new IllegalStateException("the control node has not joined the grid yet");
        }
        return node;
    }

    @Override
    public void close() {
        copiesWatch.close();
    }
}
