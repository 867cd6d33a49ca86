package org.virtugrid.grid.dataset;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ignite.Ignite;
import org.virtugrid.grid.fault.CacheTrouble;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.Caches;

/** The datasets over Ignite: a cache a dataset, a catalogue entry, a chunk table. */
public final class DatasetService implements Datasets {
    private static final int MOST_LOST = 1000;

    private final Ignite ignite;
    private final Clock clock;
    private final DatasetCatalogue catalogue;
    private final DatasetReader reader;
    private final ChunkLocator locator;
    private final SecureRandom random = new SecureRandom();
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    /** The datasets of an active grid. */
    public DatasetService(Ignite ignite, Clock clock) {
        this.ignite = ignite;
        this.clock = clock;
        this.catalogue = new DatasetCatalogue(ignite);
        this.reader = new DatasetReader(ignite, catalogue);
        this.locator = new ChunkLocator(ignite);
    }

    @Override
    public DatasetUpload create(UploadOptions options) {
        UploadCheck.requireValid(options, ignite);
        claim(options.name());
        try {
            DatasetInfo broken = catalogue.upload(options.name());
            if (broken != null && broken.producedBy() == null) {
                discard(broken);
            }
            DatasetInfo info = DatasetInfo.uploading(newUid(), options, clock.instant());
            catalogue.begin(info, "datasetId");
            ignite.createCache(Caches.dataset(info.cacheName(), info.backups()));
            ChunkWriter writer = new ChunkWriter(ignite, catalogue, info, List.of());
            Splitter splitter = Splitter.of(options, writer, 0, true);
            return new StreamingUpload(this, catalogue, info, writer, splitter, Checksums.sha256(), 0, clock);
        } catch (RuntimeException e) {
            underWay.remove(options.name());
            throw unavailable("store dataset " + options.name(), e);
        }
    }

    private void claim(String name) {
        if (!underWay.add(name)) {
            throw new GridException(
                    GridException.Kind.CONFLICT,
                    "datasetId",
                    "an upload of dataset " + name + " is under way",
                    "wait for it, or choose another name");
        }
    }

    @Override
    public DatasetUpload resume(String name) {
        claim(name);
        try {
            DatasetInfo info = requireUpload(name);
            MessageDigest digest = Checksums.sha256();
            List<ChunkRow> rows = resumableRows(info);
            DatasetReader.Prefix prefix = reader.digest(info, rows, digest);
            ChunkWriter writer = new ChunkWriter(ignite, catalogue, info, rows);
            UploadOptions options = new UploadOptions(
                    name,
                    info.strategy(),
                    info.chunkSizeBytes(),
                    info.backups(),
                    info.keyColumn(),
                    info.delimiter(),
                    null);
            Splitter splitter = Splitter.of(options, writer, rows.size(), prefix.endsLine());
            return new StreamingUpload(this, catalogue, info, writer, splitter, digest, prefix.bytes(), clock);
        } catch (RuntimeException e) {
            underWay.remove(name);
            throw unavailable("resume the upload of " + name, e);
        }
    }

    @Override
    public PartialUpload partial(String name) {
        DatasetInfo info = requireUpload(name);
        MessageDigest digest = Checksums.sha256();
        DatasetReader.Prefix prefix = reader.digest(info, resumableRows(info), digest);
        return new PartialUpload(info, prefix.bytes(), HexFormat.of().formatHex(digest.digest()));
    }

    private DatasetInfo requireUpload(String name) {
        DatasetInfo info = catalogue.upload(name);
        if (info == null || info.producedBy() != null) {
            throw GridException.notFound("unfinished upload", name, "put the dataset without --resume");
        }
        return info;
    }

    /** Whole pages, and with strategy key whole windows, of what is stored. */
    private List<ChunkRow> resumableRows(DatasetInfo info) {
        List<ChunkRow> rows = catalogue.storedRows(info.uid());
        int count = rows.size();
        if (info.strategy() == PartitionStrategy.KEY) {
            while (count > 0 && rows.get(count - 1).kind() != ChunkRow.Kind.ORDER) {
                count--;
            }
        }
        return new ArrayList<>(rows.subList(0, count));
    }

