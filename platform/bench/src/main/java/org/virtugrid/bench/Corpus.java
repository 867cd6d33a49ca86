package org.virtugrid.bench;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Real text: sources of the JDK, then lists of packages, repeated up to the size that is wanted. */
final class Corpus {
    private static final double SOURCES_SHARE = 0.8;

    private final Path root;

    Corpus(Path root) {
        this.root = root;
    }

    /** A file of this size, up to the end of its last line; made once. */
    Path file(double megabytes) throws IOException, InterruptedException {
        long bytes = (long) (megabytes * 1e6);
        Path folder = Files.createDirectories(root.resolve("target/bench-data"));
        Path file = folder.resolve(String.format(Locale.ROOT, "text-%d.txt", bytes));
        if (Files.exists(file)) {
            return file;
        }
        Path unfinished = folder.resolve("unfinished-" + ProcessHandle.current().pid());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished), 1 << 20)) {
            fill(new Bounded(out, bytes));
        }
        endWithLine(unfinished);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        return file;
    }

    private void fill(Bounded out) throws IOException, InterruptedException {
        List<Path> archives = jdkSources();
        List<Path> lists = packageLists();
        while (out.left > 0) {
            long before = out.left;
            long keep = lists.isEmpty() ? 0 : (long) (out.left * (1 - SOURCES_SHARE));
            for (Path archive : archives) {
                copyJava(archive, out, keep);
            }
            for (Path list : lists) {
                copyList(list, out);
            }
            if (out.left == before) {
                copyClone(out);
            }
        }
    }

    private static List<Path> jdkSources() throws IOException {
        List<Path> found = new ArrayList<>();
        List<Path> places = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        Path all = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(all)) {
            try (Stream<Path> homes = Files.list(all)) {
                homes.sorted().forEach(places::add);
            }
        }
        for (Path home : places) {
            Path archive = home.resolve("lib/src.zip");
            if (Files.isReadable(archive) && !found.contains(archive.toRealPath())) {
                found.add(archive.toRealPath());
            }
        }
        return found;
    }

    private static List<Path> packageLists() throws IOException {
        Path lists = Path.of("/var/lib/apt/lists");
        if (!Files.isDirectory(lists)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(lists)) {
            return files.filter(file -> file.getFileName().toString().contains("_Packages"))
                    .sorted()
                    .toList();
        }
    }

    private static void copyJava(Path archive, Bounded out, long keep) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null && out.left > keep; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(".java")) {
                    zip.transferTo(out);
                }
            }
        }
    }

    private static void copyList(Path list, Bounded out) throws IOException, InterruptedException {
        if (!list.toString().endsWith(".lz4")) {
            try (InputStream in = Files.newInputStream(list)) {
                in.transferTo(out);
            }
            return;
        }
        Process process = new ProcessBuilder("/usr/lib/apt/apt-helper", "cat-file", list.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream in = process.getInputStream()) {
            in.transferTo(out);
        }
        process.waitFor();
    }

    /** Where there is nothing else: this clone. */
    private void copyClone(Bounded out) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(path -> path.toString().matches(".*\\.(java|md|xml)$|.*LICENSE"))
                    .sorted()
                    .toList()) {
                new ByteArrayInputStream(Files.readAllBytes(file)).transferTo(out);
            }
        }
    }

    private static void endWithLine(Path file) throws IOException {
        try (var bytes = java.nio.channels.FileChannel.open(
                file, java.nio.file.StandardOpenOption.READ, java.nio.file.StandardOpenOption.WRITE)) {
            java.nio.ByteBuffer one = java.nio.ByteBuffer.allocate(1);
            long end = bytes.size();
            for (; end > 0; end--) {
                bytes.read(one.clear(), end - 1);
                if (one.get(0) == '\n') {
                    break;
                }
            }
            bytes.truncate(end);
        }
    }

    /** Takes so many bytes and drops the rest. */
    private static final class Bounded extends FilterOutputStream {
        private long left;

        Bounded(OutputStream out, long bytes) {
            super(out);
            this.left = bytes;
        }

        @Override
        public void write(int single) throws IOException {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            int taken = (int) Math.min(length, left);
            out.write(source, offset, taken);
            left -= taken;
        }
    }
}
