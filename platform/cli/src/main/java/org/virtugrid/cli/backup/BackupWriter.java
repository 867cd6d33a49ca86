package org.virtugrid.cli.backup;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.virtugrid.api.DatasetView;
import org.virtugrid.cli.client.BlockPump;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.home.Home;
import org.virtugrid.cli.home.HomeSettings;
import org.virtugrid.cli.home.OwnerOnly;
import tools.jackson.databind.JsonNode;

/**
 * Writes a backup of a running grid: a ZIP file whose last entry, the manifest, says what is in it. The file appears under its
 * name only when it is whole. Datasets never change once they are READY, so each is as it was, also when others come or go.
 */
public final class BackupWriter {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Home home;
    private final HomeSettings settings;
    private final GridClient client;
    private final Progress progress;
    private final Map<String, String> sha256 = new TreeMap<>();

    /** Something that writes an entry. */
    private interface Content {
        void to(OutputStream out) throws IOException;
    }

    /** Of the grid of this home. */
    public BackupWriter(Home home, HomeSettings settings, GridClient client, Progress progress) {
        this.home = home;
        this.settings = settings;
        this.client = client;
        this.progress = progress;
    }

    /**
     * Writes the file.
     *
     * @param wanted names of the datasets whose bytes are to be in it; null for all
     * @param version of this program
     */
    public BackupManifest write(Path file, List<String> wanted, String version) throws IOException {
        List<DatasetView> catalogue = Arrays.stream(client.call(Request.get("/api/datasets"), DatasetView[].class))
                .filter(dataset -> !dataset.state().equals("UPLOADING"))
                .toList();
        List<DatasetView> included = wanted == null ? whole(catalogue) : named(catalogue, wanted);
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        OwnerOnly.makeFile(part);
        try {
            long tasks;
            BackupManifest manifest;
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(part))) {
                configuration(zip);
                tasks = tasks(zip);
                for (DatasetView dataset : included) {
                    entry(zip, BackupManifest.DATASETS + dataset.datasetId(), out -> fetch(dataset, out));
                }
                manifest = new BackupManifest(
                        BackupManifest.FORMAT_VERSION,
                        version,
                        Instant.now(),
                        new BackupManifest.Settings(
                                settings.driver(),
                                settings.workers(),
                                settings.backups(),
                                settings.workerMemoryBytes()),
                        catalogue,
                        included.stream().map(DatasetView::datasetId).toList(),
                        tasks,
                        sha256);
                zip.putNextEntry(new ZipEntry(BackupManifest.ENTRY));
                zip.write(Json.pretty(manifest).getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return manifest;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static List<DatasetView> whole(List<DatasetView> catalogue) {
        return catalogue.stream().filter(BackupWriter::isWhole).toList();
    }

    private static boolean isWhole(DatasetView dataset) {
        return dataset.state().equals("READY");
    }

    private static List<DatasetView> named(List<DatasetView> catalogue, List<String> names) {
        return names.stream().distinct().map(name -> find(catalogue, name)).toList();
    }

    private static DatasetView find(List<DatasetView> catalogue, String name) {
        DatasetView dataset = catalogue.stream()
                .filter(one -> one.datasetId().equals(name))
                .findFirst()
                .orElseThrow(() -> new CliException(3, "there is no dataset " + name + "; see virtugrid dataset list"));
        if (!isWhole(dataset)) {
            throw CliException.failed(
                    "dataset " + name + " is " + dataset.state() + ", so it cannot be read as a whole");
        }
        return dataset;
    }

    private void configuration(ZipOutputStream zip) throws IOException {
        Path control = home.directory().resolve("control.yaml");
        if (Files.exists(control)) {
            entry(zip, BackupManifest.CONTROL, out -> Files.copy(control, out));
        }
        Path jobs = home.directory().resolve("jobs");
        if (Files.isDirectory(jobs)) {
            try (Stream<Path> files = Files.list(jobs)) {
                for (Path jar : files.filter(Files::isRegularFile).sorted().toList()) {
                    entry(zip, BackupManifest.JOBS + jar.getFileName(), out -> Files.copy(jar, out));
                }
            }
        }
    }

    private long tasks(ZipOutputStream zip) throws IOException {
        long[] count = {0};
        entry(zip, BackupManifest.TASKS, out -> count[0] = tasks(out));
        return count[0];
    }

    private long tasks(OutputStream out) throws IOException {
        long count = 0;
        Request all = Request.get("/api/tasks/archive").patience(PATIENCE);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(client.open(all), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("{\"tasks\":")) {
                    JsonNode end = Json.parse(line);
                    if (end.path("tasks").asLong(-1) == count) {
                        return count;
                    }
                    break;
                }
                out.write(line.getBytes(StandardCharsets.UTF_8));
                out.write('\n');
                count++;
                progress.stage("tasks: " + count);
            }
        }
        throw CliException.failed("the list of tasks broke off after " + count + "; try again");
    }

    private void fetch(DatasetView dataset, OutputStream out) throws IOException {
        String name = dataset.datasetId();
        Request request = Request.get("/api/datasets", name, "content").patience(PATIENCE);
        try (InputStream in = client.open(request);
                BlockPump pump = new BlockPump()) {
            pump.pump(
                    in,
                    (bytes, count) -> out.write(bytes, 0, count),
                    Long.MAX_VALUE,
                    passed -> progress.bytes("dataset " + name, passed, dataset.sizeBytes()));
            if (!pump.digestSoFar().equals(dataset.sha256())) {
                throw CliException.failed("the bytes that came are not those of dataset " + name
                        + "; check it with: virtugrid dataset check " + name);
            }
        }
    }

    private void entry(ZipOutputStream zip, String name, Content content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        DigestOutputStream digest = new DigestOutputStream(zip, sha256());
        content.to(digest);
        digest.flush();
        zip.closeEntry();
        sha256.put(name, HexFormat.of().formatHex(digest.getMessageDigest().digest()));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
