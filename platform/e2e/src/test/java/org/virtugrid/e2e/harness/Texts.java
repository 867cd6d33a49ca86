package org.virtugrid.e2e.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Real text that is on every Debian machine with a JDK, made once a run under {@code target/texts}. */
public final class Texts {
    private static final Path FOLDER = Path.of("target", "texts").toAbsolutePath();

    private Texts() {}

    /** 104,334 words of English, one a line. */
    public static Path dictionary() {
        Path words = Path.of("/usr/share/dict/words");
        if (!Files.isReadable(words)) {
            throw new AssertionError(words + " is missing: install the Debian package wamerican");
        }
        return words;
    }

    /** About 30 MB of Java sources: java.util and its neighbours of the JDK's src.zip, in one file. */
    public static Path sources() {
        return made("sources.txt", Texts::writeSources);
    }

    /** About 250 MB: the sources again and again, each time with other line numbers before the lines. */
    public static Path large() {
        return made("large.txt", Texts::writeLarge);
    }

    /** A table of four columns with tabs, as the list of installed packages has it: package, version, architecture, size. */
    public static Path packages() {
        return made(
                "packages.tsv",
                file -> Files.writeString(
                        file,
                        Commands.shell(
                                "dpkg-query -W -f '${Package}\\t${Version}\\t${Architecture}\\t${Installed-Size}\\n'")));
    }

    private interface Writer {
        void write(Path file) throws IOException;
    }

    private static synchronized Path made(String name, Writer writer) {
        Path file = FOLDER.resolve(name);
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(FOLDER);
                Path unfinished = FOLDER.resolve(name + ".new");
                writer.write(unfinished);
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeSources(Path file) throws IOException {
        int taken = 0;
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(sourceArchive()));
                OutputStream out = Files.newOutputStream(file)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null && taken < 30_000_000; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(".java")) {
                    byte[] source = zip.readAllBytes();
                    out.write(source);
                    taken += source.length;
                }
            }
        }
        if (taken < 20_000_000) {
            throw new AssertionError(sourceArchive() + " has only " + taken + " bytes of sources");
        }
    }

    /** The JDK's src.zip; Debian's package openjdk-17-source has it where the JDK doesn't. */
    private static Path sourceArchive() throws IOException {
        try (Stream<Path> jdks = Files.list(Path.of("/usr/lib/jvm"))) {
            List<Path> archives = Stream.concat(Stream.of(Path.of(System.getProperty("java.home"))), jdks)
                    .flatMap(jdk -> Stream.of(jdk.resolve("lib/src.zip"), jdk.resolve("src.zip")))
                    .filter(Files::isRegularFile)
                    .toList();
            if (archives.isEmpty()) {
                throw new AssertionError("no JDK here has a src.zip: install the Debian package openjdk-17-source");
            }
            return archives.get(0);
        }
    }

    private static void writeLarge(Path file) throws IOException {
        Commands.shell(
                "for i in 1 2 3 4 5 6 7; do awk -v i=$i '{ print (NR * 7919 * i) % 1000003 \" \" $0 }' \"$1\"; done >\"$2\"",
                sources(), file);
    }

    /** The SHA-256 of a file, lower-case hex. */
    public static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
