package org.virtugrid.jobs.api;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Runs one job over given input as the platform would: in blocks, in several partials that travel, joined in any order. */
public final class JobRun {
    private final String operation;
    private final Map<String, String> parameters = new HashMap<>();
    private final List<ValueRecords.Kind> kinds = new ArrayList<>();
    private JobCatalogue catalogue = new JobCatalogue(JobRun.class.getClassLoader());
    private List<byte[]> values;
    private byte[] dataset = {};
    private Random random;
    private boolean cancelled;
    private long limit = Long.MAX_VALUE;

    private JobRun(String operation) {
        this.operation = operation;
    }

    /** A run of the operation over nothing yet. */
    public static JobRun of(String operation) {
        return new JobRun(operation);
    }

    /** With a parameter. */
    public JobRun with(String name, Object value) {
        parameters.put(name, value.toString());
        return this;
    }

    /** Over a dataset. */
    public JobRun over(byte[] bytes) {
        dataset = bytes;
        return this;
    }

    /** Over a dataset of text. */
    public JobRun over(String text) {
        return over(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Over inline values: numbers, strings, others. */
    public JobRun inline(Object... json) {
        values = new ArrayList<>();
        for (Object value : json) {
            values.add(String.valueOf(value).getBytes(StandardCharsets.UTF_8));
            kinds.add(
                    value instanceof Number
                            ? ValueRecords.Kind.NUMBER
                            : value instanceof String ? ValueRecords.Kind.STRING : ValueRecords.Kind.OTHER);
        }
        return this;
    }

    /** Cut into random blocks and folded into random partials, which are serialised and joined in random order. */
    public JobRun scattered(Random random) {
        this.random = random;
        return this;
    }

    /** Of the job that this catalogue has. */
    public JobRun foundBy(JobCatalogue other) {
        catalogue = other;
        return this;
    }

    /** Of a task that was cancelled. */
    public JobRun cancelled() {
        cancelled = true;
        return this;
    }

    /** With partial results of at most so many bytes. */
    public JobRun limitedTo(long bytes) {
        limit = bytes;
        return this;
    }

    /** The answer's value. */
    public Object result() throws InvalidJobException {
        Job<?> job = catalogue.create(operation);
        job.validate(context().parameters());
        return run(job).value();
    }

    /** The context of the run. */
    public JobContext context() {
        return new JobContext() {
            @Override
            public JobParameters parameters() {
                return new JobParameters(parameters);
            }

            @Override
            public boolean inline() {
                return values != null;
            }

            @Override
            public boolean cancelled() {
                return cancelled;
            }

            @Override
            public long partialBytesLimit() {
                return limit;
            }
        };
    }

    private <P extends Serializable> JobResult run(Job<P> job) throws InvalidJobException {
        JobContext context = context();
        P total = round(job, context, Optional.empty());
        for (Optional<P> next = job.nextRound(context, total); next.isPresent(); ) {
            total = round(job, context, next);
            next = job.nextRound(context, total);
        }
        return job.finish(context, total);
    }

    private <P extends Serializable> P round(Job<P> job, JobContext context, Optional<P> seed)
            throws InvalidJobException {
        List<P> partials = new ArrayList<>();
        int threads = random == null ? 1 : 1 + random.nextInt(4);
        for (int i = 0; i < threads; i++) {
            partials.add(seed.isPresent() ? travelled(seed.get()) : job.create(context));
        }
        for (Records block : blocks()) {
            int thread = random == null ? 0 : random.nextInt(threads);
            partials.set(thread, job.fold(context, partials.get(thread), block));
        }
        while (partials.size() > 1) {
            Collections.shuffle(partials, random);
            P left = travelled(partials.remove(partials.size() - 1));
            P right = partials.remove(partials.size() - 1);
            partials.add(job.reduce(context, left, right));
        }
        return travelled(partials.get(0));
    }

    private List<Records> blocks() {
        List<Records> blocks = new ArrayList<>();
        if (values != null) {
            int from = 0;
            while (from < values.size()) {
                int to = random == null ? values.size() : Math.min(values.size(), from + 1 + random.nextInt(5));
                blocks.add(new ValueRecords(values.subList(from, to), kinds.subList(from, to)));
                from = to;
            }
            return blocks;
        }
        int start = 0;
        while (start < dataset.length) {
            int end = random == null ? dataset.length : Math.min(dataset.length, start + 1 + random.nextInt(100));
            while (end < dataset.length && dataset[end - 1] != '\n') {
                end++;
            }
            blocks.add(block(start, end));
            start = end;
        }
        return blocks;
    }

    /** Some blocks lie alone in their array, some amid other bytes that no job may look at. */
    private LineRecords block(int start, int end) {
        if (random == null || random.nextBoolean()) {
            return new LineRecords(dataset, start, end);
        }
        byte[] amid = new byte[end - start + random.nextInt(20) + 7];
        random.nextBytes(amid);
        System.arraycopy(dataset, start, amid, 7, end - start);
        return new LineRecords(amid, 7, 7 + end - start);
    }

    @SuppressWarnings({"unchecked", "BanSerializableRead"})
    private static <P> P travelled(P partial) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(partial);
            }
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                return (P) in.readObject();
            }
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
