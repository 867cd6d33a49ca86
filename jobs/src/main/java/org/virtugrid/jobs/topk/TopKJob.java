package org.virtugrid.jobs.topk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.Job;
import org.virtugrid.jobs.api.JobContext;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.api.JobResult;
import org.virtugrid.jobs.api.Records;
import org.virtugrid.jobs.api.ValueRecords;
import org.virtugrid.jobs.value.ByteCounts;
import org.virtugrid.jobs.value.NumberText;
import org.virtugrid.jobs.value.Values;

/** The most frequent values, most frequent first; ties by unsigned byte order. */
public final class TopKJob implements Job<TopKPartial> {

    @Override
    public String name() {
        return "top-k";
    }

    @Override
    public void validate(JobParameters parameters) throws InvalidJobException {
        Values.validate(parameters, "k");
        k(parameters);
    }

    private static int k(JobParameters parameters) throws InvalidJobException {
        return (int) parameters.whole("k", 10, 1, 10_000);
    }

    @Override
    public TopKPartial create(JobContext context) {
        return new TopKPartial(new ByteCounts(), true);
    }

    @Override
    public TopKPartial fold(JobContext context, TopKPartial partial, Records records) throws InvalidJobException {
        Values values = new Values(context, records);
        ByteCounts counts = partial.counts();
        boolean onlyNumbers = partial.onlyNumbers();
        while (values.next()) {
            onlyNumbers &= records instanceof ValueRecords inline && inline.kind() == ValueRecords.Kind.NUMBER;
            counts.add(values.array(), values.offset(), values.length(), 1);
        }
        counts.checkSize(context, name());
        return new TopKPartial(counts, onlyNumbers);
    }

    @Override
    public TopKPartial reduce(JobContext context, TopKPartial left, TopKPartial right) throws InvalidJobException {
        ByteCounts joined = ByteCounts.join(left.counts(), right.counts());
        joined.checkSize(context, name());
        return new TopKPartial(joined, left.onlyNumbers() && right.onlyNumbers());
    }

    @Override
    public JobResult finish(JobContext context, TopKPartial total) throws InvalidJobException {
        List<Map<String, Object>> top = new ArrayList<>();
        ByteCounts counts = total.counts();
        for (int entry : counts.top(k(context.parameters()))) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("value", total.onlyNumbers() ? NumberText.ofJson(counts.bytes(entry)) : counts.text(entry));
            row.put("count", counts.count(entry));
            top.add(row);
        }
        return new JobResult(top);
    }
}
