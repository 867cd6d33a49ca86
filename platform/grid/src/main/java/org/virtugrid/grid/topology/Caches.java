package org.virtugrid.grid.topology;

import java.util.List;
import org.apache.ignite.cache.CacheAtomicityMode;
import org.apache.ignite.cache.CacheMode;
import org.apache.ignite.cache.CacheWriteSynchronizationMode;
import org.apache.ignite.cache.PartitionLossPolicy;
import org.apache.ignite.cache.affinity.rendezvous.RendezvousAffinityFunction;
import org.apache.ignite.configuration.CacheConfiguration;

/** What every cache on workers has in common, and the names of those that the platform keeps for itself. */
public final class Caches {
    /** The catalogue of datasets, by name. */
    public static final String DATASETS = "virtugrid-datasets";
    /** Chunk tables of datasets, by uid and page. */
    public static final String CHUNK_TABLES = "virtugrid-chunk-tables";
    /** Tasks, by id. */
    public static final String TASKS = "virtugrid-tasks";
    /** What names of caches that hold a dataset's chunks begin with. */
    public static final String DATASET_PREFIX = "dataset-";

    /** What names of caches begin with through which thin clients load datasets. */
    public static final String LOAD_PREFIX = "load-";

    private static final int CATALOGUE_BACKUPS = 2;
    private static final int TASK_BACKUPS = 1;
    private static final int USER_BACKUPS = 1;

    private Caches() {}

    /** The catalogue: one copy more than data usually has, since little is lost with it only if nothing is. */
    public static <K, V> CacheConfiguration<K, V> catalogue(String name) {
        return Caches.<K, V>onWorkers(name, CATALOGUE_BACKUPS).setAtomicityMode(CacheAtomicityMode.TRANSACTIONAL);
    }

    /** The tasks. Read from primary copies only, so that nobody sees a task go back to what it was. */
    public static <K, V> CacheConfiguration<K, V> tasks() {
        return Caches.<K, V>onWorkers(TASKS, TASK_BACKUPS)
                .setAtomicityMode(CacheAtomicityMode.ATOMIC)
                .setReadFromBackup(false);
    }

    /** The chunks of one dataset. */
    public static CacheConfiguration<Long, byte[]> dataset(String name, int backups) {
        return Caches.<Long, byte[]>onWorkers(name, backups).setAtomicityMode(CacheAtomicityMode.ATOMIC);
    }

    /** Pieces of a dataset that a thin client loads, by number. */
    public static CacheConfiguration<Integer, byte[]> load(String name, int backups) {
        return Caches.<Integer, byte[]>onWorkers(name, backups).setAtomicityMode(CacheAtomicityMode.ATOMIC);
    }

    /**
     * Templates for caches and tables that users make through SQL and Ignite REST, under the names those look for by
     * themselves: such caches too lie on workers, with a copy.
     */
    public static List<CacheConfiguration<Object, Object>> ofUsers() {
        CacheConfiguration<Object, Object> partitioned = onWorkers("PARTITIONED", USER_BACKUPS);
        partitioned.setAffinity(new RendezvousAffinityFunction(true, SlotAffinity.PARTITIONS));
        CacheConfiguration<Object, Object> replicated = onWorkers("REPLICATED", 0);
        replicated
                .setCacheMode(CacheMode.REPLICATED)
                .setAffinity(new RendezvousAffinityFunction(true, SlotAffinity.PARTITIONS));
        return List.of(partitioned, replicated);
    }

    private static <K, V> CacheConfiguration<K, V> onWorkers(String name, int backups) {
        return new CacheConfiguration<K, V>(name)
                .setCacheMode(CacheMode.PARTITIONED)
                .setBackups(backups)
                .setAffinity(new SlotAffinity())
                .setNodeFilter(new WorkerFilter())
                .setTopologyValidator(new WorkerMajority())
                .setPartitionLossPolicy(PartitionLossPolicy.READ_WRITE_SAFE)
                .setWriteSynchronizationMode(CacheWriteSynchronizationMode.FULL_SYNC)
                .setReadFromBackup(true)
                .setStatisticsEnabled(false);
    }
}
