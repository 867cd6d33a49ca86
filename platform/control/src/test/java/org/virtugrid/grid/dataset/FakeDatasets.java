package org.virtugrid.grid.dataset;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.virtugrid.grid.fault.GridException;

/** Datasets in memory. Of those larger than a megabyte only the length is kept. */
public final class FakeDatasets implements Datasets {
    private static final int KEPT = 1 << 20;

    private final Map<String, DatasetInfo> infos = new ConcurrentHashMap<>();
    private final Map<String, Partial> partials = new ConcurrentHashMap<>();
    private final Map<String, byte[]> bytes = new ConcurrentHashMap<>();

    /** When true, writing fails as it does when workers are away. */
    public volatile boolean failing;

    private static final class Partial {
        final DatasetInfo info;
        final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        final MessageDigest digest;
        private final java.util.concurrent.atomic.AtomicLong count = new java.util.concurrent.atomic.AtomicLong();

        Partial(DatasetInfo info) {
            this.info = info;
            try {
                this.digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        String sha256() {
            try {
                return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public DatasetUpload create(UploadOptions options) {
        Partial partial = new Partial(
                DatasetInfo.uploading(UUID.randomUUID().toString(), options, Instant.parse("2026-01-01T00:00:00Z")));
        partials.put(options.name(), partial);
        return new FakeUpload(partial);
    }

    @Override
    public DatasetUpload resume(String name) {
        return new FakeUpload(unfinished(name));
    }

    @Override
    public PartialUpload partial(String name) {
        Partial partial = unfinished(name);
        return new PartialUpload(partial.info, partial.count.get(), partial.sha256());
    }

    private Partial unfinished(String name) {
        return Optional.ofNullable(partials.get(name))
                .orElseThrow(() -> GridException.notFound("unfinished upload", name, null));
    }

    @Override
    public Optional<DatasetInfo> find(String name) {
        return Optional.ofNullable(infos.get(name))
                .or(() -> Optional.ofNullable(partials.get(name)).map(partial -> partial.info));
    }

    @Override
    public List<DatasetInfo> list() {
        return List.copyOf(infos.values());
    }

    @Override
    public boolean delete(String name) {
        boolean unfinished = partials.remove(name) != null;
        return infos.remove(name) != null || unfinished;
    }

    @Override
    public void read(String name, OutputStream out) throws IOException {
        byte[] content = bytes.get(name);
        if (infos.get(name).state() == DatasetState.DELETING) {
            out.write(content, 0, content.length / 2);
            out.flush();
            throw GridException.unavailable("a chunk was lost in the middle", null);
        }
        out.write(content);
    }

    @Override
    public List<ChunkLocation> chunks(String name) {
        return List.of(new ChunkLocation(0, 5, 0xCAFE, List.of("w1", "w2")), new ChunkLocation(1, 5, 1, List.of()));
    }

    @Override
    public List<Integer> lostChunks(String name) {
        return List.of(1);
    }

    /** Puts a dataset into another state. */
    public void mark(String name, DatasetState state) {
        infos.computeIfPresent(name, (key, info) -> info.withState(state));
    }

    private final class FakeUpload implements DatasetUpload {
        private final Partial partial;

        FakeUpload(Partial partial) {
            this.partial = partial;
        }

        @Override
        public long receivedBytes() {
            return partial.count.get();
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            if (failing) {
                throw GridException.unavailable("no worker takes bytes", "wait");
            }
            partial.digest.update(source, offset, length);
            partial.count.addAndGet(length);
            if (partial.count.get() <= KEPT) {
                partial.kept.write(source, offset, length);
            }
        }

        @Override
        public DatasetInfo commit() {
            String name = partial.info.name();
            DatasetInfo old = infos.get(name);
            if (old != null) {
                if (!old.sha256().equals(partial.sha256())) {
                    throw new GridException(
                            GridException.Kind.CONFLICT, "datasetId", "'" + name + "' has other bytes", "delete it");
                }
                partials.remove(name);
                return old;
            }
            DatasetInfo info =
                    partial.info.withContent(DatasetState.READY, partial.count.get(), 2, partial.sha256(), 0.5);
            infos.put(name, info);
            bytes.put(name, partial.kept.toByteArray());
            partials.remove(name);
            return info;
        }

        @Override
        public void abort() {
            partials.remove(partial.info.name());
        }

        @Override
        public void close() {}
    }
}
