package org.virtugrid.grid.thin;

import org.virtugrid.grid.GridServices;

/** A task as JSON. Arguments: taskId, and wait (a boolean) to be answered when it has ended. */
public final class ShowTask extends ThinTask {
    private static final long serialVersionUID = 1L;

    @Override
    String answer(GridServices services, Arguments arguments) {
        arguments.know("taskId", "wait");
        String id = arguments.requiredText("taskId");
        return arguments.flag("wait") ? TaskJson.ofEnded(services.tasks(), id) : TaskJson.of(services.tasks(), id);
    }
}
