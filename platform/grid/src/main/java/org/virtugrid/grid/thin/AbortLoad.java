package org.virtugrid.grid.thin;

import org.virtugrid.grid.GridServices;

/** Drops a load. Argument: cache. Answers the name of the cache that is gone. */
public final class AbortLoad extends ThinTask {
    private static final long serialVersionUID = 1L;

    @Override
    String answer(GridServices services, Arguments arguments) {
        arguments.know("cache");
        String cache = arguments.requiredText("cache");
        services.loads().abort(cache);
        return cache;
    }
}
