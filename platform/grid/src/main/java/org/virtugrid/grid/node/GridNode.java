package org.virtugrid.grid.node;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.ignite.Ignite;
import org.apache.ignite.Ignition;
import org.apache.ignite.calcite.CalciteQueryEngineConfiguration;
import org.apache.ignite.configuration.ClientConnectorConfiguration;
import org.apache.ignite.configuration.ConnectorConfiguration;
import org.apache.ignite.configuration.DataRegionConfiguration;
import org.apache.ignite.configuration.DataStorageConfiguration;
import org.apache.ignite.configuration.IgniteConfiguration;
import org.apache.ignite.configuration.SqlConfiguration;
import org.apache.ignite.configuration.ThinClientConfiguration;
import org.apache.ignite.configuration.WALMode;
import org.apache.ignite.events.Event;
import org.apache.ignite.events.EventType;
import org.apache.ignite.failure.StopNodeOrHaltFailureHandler;
import org.apache.ignite.lang.IgnitePredicate;
import org.apache.ignite.logger.slf4j.Slf4jLogger;
import org.apache.ignite.spi.communication.tcp.TcpCommunicationSpi;
import org.apache.ignite.spi.discovery.tcp.TcpDiscoverySpi;
import org.apache.ignite.spi.discovery.tcp.ipfinder.vm.TcpDiscoveryVmIpFinder;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.xml.XmlBeanDefinitionReader;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertiesPropertySource;
import org.springframework.core.io.FileSystemResource;
import org.virtugrid.grid.topology.LastTopology;
import org.virtugrid.grid.topology.NodeAttributes;

/**
 * Makes and starts a node. What an operator may want to change of a worker is in {@code config/worker.xml}; what makes a
 * node a member of this grid is set here, so that no file can break it.
 */
public final class GridNode {
    /** Executor for users' work, beside Ignite's own pools. */
    public static final String JOBS_EXECUTOR = "virtugrid-jobs";

    /** What users reach directly stays on this machine, wherever the nodes talk to one another. */
    private static final String LOOPBACK = "127.0.0.1";

    private static final int THIN_CLIENT_TASKS = 64;
    private static final long MIB = 1L << 20;
    private static final long LEAST_CHECKPOINT_BUFFER_BYTES = 32 * MIB;

    private GridNode() {}

    /** Starts a control node. Blocks until it has joined. */
    @SuppressWarnings("deprecation") // no other way sets the id that discovery compares
    public static Ignite start(NodeSettings settings) {
        IgniteConfiguration base = new IgniteConfiguration().setDataStorageConfiguration(storage(settings));
        base.setNodeId(afterAllOthers());
        return started(complete(base, settings));
    }

    private static Ignite started(IgniteConfiguration configuration) {
        Ignite ignite = Ignition.start(configuration);
        TransitionJoin.complete(ignite);
        return ignite;
    }

    /**
     * An id that compares as greater than any random one. Of nodes that start at the same time Ignite's discovery lets the
     * smallest id go first, and a grid knows only the caches that its first node knows; a control node must not be that.
     */
    private static UUID afterAllOthers() {
        return new UUID(Long.MAX_VALUE, UUID.randomUUID().getLeastSignificantBits());
    }

    /** Starts a worker from its settings and the operator's {@code worker.xml}. Blocks until it has joined. */
    public static Ignite startWorker(NodeSettings settings, Path xml) {
        MarshallerFiles.removeEmpty(settings.workDirectory());
        IgniteConfiguration configuration = complete(load(xml, settings), settings);
        JoinGuard guard = new JoinGuard();
        Map<IgnitePredicate<? extends Event>, int[]> listeners = new HashMap<>(configuration.getLocalEventListeners());
        listeners.put(guard, new int[] {EventType.EVT_NODE_LEFT, EventType.EVT_NODE_FAILED});
        Ignite ignite = started(configuration.setLocalEventListeners(listeners));
        guard.joined();
        return ignite;
    }

    private static IgniteConfiguration load(Path xml, NodeSettings settings) {
        Properties values = NodeSettingsFile.toProperties(settings);
        values.setProperty(
                "node.checkpointBufferBytes",
                Long.toString(Math.max(LEAST_CHECKPOINT_BUFFER_BYTES, settings.regionBytes() / 4)));
        values.setProperty("node.walMode", (settings.forceWrites() ? WALMode.FSYNC : WALMode.LOG_ONLY).name());
        // No more of Spring than reads beans: a context and the file's schema take a guest seconds of its start
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        XmlBeanDefinitionReader reader = new XmlBeanDefinitionReader(beans);
        reader.setValidating(false);
        reader.setNamespaceAware(true);
        reader.loadBeanDefinitions(new FileSystemResource(xml));
        MutablePropertySources sources = new MutablePropertySources();
        sources.addFirst(new PropertiesPropertySource("node", values));
        PropertySourcesPlaceholderConfigurer placeholders = new PropertySourcesPlaceholderConfigurer();
        placeholders.setPropertySources(sources);
        placeholders.postProcessBeanFactory(beans);
        return beans.getBean(IgniteConfiguration.class);
    }

