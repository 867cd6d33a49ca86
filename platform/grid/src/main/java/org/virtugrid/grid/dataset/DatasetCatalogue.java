package org.virtugrid.grid.dataset;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.cache.Cache;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.cache.query.ScanQuery;
import org.apache.ignite.transactions.Transaction;
import org.apache.ignite.transactions.TransactionConcurrency;
import org.apache.ignite.transactions.TransactionIsolation;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.Caches;

/**
 * The catalogue's two caches: entries by name, chunk tables by uid and page. An unfinished upload stands under its name
 * and a suffix that no name can have, beside a dataset that is there already.
 */
public final class DatasetCatalogue {
    private static final String UPLOAD = "#upload";

    private final Ignite ignite;

    /** The catalogue of this grid; its caches must be there. */
    public DatasetCatalogue(Ignite ignite) {
        this.ignite = ignite;
    }

    /** Makes the caches; idempotent. */
    public static void initialise(Ignite ignite) {
        ignite.getOrCreateCache(Caches.<String, DatasetInfo>catalogue(Caches.DATASETS));
        ignite.getOrCreateCache(Caches.<String, ChunkPage>catalogue(Caches.CHUNK_TABLES));
    }

    private IgniteCache<String, DatasetInfo> entries() {
        return ignite.cache(Caches.DATASETS);
    }

    private IgniteCache<String, ChunkPage> tables() {
        return ignite.cache(Caches.CHUNK_TABLES);
    }

    /** The complete dataset by that name, or null. */
    public DatasetInfo find(String name) {
        return entries().get(name);
    }

    /** The unfinished upload of that name, or null. */
    DatasetInfo upload(String name) {
        return entries().get(name + UPLOAD);
    }

    /** The complete dataset by that name; an exception that says what is there instead. */
    public DatasetInfo require(String name) {
        DatasetInfo info = name == null ? null : find(name);
        if (info != null && info.state() != DatasetState.DELETING) {
            return info;
        }
        DatasetInfo unfinished = name == null || info != null ? null : upload(name);
        if (unfinished == null) {
            throw GridException.notFound("dataset", name, "dataset list shows what is there");
        }
        throw new GridException(
                GridException.Kind.NOT_FOUND,
                "dataset",
                "dataset " + name + " is not complete: " + maker(unfinished),
                unfinished.producedBy() == null
                        ? "wait for the upload, or end it with dataset put --resume"
                        : "wait for the task");
    }

    private static String maker(DatasetInfo unfinished) {
        return unfinished.producedBy() == null
                ? "its upload has not ended"
                : "task " + unfinished.producedBy() + " is making it";
    }

    /**
     * Takes a name for a dataset that is to be made.
     *
     * @param field how the user calls the name, for the exception when somebody else is making a dataset of that name
     */
    void begin(DatasetInfo info, String field) {
        DatasetInfo there = inTransaction(() -> {
            DatasetInfo now = upload(info.name());
            if (now == null) {
                entries().put(info.name() + UPLOAD, info);
            }
            return now;
        });
        if (there != null) {
            throw taken(there, field);
        }
    }

    /** Refuses a name under which somebody makes a dataset now. */
    public void requireNotBegun(String name, String field) {
        DatasetInfo there = upload(name);
        if (there != null) {
            throw taken(there, field);
        }
    }

    private static GridException taken(DatasetInfo unfinished, String field) {
        String name = unfinished.name();
        return new GridException(
                GridException.Kind.CONFLICT,
                field,
                "there is an unfinished dataset " + name + ": " + maker(unfinished),
                "wait for it, choose another name, or give it up with dataset delete " + name);
    }

    void removeUpload(DatasetInfo info) {
        inTransaction(() -> {
            DatasetInfo now = entries().get(info.name() + UPLOAD);
            if (now != null && now.uid().equals(info.uid())) {
                entries().remove(info.name() + UPLOAD);
            }
            return null;
        });
    }

