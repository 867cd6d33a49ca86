package org.virtugrid.bench.local;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.virtugrid.bench.Contender;
import org.virtugrid.bench.Hashes;
import org.virtugrid.bench.Stopwatch;
import org.virtugrid.bench.WordResult;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.sort.LineOrder;
import org.virtugrid.jobs.sort.LineSorter;
import org.virtugrid.jobs.sort.LineSource;
import org.virtugrid.jobs.sort.RunMerger;
import org.virtugrid.jobs.value.ByteCounts;

/** Two threads of one process that read the file, with the hash table and the sorter of VirtuGrid's jobs. */
public final class PlainThreads implements Contender {
    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final Path output;

    /** Writes sorted lines below this folder. */
    public PlainThreads(Path folder) throws IOException {
        output = Files.createDirectories(folder).resolve("threads.sorted");
    }

    @Override
    public String name() {
        return "threads";
    }

    /** Works on a half of the file. */
    private interface Half<T> {
        T work(byte[] text, int start, int end) throws Exception;
    }

    private <T> List<T> halves(Path file, Half<T> half) throws Exception {
        byte[] text = Files.readAllBytes(file);
        int middle = text.length / 2;
        while (middle < text.length && (middle == 0 || text[middle - 1] != '\n')) {
            middle++;
        }
        int cut = middle;
        List<Callable<T>> calls = List.of(() -> half.work(text, 0, cut), () -> half.work(text, cut, text.length));
        List<T> results = new ArrayList<>();
        for (Future<T> result : pool.invokeAll(calls)) {
            results.add(result.get());
        }
        return results;
    }

    @Override
    public Done wordCount(Path file) throws Exception {
        Stopwatch watch = new Stopwatch();
        List<ByteCounts> counts = halves(file, (text, start, end) -> {
            ByteCounts part = new ByteCounts();
            part.addWords(text, start, end);
            return part;
        });
        WordResult result = WordResult.of(ByteCounts.join(counts.get(0), counts.get(1)));
        watch.stop();
        return watch.done(result);
    }

    @Override
    public Done sort(Path file) throws Exception {
        Stopwatch watch = new Stopwatch();
        LineOrder order = new LineOrder(new JobParameters(Map.of()));
        List<LineSource> sorted = halves(file, (text, start, end) -> {
            LineSorter sorter = new LineSorter(order, end - start);
            for (int at = start; at < end; ) {
                int lineEnd = at;
                while (lineEnd < end && text[lineEnd] != '\n') {
                    lineEnd++;
                }
                sorter.add(text, at, lineEnd - at);
                at = lineEnd + 1;
            }
            sorter.sort();
            return sorter.sorted();
        });
        try (OutputStream out = Files.newOutputStream(output)) {
            RunMerger.merge(order, sorted, out);
        }
        watch.stop();
        return watch.done(Hashes.sha256(output));
    }

    @Override
    public void close() throws IOException {
        pool.shutdown();
        Files.deleteIfExists(output);
    }
}
