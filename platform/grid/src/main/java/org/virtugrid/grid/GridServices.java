package org.virtugrid.grid;

import java.time.Clock;
import org.apache.ignite.Ignite;
import org.virtugrid.grid.compute.TaskService;
import org.virtugrid.grid.compute.Tasks;
import org.virtugrid.grid.dataset.DatasetCatalogue;
import org.virtugrid.grid.dataset.DatasetNames;
import org.virtugrid.grid.dataset.DatasetService;
import org.virtugrid.grid.dataset.Datasets;
import org.virtugrid.grid.topology.Caches;
import org.virtugrid.grid.topology.CopyMap;
import org.virtugrid.grid.topology.CopyMapService;

/** What an active grid offers, for the node that it is made with. Safe for use by several threads. */
public final class GridServices {
    private final DatasetService datasets;
    private final TaskService tasks;
    private final CopyMapService copies;

    /** The services of a grid; call {@link #initialise} once it is active, before they are used. */
    public GridServices(Ignite ignite, Clock clock) {
        this.datasets = new DatasetService(ignite, clock);
        this.tasks = new TaskService(ignite, clock);
        this.copies = new CopyMapService(ignite, new DatasetNames(ignite)::label);
    }

    /** Makes the platform's own caches; idempotent; needs an active grid. */
    public static void initialise(Ignite ignite) {
        DatasetCatalogue.initialise(ignite);
        TaskService.initialise(ignite);
        Caches.ofUsers().forEach(ignite::addCacheConfiguration);
    }

    /** Ends what a crash left half done. */
    public void tidy() {
        datasets.tidy();
    }

    /** The datasets. */
    public Datasets datasets() {
        return datasets;
    }

    /** The tasks. */
    public Tasks tasks() {
        return tasks;
    }

    /** Which worker holds which copies. */
    public CopyMap copies() {
        return copies;
    }
}
