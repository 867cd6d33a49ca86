package org.virtugrid.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.virtugrid.api.DatasetView;
import org.virtugrid.cli.client.BlockPump;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.ByteSize;
import org.virtugrid.cli.format.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Fetches the bytes of a dataset and checks that they are all there and right. */
@Command(
        name = "get",
        description = "Write the bytes of a dataset to a file or standard output.",
        footerHeading = "%nExamples:%n",
        footer = {"  virtugrid dataset get books > books.txt", "  virtugrid dataset get books 'my books.txt' --force"})
final class DatasetGetCommand extends Action {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the dataset.")
    private String name;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "The file, or - for standard output (the default).")
    private String file;

    @Option(names = "--force", description = "Replace a file that is there already.")
    private boolean force;

    /** The reader of a pipe has gone, and wants no word about it. */
    private static final class NobodyReadsException extends IOException {
        private static final long serialVersionUID = 1;

        NobodyReadsException(IOException cause) {
            super(cause);
        }
    }

    @Override
    public Integer call() {
        boolean toStdout = file.equals("-");
        Path target = toStdout ? null : Path.of(file);
        if (!toStdout) {
            requireFreePlace(target);
        }
        GridClient client = client();
        JsonNode dataset = client.call(Request.get("/api/datasets", name));
        DatasetView view = Json.read(dataset, DatasetView.class);
        if (toStdout) {
            return toStandardOutput(client, view);
        }
        toFile(client, view, target);
        output().data(
                        dataset,
                        () -> output().quiet()
                                ? ""
                                : "Wrote " + file + ": " + ByteSize.human(view.sizeBytes()) + ", SHA-256 as stored");
        return done();
    }

    private int toStandardOutput(GridClient client, DatasetView view) {
        OutputStream out = session().console().rawOut();
        try {
            fetch(client, view, (bytes, count) -> {
                try {
                    out.write(bytes, 0, count);
                } catch (IOException e) {
                    throw new NobodyReadsException(e);
                }
            });
            out.flush();
            return done();
        } catch (NobodyReadsException e) {
            return done();
        } catch (IOException e) {
            throw new CliException(1, "the download broke off: " + e.getMessage(), e);
        }
    }

    private void toFile(GridClient client, DatasetView view, Path target) {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            try (OutputStream out = Files.newOutputStream(part)) {
                fetch(client, view, (bytes, count) -> out.write(bytes, 0, count));
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CliException(1, file + " was not written: " + e.getMessage(), e);
        } finally {
            remove(part);
        }
    }

    private void fetch(GridClient client, DatasetView view, BlockPump.Sink sink) throws IOException {
        Request request = Request.get("/api/datasets", name, "content").patience(Duration.ofMinutes(5));
        try (InputStream in = client.open(request);
                BlockPump pump = new BlockPump();
                Progress progress = session().progress()) {
            long size = view.sizeBytes();
            long moved = pump.pump(in, sink, Long.MAX_VALUE, passed -> progress.bytes("get " + name, passed, size));
            progress.clear();
            String got = pump.digestSoFar();
            if (moved != size || (view.sha256() != null && !view.sha256().equals(got))) {
                throw CliException.failed("the bytes that came are not those of " + name + ": " + moved
                        + " bytes with SHA-256 " + got + ", but " + size + " with " + view.sha256() + " are wanted");
            }
        }
    }

    private void requireFreePlace(Path target) {
        if (Files.isDirectory(target)) {
            throw wrong(file + " is a directory; name a file in it");
        }
        if (Files.exists(target) && !force) {
            throw wrong(file + " is there already; add --force to replace it");
        }
        Path folder = target.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw wrong(folder + " is no directory that this user may write to");
        }
    }

    private static void remove(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // The download itself is what the user wants to hear about
            return;
        }
    }
}
