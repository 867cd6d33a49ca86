package org.virtugrid.jobs.sort;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.Job;
import org.virtugrid.jobs.api.JobContext;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.api.JobResult;
import org.virtugrid.jobs.api.Records;
import org.virtugrid.jobs.api.ValueRecords;
import org.virtugrid.jobs.api.ValueRecords.Kind;
import org.virtugrid.jobs.value.ByteText;
import org.virtugrid.jobs.value.NumberText;

/**
 * Sorts inline values into an array: numbers by value, strings by their bytes.
 *
 * <p>A dataset is sorted by the platform out of the parts beside this class; this job then only checks the parameters.
 */
public final class SortJob implements Job<SortPartial> {

    @Override
    public String name() {
        return "sort";
    }

    @Override
    public void validate(JobParameters parameters) throws InvalidJobException {
        LineOrder.validate(parameters);
    }

    @Override
    public SortPartial create(JobContext context) {
        return new SortPartial();
    }

    @Override
    public SortPartial fold(JobContext context, SortPartial partial, Records records) throws InvalidJobException {
        while (records.next() && !context.cancelled()) {
            byte[] value = Arrays.copyOfRange(records.array(), records.offset(), records.offset() + records.length());
            Kind kind = records instanceof ValueRecords values ? values.kind() : Kind.STRING;
            if (kind == Kind.OTHER) {
                throw new InvalidJobException(
                        "input",
                        "'" + ByteText.excerpt(value, 0, value.length) + "' is neither a number nor a string",
                        "leave it out");
            }
            partial.add(value, kind == Kind.NUMBER);
        }
        return checked(context, partial);
    }

    @Override
    public SortPartial reduce(JobContext context, SortPartial left, SortPartial right) throws InvalidJobException {
        left.addAll(right);
        return checked(context, left);
    }

    private SortPartial checked(JobContext context, SortPartial partial) throws InvalidJobException {
        if (partial.bytes() > context.partialBytesLimit()) {
            throw InvalidJobException.tooLarge(context, name());
        }
        return partial;
    }

    @Override
    public JobResult finish(JobContext context, SortPartial total) throws InvalidJobException {
        if (total.isMixed()) {
            throw new InvalidJobException(
                    "input", "holds both numbers and strings", "put all of them, or none, in quotes");
        }
        JobParameters parameters = context.parameters();
        boolean numeric = parameters.has("numeric") ? parameters.flag("numeric") : total.isOfNumbers();
        LineSorter sorter = new LineSorter(new LineOrder(parameters, numeric), (int) Math.min(total.bytes(), 1 << 20));
        for (byte[] value : total.values()) {
            sorter.add(value, 0, value.length);
        }
        sorter.sort();
        List<Object> sorted = new ArrayList<>(sorter.count());
        for (byte[] value : sorter.lines()) {
            sorted.add(total.isOfNumbers() ? NumberText.ofJson(value) : ByteText.of(value));
        }
        return new JobResult(sorted);
    }
}
