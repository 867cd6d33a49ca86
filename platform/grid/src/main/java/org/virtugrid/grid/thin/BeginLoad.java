package org.virtugrid.grid.thin;

import org.virtugrid.grid.GridServices;
import org.virtugrid.grid.dataset.UploadCheck;

/**
 * Begins to load a dataset. Argument: dataset, its name. Answers the name of a cache that takes the pieces: byte arrays
 * under the int keys 0, 1, 2, …
 */
public final class BeginLoad extends ThinTask {
    private static final long serialVersionUID = 1L;

    @Override
    String answer(GridServices services, Arguments arguments) {
        arguments.know("dataset");
        UploadCheck.requireName(arguments.requiredText("dataset"));
        return services.loads().begin();
    }
}
