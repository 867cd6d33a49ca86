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
import org.virtugrid.jobs.value.ByteCounts;
import org.virtugrid.jobs.value.Values;

/** The most frequent values, most frequent first; ties by unsigned byte order. */
public final class TopKJob implements Job<ByteCounts> {

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
    public ByteCounts create(JobContext context) {
        return new ByteCounts();
    }

    @Override
    public ByteCounts fold(JobContext context, ByteCounts partial, Records records) throws InvalidJobException {
        Values values = new Values(context, records);
        while (values.next()) {
            partial.add(values.array(), values.offset(), values.length(), 1);
        }
        partial.checkSize(context, name());
        return partial;
    }

    @Override
    public ByteCounts reduce(JobContext context, ByteCounts left, ByteCounts right) throws InvalidJobException {
        ByteCounts joined = ByteCounts.join(left, right);
        joined.checkSize(context, name());
        return joined;
    }

    @Override
    public JobResult finish(JobContext context, ByteCounts total) throws InvalidJobException {
        List<Map<String, Object>> top = new ArrayList<>();
        for (int entry : total.top(k(context.parameters()))) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("value", total.text(entry));
            row.put("count", total.count(entry));
            top.add(row);
        }
        return new JobResult(top);
    }
}
