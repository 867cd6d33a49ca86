package org.virtugrid.bench.local;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.virtugrid.bench.Contender;
import org.virtugrid.bench.Hashes;
import org.virtugrid.bench.Stopwatch;
import org.virtugrid.bench.WordResult;
import org.virtugrid.jobs.value.ByteCounts;

/** What one types into a shell. */
public final class Coreutils implements Contender {
    private static final String WORD_COUNT =
            "tr -s ' \\t\\n\\v\\f\\r' '\\n' <\"$IN\" | sort --parallel=2 -S 1G | uniq -c";
    private static final String SORT = "sort --parallel=2 -S 1G \"$IN\"";

    private final Path folder;

    /** Writes results below this folder. */
    public Coreutils(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    @Override
    public String name() {
        return "coreutils";
    }

    private Stopwatch shell(String command, Path in, Path out) throws IOException, InterruptedException {
        Stopwatch watch = new Stopwatch();
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", "set -o pipefail; " + command)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(Map.of("IN", in.toString(), "LC_ALL", "C", "TMPDIR", folder.toString()));
        if (builder.start().waitFor() != 0) {
            throw new IOException("failed: " + command);
        }
        watch.stop();
        return watch;
    }

    @Override
    public Done wordCount(Path file) throws IOException, InterruptedException {
        Path counted = folder.resolve("coreutils.counted");
        Stopwatch watch = shell(WORD_COUNT, file, counted);
        ByteCounts counts = new ByteCounts();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(counted), 1 << 18)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next == '\n') {
                    add(counts, line.toByteArray());
                    line.reset();
                } else {
                    line.write(next);
                }
            }
        }
        Files.delete(counted);
        return watch.done(WordResult.of(counts));
    }

    /** Adds a line such as {@code "  17 word"}; the empty word is what stands before white space at the beginning. */
    private static void add(ByteCounts counts, byte[] line) {
        int number = 0;
        while (line[number] == ' ') {
            number++;
        }
        int space = number;
        while (line[space] != ' ') {
            space++;
        }
        if (space + 1 < line.length) {
            long count = Long.parseLong(new String(line, number, space - number, StandardCharsets.US_ASCII));
            counts.add(line, space + 1, line.length - space - 1, count);
        }
    }

    @Override
    public Done sort(Path file) throws IOException, InterruptedException {
        Path sorted = folder.resolve("coreutils.sorted");
        Stopwatch watch = shell(SORT, file, sorted);
        String sha256 = Hashes.sha256(sorted);
        Files.delete(sorted);
        return watch.done(sha256);
    }

    @Override
    public void close() {
        // nothing runs on
    }
}
