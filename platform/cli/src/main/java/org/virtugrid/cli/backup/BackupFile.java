package org.virtugrid.cli.backup;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A backup that is read. Nothing in it is trusted before {@link #verify} has returned. */
public final class BackupFile implements AutoCloseable {
    private static final Pattern JAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final int LARGEST_MANIFEST = 64 << 20;
    private static final byte[] BLOCK = new byte[1 << 16];

    private final Path path;
    private final ZipFile zip;
    private final BackupManifest manifest;

    /** Reads something of an entry. */
    public interface Reader<T> {
        T from(InputStream in) throws IOException;
    }

    private BackupFile(Path path, ZipFile zip, BackupManifest manifest) {
        this.path = path;
        this.zip = zip;
        this.manifest = manifest;
    }

    /** Opens the file; wrong input when it is no backup that this version can read. */
    @SuppressWarnings("resource") // the caller closes it
    public static BackupFile open(Path path) {
        if (!Files.isReadable(path)) {
            throw CliException.wrongInput("there is no file " + path + " that this user may read");
        }
        try {
            ZipFile zip = new ZipFile(path.toFile());
            try {
                return new BackupFile(path, zip, manifest(path, zip));
            } catch (IOException | RuntimeException e) {
                zip.close();
                throw e;
            }
        } catch (IOException e) {
            throw new CliException(2, path + " is no backup, or a damaged one: " + e.getMessage(), e);
        }
    }

    private static BackupManifest manifest(Path path, ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry(BackupManifest.ENTRY);
        if (entry == null || entry.getSize() > LARGEST_MANIFEST) {
            throw CliException.wrongInput(path + " is no backup: it has no " + BackupManifest.ENTRY);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            JsonNode json = Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            int format = json.path("formatVersion").asInt(0);
            if (format < 1 || format > BackupManifest.FORMAT_VERSION) {
                throw CliException.wrongInput(path + " has format " + format + ", and this version reads up to "
                        + BackupManifest.FORMAT_VERSION + "; use the version that made it");
            }
            BackupManifest manifest = Json.read(json, BackupManifest.class);
            if (manifest.sha256() == null || manifest.datasets() == null || manifest.included() == null) {
                throw CliException.wrongInput(path + " is damaged: its manifest lacks fields");
            }
            return manifest;
        } catch (JacksonException e) {
            throw new CliException(2, path + " is damaged: its manifest is no JSON", e);
        }
    }

    /** What it says it holds. */
    public BackupManifest manifest() {
        return manifest;
    }

    /** Reads everything once and compares it with the manifest; fails when anything differs, is missing or is too much. */
    public void verify(Progress progress) {
        Set<String> entries = new HashSet<>();
        zip.stream().map(ZipEntry::getName).forEach(entries::add);
        entries.remove(BackupManifest.ENTRY);
        if (!entries.equals(manifest.sha256().keySet())) {
            throw damaged("it does not hold exactly what its manifest says");
        }
        for (Map.Entry<String, String> entry : manifest.sha256().entrySet()) {
            requirePlain(entry.getKey());
            progress.stage("checking " + entry.getKey());
            if (!read(entry.getKey(), BackupFile::digest).equals(entry.getValue())) {
                throw damaged(entry.getKey() + " is not what was written");
            }
        }
        for (String name : manifest.included()) {
            if (!manifest.sha256().containsKey(BackupManifest.DATASETS + name)) {
                throw damaged("dataset " + name + " is missing");
            }
        }
    }

    /** Names go into paths of the home. */
    private void requirePlain(String name) {
        boolean known = name.equals(BackupManifest.TASKS)
                || name.equals(BackupManifest.CONTROL)
                || name.startsWith(BackupManifest.DATASETS)
                || (name.startsWith(BackupManifest.JOBS)
                        && JAR.matcher(name.substring(BackupManifest.JOBS.length()))
                                .matches());
        if (!known) {
            throw damaged("'" + name + "' has no place in a backup");
        }
    }

    private CliException damaged(String how) {
        return CliException.wrongInput(path + " is damaged: " + how + "; take another copy of it");
    }

    private static String digest(InputStream in) throws IOException {
        try (DigestInputStream digest = new DigestInputStream(in, BackupWriter.sha256())) {
            byte[] block = BLOCK.clone();
            while (digest.read(block) >= 0) {
                // reading is all it takes
            }
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        }
    }

    private <T> T read(String name, Reader<T> reader) {
        try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
            return reader.from(in);
        } catch (IOException e) {
            throw new CliException(2, path + " is damaged: " + name + ": " + e.getMessage(), e);
        }
    }

    /** The bytes of a dataset that is included. */
    <T> T dataset(String name, Reader<T> reader) {
        return read(BackupManifest.DATASETS + name, reader);
    }

    /** The settings of hosts, where there are any. */
    public Optional<byte[]> controlYaml() {
        return manifest.sha256().containsKey(BackupManifest.CONTROL)
                ? Optional.of(read(BackupManifest.CONTROL, InputStream::readAllBytes))
                : Optional.empty();
    }

    /** File names of users' jobs. */
    List<String> jobs() {
        return manifest.sha256().keySet().stream()
                .filter(name -> name.startsWith(BackupManifest.JOBS))
                .map(name -> name.substring(BackupManifest.JOBS.length()))
                .toList();
    }

    byte[] job(String name) {
        return read(BackupManifest.JOBS + name, InputStream::readAllBytes);
    }

    /** Tasks, each a line of JSON. */
    interface Lines {
        void take(String line);
    }

    void tasks(Lines lines) {
        read(BackupManifest.TASKS, in -> {
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.take(line);
            }
            return null;
        });
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
