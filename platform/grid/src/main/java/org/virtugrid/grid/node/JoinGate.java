package org.virtugrid.grid.node;

import java.io.Serializable;
import java.util.Optional;
import java.util.UUID;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.internal.GridKernalContext;
import org.apache.ignite.internal.IgniteEx;
import org.apache.ignite.internal.managers.discovery.DiscoCache;
import org.apache.ignite.internal.processors.affinity.AffinityTopologyVersion;
import org.apache.ignite.plugin.CachePluginContext;
import org.apache.ignite.plugin.CachePluginProvider;
import org.apache.ignite.plugin.ExtensionRegistry;
import org.apache.ignite.plugin.IgnitePlugin;
import org.apache.ignite.plugin.PluginConfiguration;
import org.apache.ignite.plugin.PluginContext;
import org.apache.ignite.plugin.PluginProvider;
import org.apache.ignite.plugin.PluginValidationException;
import org.virtugrid.grid.topology.NodeAttributes;

/**
 * Keeps a worker with old data out while the grid does not know yet what it lost with a worker that has just left.
 *
 * <p>Ignite takes both, leaving and joining, in one step, and then the old copies of the one who joins pass for the newest.
 * The refused process ends and is started again. The other order, first joining and then leaving, is {@link JoinGuard}'s.
 *
 * <p>Asked in the grid's oldest node, in its discovery thread.
 */
final class JoinGate implements PluginProvider<PluginConfiguration> {
    private GridKernalContext context;

    @Override
    public String name() {
        return "virtugrid-join-gate";
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public String copyright() {
        return "Apache License 2.0";
    }

    @Override
    public void start(PluginContext plugin) {
        context = ((IgniteEx) plugin.grid()).context();
    }

    @Override
    public void validateNewNode(ClusterNode node, Serializable data) throws PluginValidationException {
        String refusal = refusal(node);
        if (refusal != null) {
            throw new PluginValidationException(refusal, refusal, node.id());
        }
    }

    @Override
    @SuppressWarnings("deprecation") // the interface wants it still
    public void validateNewNode(ClusterNode node) {
        // The other one is called.
    }

    private String refusal(ClusterNode node) {
        if (!NodeAttributes.isWorker(node)
                || !context.state().clusterState().state().active()) {
            return null;
        }
        return unsettledLoss(context)
                .map(lost -> "The grid is still finding out what it lost with worker " + NodeAttributes.vmId(lost)
                        + "; join again in a moment")
                .orElse(null);
    }

    /** A worker that belongs to the last topology that was settled, and has left since. */
    static Optional<ClusterNode> unsettledLoss(GridKernalContext context) {
        if (context.cache().context().exchange() == null) {
            return Optional.empty();
        }
        AffinityTopologyVersion settled = context.cache().context().exchange().readyAffinityVersion();
        DiscoCache then = settled.initialized() ? context.discovery().discoCache(settled) : null;
        return then == null
                ? Optional.empty()
                : then.serverNodes().stream()
                        .filter(NodeAttributes::isWorker)
                        .filter(member -> !context.discovery().alive(member.id()))
                        .findFirst();
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // that is how Ignite declares it
    public <T extends IgnitePlugin> T plugin() {
        return (T) new IgnitePlugin() {};
    }

    @Override
    public void initExtensions(PluginContext plugin, ExtensionRegistry registry) {
        // extends nothing
    }

    @Override
    public <T> T createComponent(PluginContext plugin, Class<T> type) {
        return null;
    }

    @Override
    @SuppressWarnings("rawtypes") // that is how Ignite declares it
    public CachePluginProvider createCacheProvider(CachePluginContext cache) {
        return null;
    }

    @Override
    public void stop(boolean cancel) {
        // holds nothing
    }

    @Override
    public void onIgniteStart() {
        // asked only
    }

    @Override
    public void onIgniteStop(boolean cancel) {
        // holds nothing
    }

    @Override
    public Serializable provideDiscoveryData(UUID nodeId) {
        return null;
    }

    @Override
    public void receiveDiscoveryData(UUID nodeId, Serializable data) {
        // gets none
    }
}
