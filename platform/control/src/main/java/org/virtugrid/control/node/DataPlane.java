package org.virtugrid.control.node;

import org.virtugrid.grid.compute.Tasks;
import org.virtugrid.grid.dataset.Datasets;
import org.virtugrid.grid.topology.CopyMap;

/** What the grid offers once it is active and its system caches are there. */
public interface DataPlane {

    /** Its datasets. */
    Datasets datasets();

    /** Its tasks. */
    Tasks tasks();

    /** Where its copies lie. */
    CopyMap copies();

    /** Ends what a crash of control left half done; may take long. */
    void tidy();
}
