package org.virtugrid.jobs.filter;

import java.util.LinkedHashMap;
import java.util.Map;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.JobContext;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.api.JobResult;
import org.virtugrid.jobs.api.LineSelector;
import org.virtugrid.jobs.api.Records;
import org.virtugrid.jobs.api.SelectingJob;
import org.virtugrid.jobs.value.Values;

/** Selects the lines in which a regular expression is found. */
public final class FilterJob implements SelectingJob<FilterCounts> {
    private static final int RECORDS_BETWEEN_LOOKS = 1024;

    @Override
    public String name() {
        return "filter";
    }

    @Override
    public void validate(JobParameters parameters) throws InvalidJobException {
        Values.validate(parameters, "pattern", "invert");
        LinePattern.compile(parameters);
        parameters.flag("invert");
    }

    @Override
    public FilterCounts create(JobContext context) {
        return new FilterCounts(0, 0);
    }

    @Override
    public FilterCounts fold(JobContext context, FilterCounts partial, Records records) throws InvalidJobException {
        LineSelector selector = selector(context);
        long lines = 0;
        long matched = 0;
        while (records.next()) {
            lines++;
            if (selector.keep(records.array(), records.offset(), records.length())) {
                matched++;
            }
            if (lines % RECORDS_BETWEEN_LOOKS == 0 && context.cancelled()) {
                break;
            }
        }
        return partial.plus(new FilterCounts(lines, matched));
    }

    @Override
    public FilterCounts reduce(JobContext context, FilterCounts left, FilterCounts right) {
        return left.plus(right);
    }

    @Override
    public JobResult finish(JobContext context, FilterCounts total) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("lines", total.lines());
        result.put("matched", total.matched());
        return new JobResult(result);
    }

    @Override
    public LineSelector selector(JobContext context) throws InvalidJobException {
        return new LinePattern(context);
    }
}
