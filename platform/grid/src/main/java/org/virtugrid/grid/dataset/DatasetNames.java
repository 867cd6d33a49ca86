package org.virtugrid.grid.dataset;

import org.apache.ignite.Ignite;
import org.virtugrid.grid.topology.Caches;

/** What users call a cache: the dataset whose chunks it holds, or what of the platform it is. */
public final class DatasetNames {
    private final Ignite ignite;

    /** The names of this grid's caches. */
    public DatasetNames(Ignite ignite) {
        this.ignite = ignite;
    }

    /** "dataset NAME", "the task records", or "cache NAME". */
    public String label(String cacheName) {
        if (cacheName.equals(Caches.TASKS)) {
            return "the task records";
        }
        if (cacheName.equals(Caches.DATASETS)) {
            return "the dataset catalogue";
        }
        if (cacheName.equals(Caches.CHUNK_TABLES)) {
            return "the chunk tables of datasets";
        }
        if (cacheName.startsWith(Caches.DATASET_PREFIX)) {
            for (DatasetInfo info : new DatasetCatalogue(ignite).all()) {
                if (info.cacheName().equals(cacheName)) {
                    return "dataset " + info.name();
                }
            }
        }
        if (cacheName.startsWith(Caches.LOAD_PREFIX)) {
            return "a thin client's load";
        }
        return "cache " + cacheName;
    }
}
