package org.virtugrid.grid.dataset;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.cache.CachePeekMode;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.Caches;
import org.virtugrid.grid.topology.NodeAttributes;
import org.virtugrid.grid.topology.NodeRole;

/**
 * Datasets that come piece by piece through a cache, for clients that know caches and nothing else. The cache holds
 * pieces 0, 1, 2, … as byte arrays until they are committed; it does not outlive the control node.
 */
public final class StagedLoads {
    /** The largest piece; more would not fit beside others into a worker's memory. */
    public static final int LARGEST_PIECE = 16 << 20;

    private static final Pattern CACHE = Pattern.compile(Caches.LOAD_PREFIX + "[0-9a-f]{16}");

    private final Ignite ignite;
    private final Datasets datasets;
    private final SecureRandom random = new SecureRandom();
    private final Set<String> ours = ConcurrentHashMap.newKeySet();

    /** Loads into these datasets. */
    public StagedLoads(Ignite ignite, Datasets datasets) {
        this.ignite = ignite;
        this.datasets = datasets;
    }

    /** Makes a cache for the pieces of one dataset and returns its name. */
    public String begin() {
        byte[] id = new byte[8];
        random.nextBytes(id);
        String name = Caches.LOAD_PREFIX + HexFormat.of().formatHex(id);
        ours.add(name);
        ignite.createCache(Caches.load(name, usualBackups()));
        return name;
    }

    /** Copies that data has beside the first when nobody says how many: one where there is room for it. */
    public int usualBackups() {
        return ignite.cluster().forPredicate(NodeAttributes::isWorker).nodes().size() > 1 ? 1 : 0;
    }

    /**
     * Makes a dataset of pieces 0 to {@code pieces - 1} and drops the cache. On an error the cache stays, so that what is
     * wrong can be mended, and nothing of the dataset does.
     */
    public DatasetInfo commit(String cacheName, int pieces, UploadOptions options) {
        IgniteCache<Integer, Object> cache = require(cacheName);
        long stored = cache.sizeLong(CachePeekMode.PRIMARY);
        if (pieces < 0 || stored != pieces) {
            throw GridException.invalid(
                    "pieces",
                    "the load has " + stored + " pieces, not " + pieces,
                    "put pieces 0 to n-1 and give n as pieces");
        }
        DatasetInfo info;
        try (DatasetUpload upload = datasets.create(options)) {
            try {
                for (int number = 0; number < pieces; number++) {
                    byte[] piece = piece(cache, number);
                    upload.write(piece, 0, piece.length);
                }
                info = upload.commit();
            } catch (RuntimeException e) {
                upload.abort();
                throw e;
            }
        }
        drop(cacheName);
        return info;
    }

    /** Drops a load that is not wanted any more. */
    public void abort(String cacheName) {
        require(cacheName);
        drop(cacheName);
    }

    /** Drops loads whose clients lost their control node. Those of other control nodes that are there can't be told apart. */
    public void tidy() {
        if (!ignite.cluster()
                .forServers()
                .forRemotes()
                .forAttribute(NodeAttributes.ROLE, NodeRole.CONTROL.label())
                .nodes()
                .isEmpty()) {
            return;
        }
        List<String> old = ignite.cacheNames().stream()
                .filter(name -> CACHE.matcher(name).matches() && !ours.contains(name))
                .toList();
        ignite.destroyCaches(old);
    }

    private void drop(String cacheName) {
        ignite.destroyCache(cacheName);
        ours.remove(cacheName);
    }

    private IgniteCache<Integer, Object> require(String name) {
        if (name == null
                || !CACHE.matcher(name).matches()
                || !ignite.cacheNames().contains(name)) {
            throw GridException.notFound("load", name, "begin one, and give the name of its cache");
        }
        return ignite.cache(name);
    }

    private static byte[] piece(IgniteCache<Integer, Object> cache, int number) {
        Object piece = cache.get(number);
        if (piece == null) {
            throw GridException.invalid("pieces", "piece " + number + " is missing", "put it under that number");
        }
        if (!(piece instanceof byte[] bytes)) {
            throw GridException.invalid(
                    "pieces",
                    "piece " + number + " is a " + piece.getClass().getSimpleName(),
                    "put byte arrays under int keys");
        }
        if (bytes.length > LARGEST_PIECE) {
            throw GridException.invalid(
                    "pieces",
                    "piece " + number + " has " + bytes.length + " bytes",
                    "put pieces of at most " + LARGEST_PIECE);
        }
        return bytes;
    }
}
