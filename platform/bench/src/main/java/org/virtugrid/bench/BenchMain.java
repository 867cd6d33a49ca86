package org.virtugrid.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.virtugrid.bench.bare.BareNode;

/** Entry point of {@code scripts/bench}. */
public final class BenchMain {
    private static final int WRONG_INPUT = 2;

    private BenchMain() {}

    /** Measures and prints. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0 && arguments[0].equals("--bare-node")) {
            BareNode.run(Arrays.copyOfRange(arguments, 1, arguments.length));
            return;
        }
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(Options.USAGE);
            return 0;
        }
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (Options.WrongException e) {
            System.err.println("bench: " + e.getMessage());
            System.err.print(Options.USAGE);
            return WRONG_INPUT;
        }
        if (options.file() != null && !Files.isReadable(options.file())) {
            System.err.println("bench: cannot read " + options.file());
            return WRONG_INPUT;
        }
        try {
            return measure(options);
        } catch (Exception e) {
            System.err.println("bench: failed: " + e);
            e.printStackTrace();
            return 1;
        }
    }

    private static int measure(Options options) throws Exception {
        Path file = options.file() != null
                ? options.file().toAbsolutePath()
                : new Corpus(options.root()).file(options.megabytes());
        say(String.format(Locale.ROOT, "text %s, %.1f MB; load %s", file, Files.size(file) / 1e6, load()));
        Path folder = Files.createTempDirectory("virtugrid-bench-");
        try {
            Report report = new Report();
            new Benchmark(options, file, folder, report).run();
            System.out.println(options.json() ? report.json() : report.table().strip());
            new Aims(report, options).print();
            say("all systems came to the same results; load " + load());
            return 0;
        } finally {
            Folders.remove(folder);
        }
    }

    static String load() {
        try {
            return Files.readString(Path.of("/proc/loadavg")).replaceAll("^(\\S+ \\S+ \\S+)[\\s\\S]*", "$1");
        } catch (IOException e) {
            return "unknown";
        }
    }

    static void say(String message) {
        System.err.println("bench: " + message);
    }
}
