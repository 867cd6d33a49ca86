package org.virtugrid.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.virtugrid.api.DatasetView;
import org.virtugrid.api.UploadView;
import org.virtugrid.cli.client.BlockPump;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.client.Upload;
import org.virtugrid.cli.console.Farewell;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.ByteSize;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.format.ShellWord;
import org.virtugrid.cli.format.TimeSpan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Sends a file or standard input of any size to the grid. */
@Command(
        name = "put",
        description = "Store a file or standard input as a dataset; the same bytes again are no error.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  virtugrid dataset put books 'my books.txt'",
            "  virtugrid dataset put sales sales.csv --strategy key --column 2 --delimiter comma",
            "  zcat log.gz | virtugrid dataset put log - --strategy lines --chunk-size 4MiB",
            "  virtugrid dataset put books 'my books.txt' --resume"
        })
final class DatasetPutCommand extends Action {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the dataset.")
    private String name;

    @Parameters(index = "1", paramLabel = "FILE", description = "The file, or - for standard input.")
    private String file;

    @Option(
            names = "--strategy",
            paramLabel = "STRATEGY",
            description = "How it is cut into chunks: size (the default), lines, round-robin, key.")
    private String strategy;

    @Option(names = "--chunk-size", paramLabel = "SIZE", description = "Size of a chunk (1MiB unless configured).")
    private ByteSize chunkSize;

    @Option(names = "--backups", paramLabel = "N", description = "Copies beside the first one.")
    private Integer backups;

    @Option(names = "--column", paramLabel = "N", description = "The column that is the key, from 1 (strategy key).")
    private Integer column;

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            description = "What separates columns: a character, tab, comma, semicolon or space (strategy key).")
    private String delimiter;

    @Option(names = "--resume", description = "Go on with an upload that broke off.")
    private boolean resume;

    @Override
    public Integer call() {
        DatasetCommand.name(name);
        GridClient client = client();
        try (InputStream in = open();
                BlockPump pump = new BlockPump();
                Progress progress = session().progress()) {
            long length = length();
            Request request = Request.put("/api/datasets", name)
                    .with("strategy", strategy)
                    .with("chunkSize", chunkSize == null ? null : chunkSize.bytes())
                    .with("backups", backups)
                    .with("column", column)
                    .with("delimiter", delimiter);
            JsonNode unfinished = resume ? Upload.unfinished(client, name) : null;
            long skipped = 0;
            if (unfinished != null) {
                UploadView upload = Json.read(unfinished, UploadView.class);
                skipped = skip(upload, in, pump, progress);
                request = request.with("offset", skipped).with("prefixSha256", upload.prefixSha256());
            } else if (resume) {
                output().message("There is no upload of " + name + " to resume: sending it from the start");
            }
            JsonNode dataset = send(new Sending(client, request, in, length, skipped), pump, progress);
            double seconds = progress.elapsedSeconds();
            progress.clear();
            output().data(dataset, () -> told(Json.read(dataset, DatasetView.class), seconds));
            return done();
        } catch (IOException e) {
            throw wrong(file + " cannot be read: " + e.getMessage());
        }
    }

    private record Sending(GridClient client, Request request, InputStream in, long length, long skipped) {}

    private JsonNode send(Sending sending, BlockPump pump, Progress progress) {
        long skipped = sending.skipped();
        Upload upload = new Upload(
                sending.client(), passed -> progress.bytes("put " + name, skipped + passed, sending.length()));
        Farewell farewell = new Farewell(
                output(), progress, "The upload of " + name + " broke off. Go on with: " + commandToResume());
        try {
            long left = sending.length() < 0 ? -1 : sending.length() - skipped;
            return upload.send(sending.request(), sending.in(), left, pump);
        } catch (CliException e) {
            progress.clear();
            if (Upload.canContinue(sending.client(), name, e)) {
                throw new CliException(e.exitCode(), e.getMessage() + "; go on with: " + commandToResume(), e);
            }
            throw e;
        } finally {
            farewell.close();
        }
    }

    /** Reads the part that the grid has already, and makes sure that it is the same. */
    private long skip(UploadView upload, InputStream in, BlockPump pump, Progress progress) throws IOException {
        long received = upload.receivedBytes();
        long there = pump.pump(
                in, (bytes, count) -> {}, received, passed -> progress.bytes("comparing " + name, passed, received));
        if (there < received || !pump.digestSoFar().equals(upload.prefixSha256())) {
            throw wrong("this is not the input whose upload broke off: its first " + received
                    + " bytes differ; delete the dataset first, or take another name");
        }
        progress.clear();
        output().message("Going on after " + ByteSize.human(received) + " that the grid has already");
        return received;
    }

    private InputStream open() throws IOException {
        if (file.equals("-")) {
            return session().console().in();
        }
        Path path = Path.of(file);
        if (Files.isDirectory(path)) {
            throw wrong(file + " is a directory; put one file at a time, or pack it: tar c " + file
                    + " | virtugrid dataset put " + name + " -");
        }
        if (!Files.exists(path)) {
            throw wrong("there is no file " + file);
        }
        if (!Files.isReadable(path)) {
            throw wrong(file + " may not be read by this user");
        }
        return Files.newInputStream(path);
    }

    /** How much there is to send; below zero for what has no end yet, such as a pipe. */
    private long length() throws IOException {
        return !file.equals("-") && Files.isRegularFile(Path.of(file)) ? Files.size(Path.of(file)) : -1;
    }

    private String commandToResume() {
        return session().commandAsTyped() + " dataset put " + name + " " + ShellWord.quoted(file) + " --resume";
    }

    private static String told(DatasetView dataset, double seconds) {
        String speed = seconds > 0 ? ", " + ByteSize.human(dataset.sizeBytes() / seconds) + "/s" : "";
        return "Stored " + dataset.datasetId() + ": " + ByteSize.human(dataset.sizeBytes()) + " in " + dataset.chunks()
                + " chunks with " + dataset.backups() + (dataset.backups() == 1 ? " backup, " : " backups, ")
                + TimeSpan.human(seconds) + speed + "\nSHA-256 "
                + dataset.sha256();
    }
}