    @Override
    public Optional<DatasetInfo> find(String name) {
        DatasetInfo info = catalogue.find(name);
        if (info != null && info.state() == DatasetState.DELETING) {
            return Optional.empty();
        }
        return Optional.ofNullable(info == null ? catalogue.upload(name) : withDigest(withLoss(info)));
    }

    @Override
    public List<DatasetInfo> list() {
        return catalogue.all().stream()
                .filter(info -> info.state() != DatasetState.DELETING)
                .map(this::withLoss)
                .toList();
    }

    /** The SHA-256 of a task's output is computed when it is first asked for: tasks write their parts at the same time. */
    private DatasetInfo withDigest(DatasetInfo info) {
        if (info.state() != DatasetState.READY || info.sha256() != null) {
            return info;
        }
        MessageDigest digest = Checksums.sha256();
        reader.digest(info, catalogue.table(info), digest);
        String sha256 = HexFormat.of().formatHex(digest.digest());
        return catalogue.change(
                info.name(),
                false,
                now -> now.uid().equals(info.uid())
                        ? now.withContent(now.state(), now.sizeBytes(), now.chunks(), sha256, now.seconds())
                        : now);
    }

    private DatasetInfo withLoss(DatasetInfo info) {
        return info.state() == DatasetState.READY && locator.hasLoss(info) ? info.withState(DatasetState.LOSSY) : info;
    }

    @Override
    public boolean delete(String name) {
        if (underWay.contains(name)) {
            throw new GridException(
                    GridException.Kind.CONFLICT,
                    "datasetId",
                    "an upload of dataset " + name + " is under way",
                    "end it first");
        }
        DatasetInfo unfinished = catalogue.upload(name);
        if (unfinished != null) {
            discard(unfinished);
        }
        DatasetInfo info = catalogue.change(name, false, now -> now.withState(DatasetState.DELETING));
        if (info != null) {
            destroy(info);
            catalogue.change(name, false, now -> now.uid().equals(info.uid()) ? null : now);
        }
        return info != null || unfinished != null;
    }

    /** Ends deletions that a crash cut short. */
    public void tidy() {
        List<DatasetInfo> all = catalogue.all();
        for (DatasetInfo info : all) {
            if (info.state() == DatasetState.DELETING) {
                delete(info.name());
            }
        }
        destroyUnknown();
    }

    /**
     * Drops caches that no dataset has, which are left of one that was being deleted when everything was killed. A record
     * is made before its cache; it may move in the catalogue while that is read, but it does so only once.
     */
    private void destroyUnknown() {
        Set<String> unknown = new HashSet<>(ignite.cacheNames());
        unknown.removeIf(cache -> !cache.startsWith(Caches.DATASET_PREFIX));
        for (int look = 0; look < 2 && !unknown.isEmpty(); look++) {
            catalogue.all().stream().map(DatasetInfo::cacheName).forEach(unknown::remove);
        }
        unknown.forEach(ignite::destroyCache);
    }

    void discard(DatasetInfo info) {
        destroy(info);
        catalogue.removeUpload(info);
    }

    private void destroy(DatasetInfo info) {
        ignite.destroyCache(info.cacheName());
        catalogue.removeTable(info.uid(), info.chunks());
    }

    void ended(DatasetInfo info) {
        underWay.remove(info.name());
    }

    @Override
    public void read(String name, OutputStream out) throws IOException {
        DatasetInfo info = catalogue.require(name);
        reader.write(info, catalogue.table(info), out);
    }

    @Override
    public List<ChunkLocation> chunks(String name) {
        DatasetInfo info = catalogue.require(name);
        return locator.locate(info, catalogue.table(info));
    }

    @Override
    public List<Integer> lostChunks(String name) {
        DatasetInfo info = catalogue.find(name);
        if (info == null || !locator.hasLoss(info)) {
            return List.of();
        }
        return locator.lost(info, catalogue.table(info), MOST_LOST);
    }

    private String newUid() {
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static RuntimeException unavailable(String what, RuntimeException cause) {
        if (cause instanceof GridException) {
            return cause;
        }
        return CacheTrouble.of(cause)
                .orElseGet(() -> new GridException(
                        GridException.Kind.UNAVAILABLE,
                        null,
                        "cannot " + what + " now: " + cause.getMessage(),
                        "see status, then try again",
                        cause));
    }
}
