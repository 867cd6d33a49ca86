package org.virtugrid.grid.thin;

import org.virtugrid.grid.GridServices;
import org.virtugrid.grid.compute.TaskSpec;

/**
 * Submits a data processing task. Arguments: operation, and dataset or input (a JSON array as text); parameters (a map),
 * saveAs, wait (a boolean). Answers the task as JSON; with wait, when it has ended.
 */
public final class RunProcess extends ThinTask {
    private static final long serialVersionUID = 1L;

    @Override
    String answer(GridServices services, Arguments arguments) {
        if (arguments.begun() == null) {
            arguments.know("operation", "dataset", "input", "parameters", "saveAs", "wait");
            TaskSpec spec = new TaskSpec(
                    "process",
                    arguments.requiredText("operation"),
                    arguments.parameters(),
                    arguments.text("dataset"),
                    arguments.text("input"),
                    arguments.text("saveAs"));
            boolean wait = arguments.flag("wait");
            arguments.begun(services.tasks().submit(spec).id());
            if (!wait) {
                return TaskJson.of(services.tasks(), arguments.begun());
            }
        }
        return TaskJson.ofEnded(services.tasks(), arguments.begun());
    }
}