    /**
     * Publishes a complete dataset in place of its upload.
     *
     * @param replaces tells, from the dataset that is there, whether it may be replaced
     * @return the dataset that stayed, or null when this one is published
     */
    DatasetInfo publish(DatasetInfo info, java.util.function.Predicate<DatasetInfo> replaces) {
        return inTransaction(() -> {
            DatasetInfo there = entries().get(info.name());
            if (there != null && !there.uid().equals(info.uid()) && !replaces.test(there)) {
                return there;
            }
            entries().put(info.name(), info);
            entries().remove(info.name() + UPLOAD);
            return null;
        });
    }

    /** Publishes what a task has stored whole under that name; true also when that was done before. */
    boolean publishOutput(String name, String taskId) {
        return inTransaction(() -> {
            DatasetInfo there = entries().get(name);
            if (there != null && taskId.equals(there.producedBy())) {
                return true;
            }
            DatasetInfo output = entries().get(name + UPLOAD);
            if (there != null || output == null || !taskId.equals(output.producedBy())) {
                return false;
            }
            entries().put(name, output.withState(DatasetState.READY));
            entries().remove(name + UPLOAD);
            return true;
        });
    }

    /** Changes an entry in a transaction; null from the change removes it. The entry after the change. */
    DatasetInfo change(String name, boolean unfinished, UnaryOperator<DatasetInfo> change) {
        String key = unfinished ? name + UPLOAD : name;
        return inTransaction(() -> {
            DatasetInfo now = entries().get(key);
            DatasetInfo next = now == null ? null : change.apply(now);
            if (next == null) {
                entries().remove(key);
            } else {
                entries().put(key, next);
            }
            return next;
        });
    }

    private <T> T inTransaction(java.util.function.Supplier<T> work) {
        try (Transaction transaction = ignite.transactions()
                .txStart(TransactionConcurrency.PESSIMISTIC, TransactionIsolation.REPEATABLE_READ)) {
            T result = work.get();
            transaction.commit();
            return result;
        }
    }

    /** Every entry, unfinished uploads included, by name. */
    List<DatasetInfo> all() {
        List<DatasetInfo> found = new ArrayList<>();
        try (var cursor = entries().query(new ScanQuery<String, DatasetInfo>())) {
            for (Cache.Entry<String, DatasetInfo> entry : cursor) {
                found.add(entry.getValue());
            }
        }
        found.sort(Comparator.comparing(DatasetInfo::name).thenComparing(DatasetInfo::uid));
        return found;
    }

    /** The chunk table of a complete dataset. */
    public List<ChunkRow> table(DatasetInfo info) {
        List<ChunkRow> rows = storedRows(info.uid());
        if (rows.size() != info.chunks()) {
            throw GridException.unavailable(
                    "the chunk table of dataset " + info.name() + " has " + rows.size() + " of " + info.chunks()
                            + " rows",
                    "bring all workers back, see status");
        }
        return rows;
    }

    /** The rows that are stored of a table, complete or not. */
    List<ChunkRow> storedRows(String uid) {
        List<ChunkRow> rows = new ArrayList<>();
        for (int first = 0; ; first += ChunkPage.ROWS) {
            Set<String> keys = new HashSet<>();
            for (int page = first; page < first + ChunkPage.ROWS; page++) {
                keys.add(pageKey(uid, page));
            }
            Map<String, ChunkPage> pages = tables().getAll(keys);
            for (int page = first; page < first + ChunkPage.ROWS; page++) {
                ChunkPage found = pages.get(pageKey(uid, page));
                if (found == null) {
                    return rows;
                }
                rows.addAll(found.rows());
            }
        }
    }

    void putPage(String uid, int page, ChunkPage rows) {
        tables().put(pageKey(uid, page), rows);
    }

    void putTable(String uid, List<ChunkRow> rows) {
        for (int from = 0; from < rows.size(); from += ChunkPage.ROWS) {
            putPage(
                    uid,
                    from / ChunkPage.ROWS,
                    new ChunkPage(rows.subList(from, Math.min(rows.size(), from + ChunkPage.ROWS))));
        }
    }

    void removeTable(String uid, int chunks) {
        int pages = (chunks + ChunkPage.ROWS - 1) / ChunkPage.ROWS;
        for (int page = 0; page < pages || tables().containsKey(pageKey(uid, page)); page++) {
            tables().remove(pageKey(uid, page));
        }
    }

    private static String pageKey(String uid, int page) {
        return uid + ":" + page;
    }
}