    private static DataStorageConfiguration storage(NodeSettings settings) {
        return new DataStorageConfiguration()
                .setDefaultDataRegionConfiguration(new DataRegionConfiguration()
                        .setName("default")
                        .setPersistenceEnabled(true)
                        .setInitialSize(Math.min(settings.regionBytes(), 16 * MIB))
                        .setMaxSize(settings.regionBytes())
                        .setCheckpointPageBufferSize(settings.regionBytes() / 4))
                .setWalMode(WALMode.LOG_ONLY)
                .setWalSegments(4)
                .setWalSegmentSize((int) (8 * MIB))
                .setMaxWalArchiveSize(64 * MIB)
                .setWalPath("db/wal")
                .setWalArchivePath("db/wal");
    }

    /** Adds to a configuration what makes the node this node of this grid. */
    static IgniteConfiguration complete(IgniteConfiguration base, NodeSettings settings) {
        Path home = settings.workDirectory();
        LastTopology last = LastTopology.read(LastTopology.fileFor(home));
        base.setIgniteInstanceName(settings.vmId())
                .setConsistentId(settings.consistentId())
                .setWorkDirectory(home.toAbsolutePath().toString())
                .setLocalHost(settings.bindAddress())
                .setUserAttributes(NodeAttributes.of(
                        settings.role(), settings.vmId(), settings.life(), settings.host(), last.toString()))
                .setIncludeProperties()
                .setPeerClassLoadingEnabled(false)
                .setAuthenticationEnabled(true)
                .setFailureDetectionTimeout(settings.failureDetection().toMillis())
                .setSqlConfiguration(new SqlConfiguration()
                        .setQueryEnginesConfiguration(new CalciteQueryEngineConfiguration().setDefault(true)))
                .setPluginProviders(new JoinGate())
                .setFailureHandler(new StopNodeOrHaltFailureHandler(true, 5_000))
                .setGridLogger(new Slf4jLogger())
                .setMetricsLogFrequency(0)
                .setIncludeEventTypes(
                        EventType.EVT_NODE_JOINED,
                        EventType.EVT_NODE_LEFT,
                        EventType.EVT_NODE_FAILED,
                        EventType.EVT_NODE_SEGMENTED)
                .setLocalEventListeners(Map.of(
                        new CutOffGuard(home.resolveSibling("segmented")), new int[] {EventType.EVT_NODE_SEGMENTED}))
                .setClientConnectorConfiguration(thin(settings))
                .setConnectorConfiguration(rest(settings));
        base.setDiscoverySpi(new TcpDiscoverySpi()
                .setLocalAddress(settings.bindAddress())
                .setLocalPort(settings.discoveryPort())
                .setLocalPortRange(0)
                .setIpFinder(new TcpDiscoveryVmIpFinder(false).setAddresses(settings.discoveryAddresses())));
        TcpCommunicationSpi communication =
                base.getCommunicationSpi() instanceof TcpCommunicationSpi given ? given : communication();
        communication.setLocalAddress(settings.bindAddress());
        communication.setLocalPort(settings.communicationPort());
        communication.setLocalPortRange(0);
        base.setCommunicationSpi(communication);
        NodeTls.apply(settings, base);
        return base;
    }

    /** With the kernel's sizes of buffers; {@code worker.xml} says why. */
    private static TcpCommunicationSpi communication() {
        return new TcpCommunicationSpi().setSocketSendBuffer(0).setSocketReceiveBuffer(0);
    }

    private static ClientConnectorConfiguration thin(NodeSettings settings) {
        return settings.thinPort() == 0
                ? null
                : new ClientConnectorConfiguration()
                        .setHost(LOOPBACK)
                        .setPort(settings.thinPort())
                        .setPortRange(0)
                        .setThinClientConfiguration(
                                new ThinClientConfiguration().setMaxActiveComputeTasksPerConnection(THIN_CLIENT_TASKS));
    }

    private static ConnectorConfiguration rest(NodeSettings settings) {
        if (settings.restHttpPort() == 0) {
            return null;
        }
        // Ignite's Jetty takes its address from system properties alone.
        System.setProperty("IGNITE_JETTY_HOST", LOOPBACK);
        System.setProperty("IGNITE_JETTY_PORT", Integer.toString(settings.restHttpPort()));
        return new ConnectorConfiguration()
                .setHost(LOOPBACK)
                .setPort(settings.restTcpPort())
                .setPortRange(0)
                .setThreadPoolSize(4);
    }
}
