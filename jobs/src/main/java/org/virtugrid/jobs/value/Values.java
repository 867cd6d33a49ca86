package org.virtugrid.jobs.value;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.JobContext;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.api.Records;

/**
 * A cursor over the values of one block: whole records, or one column of each. It ends early once the task is
 * cancelled.
 */
public final class Values {
    private static final int RECORDS_BETWEEN_LOOKS = 1024;

    private final JobContext context;
    private final Records records;
    private final Column column;
    private final boolean skipMissing;
    private int untilLook = RECORDS_BETWEEN_LOOKS;

    /** The values that the task's parameters {@code column}, {@code delimiter} and {@code missing} select. */
    public Values(JobContext context, Records records) throws InvalidJobException {
        this(context, records, skipsMissing(context.parameters()));
    }

    /** The values of the task's column; records without it are left out, or refused. */
    public Values(JobContext context, Records records, boolean skipMissing) throws InvalidJobException {
        this.context = context;
        this.records = records;
        this.column = new Column(context.parameters());
        this.skipMissing = skipMissing;
    }

    /** Checks the parameters of an operation that works on values, and refuses all but those and {@code more}. */
    public static void validate(JobParameters parameters, String... more) throws InvalidJobException {
        Set<String> known = new TreeSet<>(Column.PARAMETERS);
        known.add("missing");
        known.addAll(Arrays.asList(more));
        parameters.allowOnly(known);
        new Column(parameters);
        skipsMissing(parameters);
    }

    private static boolean skipsMissing(JobParameters parameters) throws InvalidJobException {
        return parameters.choice("missing", "error", "skip").equals("skip");
    }

    /** Moves to the next value; false when there is none or the task is cancelled. */
    public boolean next() throws InvalidJobException {
        while (records.next()) {
            if (--untilLook == 0) {
                untilLook = RECORDS_BETWEEN_LOOKS;
                if (context.cancelled()) {
                    return false;
                }
            }
            if (column.find(records.array(), records.offset(), records.length())) {
                return true;
            }
            if (!skipMissing) {
                throw column.missing(
                        records.array(), records.offset(), records.length(), "correct the data or give missing=skip");
            }
        }
        return false;
    }

    /** The bytes that hold the current value. */
    public byte[] array() {
        return records.array();
    }

    /** Where the current value begins. */
    public int offset() {
        return column.offset();
    }

    /** How many bytes the current value has. */
    public int length() {
        return column.length();
    }
}
