package org.virtugrid.jobs.histogram;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.Job;
import org.virtugrid.jobs.api.JobContext;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.api.JobResult;
import org.virtugrid.jobs.api.Records;
import org.virtugrid.jobs.value.NumberText;
import org.virtugrid.jobs.value.Numbers;

/** How many numbers lie in each of equal bins. Where the range is not given, a first round finds it in the data. */
public final class HistogramJob implements Job<HistogramPartial> {

    @Override
    public String name() {
        return "histogram";
    }

    @Override
    public void validate(JobParameters parameters) throws InvalidJobException {
        Numbers.validate(parameters, "bins", "from", "to");
        bins(parameters);
        if (parameters.has("from") && parameters.has("to")) {
            checkRange(bound(parameters, "from", 0), bound(parameters, "to", 0));
        } else {
            bound(parameters, "from", 0);
            bound(parameters, "to", 0);
        }
    }

    private static int bins(JobParameters parameters) throws InvalidJobException {
        return (int) parameters.whole("bins", 10, 1, 1000);
    }

    private static double bound(JobParameters parameters, String name, double otherwise) throws InvalidJobException {
        if (!parameters.has(name)) {
            return otherwise;
        }
        String text = parameters.text(name, "");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        NumberText number = new NumberText();
        if (number.read(bytes, 0, bytes.length) != NumberText.Outcome.NUMBER || Double.isInfinite(number.nearest())) {
            throw new InvalidJobException(
                    name, "'" + text + "' is not a number", "give a number within a double's range");
        }
        return number.nearest();
    }

    private static void checkRange(double from, double to) throws InvalidJobException {
        if (from > to) {
            throw new InvalidJobException(
                    "from", "the range from " + json(from) + " to " + json(to) + " is empty", "give from below to");
        }
    }

    @Override
    public HistogramPartial create(JobContext context) throws InvalidJobException {
        JobParameters parameters = context.parameters();
        if (!parameters.has("from") || !parameters.has("to")) {
            return new HistogramPartial();
        }
        return new HistogramPartial(
                new Bins(bound(parameters, "from", 0), bound(parameters, "to", 0), bins(parameters)));
    }

    @Override
    public HistogramPartial fold(JobContext context, HistogramPartial partial, Records records)
            throws InvalidJobException {
        Numbers numbers = new Numbers(context, records);
        while (numbers.next()) {
            double number = numbers.number().nearest();
            if (Double.isInfinite(number)) {
                throw new InvalidJobException(
                        "input", "a number is beyond the range of a double", "leave it out with filter first");
            }
            partial.take(number);
        }
        return partial;
    }

    @Override
    public HistogramPartial reduce(JobContext context, HistogramPartial left, HistogramPartial right) {
        left.take(right);
        return left;
    }

    @Override
    public Optional<HistogramPartial> nextRound(JobContext context, HistogramPartial total) throws InvalidJobException {
        if (total.bins() != null || !total.anyNumber()) {
            return Optional.empty();
        }
        double from = bound(context.parameters(), "from", total.min());
        double to = bound(context.parameters(), "to", total.max());
        checkRange(from, to);
        return Optional.of(new HistogramPartial(new Bins(from, to, bins(context.parameters()))));
    }

    @Override
    public JobResult finish(JobContext context, HistogramPartial total) {
        List<Map<String, Object>> rows = new ArrayList<>();
        Bins bins = total.bins();
        for (int bin = 0; bins != null && bin < bins.count(); bin++) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("from", json(bins.from(bin)));
            row.put("to", json(bins.to(bin)));
            row.put("count", total.count(bin));
            rows.add(row);
        }
        return new JobResult(rows);
    }

    /** Whole bounds as whole numbers. */
    private static Number json(double bound) {
        return Math.abs(bound) < 1L << 53 && bound == Math.rint(bound)
                ? (Number) (long) bound
                : (Number) BigDecimal.valueOf(bound);
    }
}
