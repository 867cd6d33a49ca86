package org.virtugrid.bench.bare;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.ignite.cache.CacheAtomicityMode;
import org.apache.ignite.cache.CacheMode;
import org.apache.ignite.cache.CacheWriteSynchronizationMode;
import org.apache.ignite.cache.PartitionLossPolicy;
import org.apache.ignite.configuration.CacheConfiguration;
import org.apache.ignite.configuration.DataRegionConfiguration;
import org.apache.ignite.configuration.DataStorageConfiguration;
import org.apache.ignite.configuration.IgniteConfiguration;
import org.apache.ignite.configuration.WALMode;
import org.apache.ignite.logger.NullLogger;
import org.apache.ignite.spi.communication.tcp.TcpCommunicationSpi;
import org.apache.ignite.spi.discovery.tcp.TcpDiscoverySpi;
import org.apache.ignite.spi.discovery.tcp.ipfinder.vm.TcpDiscoveryVmIpFinder;

/** Configuration of nodes and caches, with the values that VirtuGrid's workers have. */
final class BareConfig {
    static final String CHUNKS = "chunks";
    static final String SORTED = "sorted";
    static final String FILES = "files";
    static final String TASKS = "tasks";

    private static final String HOST = "127.0.0.1";
    private static final int MIB = 1 << 20;

    private BareConfig() {}

    /** What every node needs; the addresses are those of all servers. */
    static IgniteConfiguration node(String name, Path work, int communicationPort, String addresses) {
        TcpDiscoveryVmIpFinder finder = new TcpDiscoveryVmIpFinder(false);
        finder.setAddresses(List.of(addresses.split(",", -1)));
        return new IgniteConfiguration()
                .setIgniteInstanceName(name)
                .setConsistentId(name)
                .setWorkDirectory(work.toString())
                .setLocalHost(HOST)
                .setIncludeProperties()
                .setMetricsLogFrequency(0)
                .setGridLogger(new NullLogger())
                .setConnectorConfiguration(null)
                .setClientConnectorConfiguration(null)
                .setSystemWorkerBlockedTimeout(60_000)
                .setFailureDetectionTimeout(10_000)
                .setDiscoverySpi(new TcpDiscoverySpi().setLocalAddress(HOST).setIpFinder(finder))
                .setCommunicationSpi(new TcpCommunicationSpi()
                        .setLocalPort(communicationPort)
                        .setLocalPortRange(0)
                        // Ignite's 32 KiB are less than a segment of the loopback device: transfers stall until a timer
                        .setSocketSendBuffer(0)
                        .setSocketReceiveBuffer(0)
                        .setMessageQueueLimit(1024)
                        .setSelectorsCount(2));
    }

    /** A server's pools and storage. */
    static IgniteConfiguration server(IgniteConfiguration node, int discoveryPort, long regionBytes, boolean durable) {
        ((TcpDiscoverySpi) node.getDiscoverySpi()).setLocalPort(discoveryPort).setLocalPortRange(0);
        DataRegionConfiguration region = new DataRegionConfiguration()
                .setName("default")
                .setPersistenceEnabled(durable)
                .setInitialSize(16L * MIB)
                .setMaxSize(regionBytes);
        if (durable) {
            region.setCheckpointPageBufferSize(Math.max(32L * MIB, regionBytes / 4));
        }
        return node.setPublicThreadPoolSize(8)
                .setSystemThreadPoolSize(4)
                .setStripedPoolSize(4)
                .setDataStreamerThreadPoolSize(4)
                .setDataStorageConfiguration(new DataStorageConfiguration()
                        .setDefaultDataRegionConfiguration(region)
                        .setWalMode(WALMode.LOG_ONLY)
                        .setWalSegments(8)
                        .setWalSegmentSize(64 * MIB)
                        .setMaxWalArchiveSize(1024L * MIB)
                        .setWalPath("db/wal")
                        .setWalArchivePath("db/wal")
                        .setCheckpointFrequency(60_000)
                        .setWriteThrottlingEnabled(true));
    }

    static <K, V> CacheConfiguration<K, V> cache(String name) {
        return new CacheConfiguration<K, V>(name)
                .setCacheMode(CacheMode.PARTITIONED)
                .setAtomicityMode(CacheAtomicityMode.ATOMIC)
                .setBackups(1)
                .setAffinity(new ChunkAffinity())
                .setWriteSynchronizationMode(CacheWriteSynchronizationMode.FULL_SYNC)
                .setPartitionLossPolicy(PartitionLossPolicy.READ_WRITE_SAFE);
    }

    static String addresses(int[] ports) {
        return String.join(
                ",", Arrays.stream(ports).mapToObj(port -> HOST + ":" + port).toList());
    }
}
