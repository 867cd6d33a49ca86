package org.virtugrid.jobs.value;

import java.util.Arrays;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.JobContext;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.api.Records;

/** A cursor over the numbers among the values of one block; blank values are left out. */
public final class Numbers {
    private final Values values;
    private final boolean skipInvalid;
    private final NumberText number = new NumberText();

    /** The numbers that the task's parameters select. */
    public Numbers(JobContext context, Records records) throws InvalidJobException {
        this.values = new Values(context, records);
        this.skipInvalid = skipsInvalid(context.parameters());
    }

    /** Checks the parameters of an operation that works on numbers, and refuses all but those and {@code more}. */
    public static void validate(JobParameters parameters, String... more) throws InvalidJobException {
        String[] known = Arrays.copyOf(more, more.length + 1);
        known[more.length] = "invalid";
        Values.validate(parameters, known);
        skipsInvalid(parameters);
    }

    private static boolean skipsInvalid(JobParameters parameters) throws InvalidJobException {
        return parameters.choice("invalid", "error", "skip").equals("skip");
    }

    /** Moves to the next number; false when there is none or the task is cancelled. */
    public boolean next() throws InvalidJobException {
        while (values.next()) {
            NumberText.Outcome outcome = number.read(values.array(), values.offset(), values.length());
            if (outcome == NumberText.Outcome.NUMBER) {
                return true;
            }
            if (outcome == NumberText.Outcome.OTHER && !skipInvalid) {
                throw NumberText.notANumber(
                        values.array(),
                        values.offset(),
                        values.length(),
                        "correct the data, give invalid=skip, or name the column of numbers");
            }
        }
        return false;
    }

    /** The current number. */
    public NumberText number() {
        return number;
    }
}
