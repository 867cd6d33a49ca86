package org.virtugrid.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.virtugrid.bench.bare.BareIgnite;
import org.virtugrid.bench.local.Coreutils;
import org.virtugrid.bench.local.PlainThreads;
import org.virtugrid.bench.product.VirtuGrid;

/** One run of the benchmark: systems take turns, and each result is compared with the first one of that work. */
final class Benchmark {
    private static final int MOST_STARTS = 3;
    private static final int MOST_COREUTILS = 3;
    private static final int IDLE_SECONDS = 20;

    private final Options options;
    private final Path file;
    private final Path folder;
    private final Report report;
    private final double megabytes;
    private final Map<Work, Object> agreed = new EnumMap<>(Work.class);

    Benchmark(Options options, Path file, Path folder, Report report) throws IOException {
        this.options = options;
        this.file = file;
        this.folder = folder;
        this.report = report;
        this.megabytes = Files.size(file) / 1e6;
    }

    void run() throws Exception {
        try (VirtuGrid product = started()) {
            try (BareIgnite bare = options.works().stream().anyMatch(Work.COMPARED::contains)
                            ? new BareIgnite(folder.resolve("bare"), options.workerBytes(), true)
                            : null;
                    PlainThreads threads = new PlainThreads(folder);
                    Coreutils coreutils = new Coreutils(folder)) {
                List<Contender> contenders = new ArrayList<>(List.of(product, threads, coreutils));
                if (bare != null) {
                    contenders.add(1, bare);
                }
                compare(contenders);
            }
            disturb(product, Work.KILL_WORD_COUNT, VirtuGrid.Fault.KILL);
            disturb(product, Work.FREEZE_WORD_COUNT, VirtuGrid.Fault.FREEZE);
        }
        if (!options.smoke() && options.works().stream().anyMatch(Work.COMPARED::contains)) {
            try (BareIgnite memory = new BareIgnite(folder.resolve("memory"), options.workerBytes(), false)) {
                compare(List.of(memory));
            }
        }
    }

    private boolean wants(Work work) {
        return options.works().contains(work);
    }

    private boolean wantsIdle() {
        return wants(Work.IDLE_MEMORY) || wants(Work.IDLE_MEMORY_SHARE);
    }

    /** A product that is up, after its starts have been measured. */
    private VirtuGrid started() throws Exception {
        int starts = wants(Work.UP_FIRST) || wants(Work.UP_SECOND) || wantsIdle()
                ? Math.min(options.runs(), MOST_STARTS)
                : 1;
        for (int start = 1; ; start++) {
            VirtuGrid product = new VirtuGrid(options.root(), folder.resolve("home-" + start), options.workerBytes());
            try {
                measureStart(product);
            } catch (IOException | InterruptedException | RuntimeException e) {
                product.close();
                throw e;
            }
            if (start == starts) {
                return product;
            }
            product.close();
        }
    }

    private void measureStart(VirtuGrid product) throws IOException, InterruptedException {
        double first = product.up();
        BenchMain.say(String.format(Locale.ROOT, "up (new home): %.1f s", first));
        if (wants(Work.UP_FIRST)) {
            report.add(Work.UP_FIRST, product.name(), first);
        }
        if (wantsIdle()) {
            TimeUnit.SECONDS.sleep(IDLE_SECONDS);
            for (ProcessMemory worker : product.workerMemory()) {
                report.add(Work.IDLE_MEMORY, product.name(), worker.resident());
                report.add(Work.IDLE_MEMORY_SHARE, product.name(), worker.share());
            }
        }
        if (wants(Work.UP_SECOND)) {
            product.down();
            double second = product.up();
            BenchMain.say(String.format(Locale.ROOT, "up (again): %.1f s", second));
            report.add(Work.UP_SECOND, product.name(), second);
        }
    }

    private void compare(List<Contender> contenders) throws Exception {
        for (int run = -options.warmUps(); run < options.runs(); run++) {
            for (Work work : Work.values()) {
                if (!Work.COMPARED.contains(work) || !isNeeded(work, run)) {
                    continue;
                }
                for (Contender contender : contenders) {
                    boolean few = contender instanceof Coreutils;
                    if (few && (run < 0 || run >= MOST_COREUTILS)) {
                        continue;
                    }
                    measure(work, contender, run >= 0 && wants(work));
                }
            }
        }
    }

    /** Other works need what ingest brings in, once. */
    private boolean isNeeded(Work work, int run) {
        return wants(work) || (work == Work.INGEST && run == -options.warmUps());
    }

    private void measure(Work work, Contender contender, boolean counts) throws Exception {
        Contender.Done done =
                switch (work) {
                    case INGEST -> contender.ingest(file);
                    case WORD_COUNT -> contender.wordCount(file);
                    case SORT -> contender.sort(file);
                    default -> contender.smallTasks(options.smallTasks());
                };
        if (done == null) {
            return;
        }
        agree(work, contender.name(), done.result());
        double figure =
                switch (work) {
                    case INGEST -> megabytes / done.seconds();
                    case SMALL_TASKS -> options.smallTasks() / done.seconds();
                    default -> done.seconds();
                };
        BenchMain.say(String.format(
                Locale.ROOT,
                "%s %s: %.2f %s, %.2f s of processor time%s",
                work.label(),
                contender.name(),
                figure,
                work.unit(),
                done.cpuSeconds(),
                counts ? "" : " (does not count)"));
        if (counts) {
            report.add(work, contender.name(), figure);
            report.addCpu(work, contender.name(), done.cpuSeconds());
        }
    }

    private void agree(Work work, String system, Object result) {
        Object first = agreed.putIfAbsent(work, result);
        if (first != null && !Objects.equals(first, result)) {
            throw new IllegalStateException("WRONG RESULT: " + work.label() + " of " + system + " came to " + result
                    + ", another system to " + first);
        }
    }

    private void disturb(VirtuGrid product, Work work, VirtuGrid.Fault fault) throws Exception {
        if (!wants(work)) {
            return;
        }
        if (!agreed.containsKey(Work.WORD_COUNT)) {
            product.ingest(file);
            agree(Work.WORD_COUNT, product.name(), product.wordCount(file).result());
        }
        for (int run = 0; run < Math.min(options.runs(), MOST_STARTS); run++) {
            // The one that replaced a worker has to be as warm as the others before it is measured again.
            for (int again = 0; again <= options.warmUps(); again++) {
                agree(Work.WORD_COUNT, product.name(), product.wordCount(file).result());
            }
            Contender.Done done = product.disturbedWordCount(fault);
            agree(Work.WORD_COUNT, product.name(), done.result());
            BenchMain.say(String.format(Locale.ROOT, "%s: %.2f s", work.label(), done.seconds()));
            report.add(work, product.name(), done.seconds());
        }
    }
}
