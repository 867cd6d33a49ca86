package org.virtugrid.grid;

import java.time.Clock;
import org.apache.ignite.Ignite;
import org.virtugrid.grid.compute.TaskService;
import org.virtugrid.grid.compute.Tasks;
import org.virtugrid.grid.dataset.DatasetCatalogue;
import org.virtugrid.grid.dataset.DatasetNames;
import org.virtugrid.grid.dataset.DatasetService;
import org.virtugrid.grid.dataset.Datasets;
import org.virtugrid.grid.dataset.StagedLoads;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.Caches;
import org.virtugrid.grid.topology.CopyMap;
import org.virtugrid.grid.topology.CopyMapService;

/** What an active grid offers, for the node that it is made with. Safe for use by several threads. */
public final class GridServices {
    private static final String IN_NODE = "virtugrid-services";

    private final DatasetService datasets;
    private final TaskService tasks;
    private final CopyMapService copies;
    private final StagedLoads loads;

    /** The services of a grid; call {@link #initialise} once it is active, before they are used. */
    public GridServices(Ignite ignite, Clock clock) {
        this.datasets = new DatasetService(ignite, clock);
        this.tasks = new TaskService(ignite, clock);
        this.loads = new StagedLoads(ignite, datasets);
        this.copies = new CopyMapService(ignite, new DatasetNames(ignite)::label);
    }

    /** Offers these services to tasks that thin clients run on this node. */
    public void offer(Ignite ignite) {
        ignite.cluster().<String, GridServices>nodeLocalMap().put(IN_NODE, this);
    }

    /** The services that this node offers. */
    public static GridServices of(Ignite ignite) {
        GridServices services =
                ignite.cluster().<String, GridServices>nodeLocalMap().get(IN_NODE);
        if (services == null) {
            throw GridException.unavailable("the grid is not ready", "try again shortly");
        }
        return services;
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
        loads.tidy();
    }

    /** Datasets that thin clients load through a cache. */
    public StagedLoads loads() {
        return loads;
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
