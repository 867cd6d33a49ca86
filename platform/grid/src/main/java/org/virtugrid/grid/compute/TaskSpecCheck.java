package org.virtugrid.grid.compute;

import org.virtugrid.grid.dataset.DatasetCatalogue;
import org.virtugrid.grid.dataset.UploadCheck;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.jobs.api.InvalidJobException;

/** Refuses tasks that cannot succeed before they are stored. */
final class TaskSpecCheck {
    private static final int LARGEST_INPUT = 32 << 20;

    private final DatasetCatalogue catalogue;
    private final Jobs jobs = Jobs.load();

    TaskSpecCheck(DatasetCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    void validate(TaskSpec spec) {
        switch (spec.type()) {
            case "check" -> catalogue.require(spec.dataset());
            case "process" -> validateProcess(spec);
            default -> throw GridException.invalid("type", "'" + spec.type() + "' is not a task type", "use process");
        }
    }

    private void validateProcess(TaskSpec spec) {
        if ((spec.dataset() == null) == (spec.inputJson() == null)) {
            throw GridException.invalid(
                    "dataset", "a task needs either a dataset or inline input", "give exactly one of the two");
        }
        if (spec.operation() == null || spec.operation().isBlank()) {
            throw GridException.invalid("operation", "the operation is missing", "name one, such as word-count");
        }
        try {
            jobs.create(spec.operation()).validate(TaskParameters.ofJob(spec.parameters()));
            if (spec.inputJson() != null) {
                if (spec.inputJson().length() > LARGEST_INPUT) {
                    throw GridException.invalid(
                            "input",
                            "inline input has more than " + LARGEST_INPUT + " characters",
                            "put it as a dataset");
                }
                ResultJson.array(spec.inputJson());
            }
        } catch (InvalidJobException e) {
            throw new GridException(GridException.Kind.INVALID, e.field(), e.field() + ": " + e.detail(), e.fix(), e);
        }
        if (spec.dataset() != null) {
            catalogue.require(spec.dataset());
            if (spec.operation().equals("sort") && spec.saveAs() == null) {
                throw GridException.invalid(
                        "saveAs",
                        "the sort of a dataset makes a dataset, whose name is missing",
                        "give saveAs (--save-as NAME)");
            }
        }
        if (spec.saveAs() != null) {
            UploadCheck.requireName(spec.saveAs());
            if (catalogue.find(spec.saveAs()) != null) {
                throw new GridException(
                        GridException.Kind.CONFLICT,
                        "saveAs",
                        "dataset " + spec.saveAs() + " is there already",
                        "choose another name, or delete it first");
            }
            catalogue.requireNotBegun(spec.saveAs(), "saveAs");
        }
    }
}
