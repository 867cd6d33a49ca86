package org.virtugrid.cli.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.virtugrid.api.DatasetView;
import org.virtugrid.cli.client.BlockPump;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.client.Upload;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.home.Home;
import org.virtugrid.cli.home.OwnerOnly;
import tools.jackson.databind.node.ArrayNode;

/**
 * Puts what a backup holds into a grid that runs and is empty, or into which the same backup was being restored: what is there
 * already stays, so a restore that broke off is finished by repeating it.
 */
public final class Restore {
    private static final int BATCH = 200;
    private static final int BATCH_CHARACTERS = 8 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String MARK = "restoring";

    private final BackupFile backup;
    private final Home home;
    private final GridClient client;
    private final Progress progress;

    /** A backup that was verified, and the grid of a home. */
    public Restore(BackupFile backup, Home home, GridClient client, Progress progress) {
        this.backup = backup;
        this.home = home;
        this.client = client;
        this.progress = progress;
    }

    /** Restores everything; names of datasets that are in the catalogue alone, so that their bytes could not be. */
    public List<String> run() throws IOException {
        BackupManifest manifest = backup.manifest();
        begin(manifest);
        for (String job : backup.jobs()) {
            OwnerOnly.replace(home.directory().resolve("jobs").resolve(job), backup.job(job));
        }
        List<String> missing = new ArrayList<>();
        for (DatasetView dataset : manifest.datasets()) {
            if (manifest.included().contains(dataset.datasetId())) {
                put(dataset);
            } else {
                missing.add(dataset.datasetId());
            }
        }
        tasks(manifest.tasks());
        Files.deleteIfExists(mark());
        return missing;
    }

    private Path mark() {
        return home.directory().resolve(MARK);
    }

    private void begin(BackupManifest manifest) throws IOException {
        String name = manifest.createdAt() + " " + manifest.sha256().get(BackupManifest.TASKS);
        boolean goesOn = Files.exists(mark()) && Files.readString(mark()).equals(name);
        boolean empty = client.call(Request.get("/api/datasets")).isEmpty()
                && client.call(Request.get("/api/tasks").with("limit", 1)).isEmpty();
        if (!goesOn && !empty) {
            throw CliException.wrongInput(
                    "the grid of " + home.directory()
                            + " holds datasets or tasks already; restore into another home: virtugrid --home DIR backup restore");
        }
        OwnerOnly.replace(mark(), name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private void put(DatasetView dataset) {
        String name = dataset.datasetId();
        Request request = Request.put("/api/datasets", name)
                .with("strategy", dataset.strategy())
                .with("chunkSize", dataset.chunkSizeBytes())
                .with("backups", dataset.backups())
                .with("column", dataset.column())
                .with("delimiter", dataset.delimiter());
        Upload upload = new Upload(client, passed -> progress.bytes("dataset " + name, passed, dataset.sizeBytes()));
        String stored = backup.dataset(name, in -> {
            try (BlockPump pump = new BlockPump()) {
                return upload.send(request, in, dataset.sizeBytes(), pump)
                        .path("sha256")
                        .asString("");
            }
        });
        if (!stored.equals(dataset.sha256())) {
            throw CliException.failed("dataset " + name + " was restored with SHA-256 " + stored + ", but "
                    + dataset.sha256() + " is in the catalogue");
        }
    }

    private void tasks(long total) {
        ArrayNode batch = (ArrayNode) Json.toTree(List.of());
        long[] size = {0, 0};
        backup.tasks(line -> {
            batch.add(Json.parse(line));
            size[0] += line.length();
            size[1]++;
            if (batch.size() >= BATCH || size[0] >= BATCH_CHARACTERS) {
                send(batch);
                size[0] = 0;
                progress.share("tasks", (double) size[1] / Math.max(1, total), size[1] + " of " + total);
            }
        });
        send(batch);
    }

    private void send(ArrayNode batch) {
        if (!batch.isEmpty()) {
            client.call(Request.post("/api/tasks/archive").body(batch).patience(PATIENCE));
            batch.removeAll();
        }
    }
}
