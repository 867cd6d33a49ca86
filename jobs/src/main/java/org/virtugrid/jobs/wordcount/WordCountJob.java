package org.virtugrid.jobs.wordcount;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.Job;
import org.virtugrid.jobs.api.JobContext;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.api.JobResult;
import org.virtugrid.jobs.api.LineRecords;
import org.virtugrid.jobs.api.Records;
import org.virtugrid.jobs.value.ByteCounts;

/** How often each word occurs; words are what white space separates, as bytes. */
public final class WordCountJob implements Job<ByteCounts> {

    @Override
    public String name() {
        return "word-count";
    }

    @Override
    public void validate(JobParameters parameters) throws InvalidJobException {
        parameters.allowOnly(Set.of("top"));
        top(parameters);
    }

    private static int top(JobParameters parameters) throws InvalidJobException {
        return (int) parameters.whole("top", 20, 0, 10_000);
    }

    @Override
    public ByteCounts create(JobContext context) {
        return new ByteCounts();
    }

    @Override
    public ByteCounts fold(JobContext context, ByteCounts partial, Records records) throws InvalidJobException {
        if (records instanceof LineRecords lines) {
            partial.addWords(lines.array(), lines.regionStart(), lines.regionEnd());
        } else {
            while (records.next()) {
                partial.addWords(records.array(), records.offset(), records.offset() + records.length());
            }
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
        for (int entry : total.top(top(context.parameters()))) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("word", total.text(entry));
            row.put("count", total.count(entry));
            top.add(row);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("total", total.total());
        result.put("distinct", total.size());
        result.put("top", top);
        return new JobResult(result);
    }
}
