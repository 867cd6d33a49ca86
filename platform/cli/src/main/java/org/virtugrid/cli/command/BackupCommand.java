package org.virtugrid.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.virtugrid.cli.backup.BackupFile;
import org.virtugrid.cli.backup.BackupManifest;
import org.virtugrid.cli.backup.BackupWriter;
import org.virtugrid.cli.backup.Restore;
import org.virtugrid.cli.client.GridAddress;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.failure.FileTrouble;
import org.virtugrid.cli.format.ByteSize;
import org.virtugrid.cli.format.TimeSpan;
import org.virtugrid.cli.home.Home;
import org.virtugrid.cli.home.HomeSettings;
import org.virtugrid.cli.home.OwnerOnly;
import org.virtugrid.cli.launch.GridStart;
import org.virtugrid.cli.launch.UpRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Backups of a whole grid. */
@Command(
        name = "backup",
        description = "Backups of a grid: its settings, jobs, catalogue, tasks and, on request, datasets.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BackupCommand.Create.class, BackupCommand.Show.class, BackupCommand.RestoreBackup.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  virtugrid backup create grid.zip --all-datasets",
            "  virtugrid backup show grid.zip",
            "  virtugrid --home ~/restored backup restore grid.zip --port 3001"
        })
final class BackupCommand {
    private BackupCommand() {}

    private static Map<String, Object> answer(Path file, BackupManifest manifest) throws IOException {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("file", file.toString());
        answer.put("sizeBytes", Files.size(file));
        answer.put("createdAt", manifest.createdAt());
        answer.put("version", manifest.version());
        answer.put("settings", manifest.settings());
        answer.put("datasets", manifest.datasets().size());
        answer.put("included", manifest.included());
        answer.put("tasks", manifest.tasks());
        return answer;
    }

    private static String told(Map<String, Object> answer) {
        List<?> included = (List<?>) answer.get("included");
        return answer.get("file") + ": " + ByteSize.human((Long) answer.get("sizeBytes")) + ", " + answer.get("tasks")
                + " tasks, " + answer.get("datasets") + " datasets in the catalogue, with the bytes of "
                + (included.isEmpty() ? "none" : included);
    }

    @Command(
            name = "create",
            description = "Write a backup of the running grid to a file, which holds no secret.",
            footerHeading = "%nExamples:%n",
            footer = {"  virtugrid backup create grid.zip", "  virtugrid backup create grid.zip --dataset books"})
    static final class Create extends Action {
        @Parameters(paramLabel = "FILE", description = "The file to write.")
        private Path file;

        @Option(
                names = "--dataset",
                paramLabel = "NAME",
                description = "With the bytes of this dataset; may be repeated.")
        private List<String> datasets = List.of();

        @Option(names = "--all-datasets", description = "With the bytes of all datasets that are READY.")
        private boolean all;

        @Option(names = "--force", description = "Replace a file that is there already.")
        private boolean force;

        @Override
        public Integer call() {
            if (session().isElsewhere()) {
                throw wrong("a backup has what lies in the home, too: run it where the grid is, without --url");
            }
            if (all && !datasets.isEmpty()) {
                throw wrong("give --dataset or --all-datasets, not both");
            }
            if (Files.isDirectory(file)) {
                throw wrong(file + " is a directory; name a file in it");
            }
            if (Files.exists(file) && !force) {
                throw wrong(file + " is there already; add --force to replace it");
            }
            Home home = session().home();
            HomeSettings settings = home.settings()
                    .orElseThrow(() -> CliException.wrongInput("there is no grid in " + home.directory()));
            Map<String, Object> answer;
            try (Progress progress = session().progress()) {
                BackupManifest manifest = new BackupWriter(home, settings, client(), progress)
                        .write(file.toAbsolutePath(), all ? null : datasets, Version.text());
                answer = answer(file, manifest);
            } catch (IOException e) {
                throw new CliException(1, file + " was not written: " + FileTrouble.text(e), e);
            }
            output().data(answer, () -> "Wrote " + told(answer));
            return done();
        }
    }

    @Command(name = "show", description = "Check that a backup is whole, and show what it holds.")
    static final class Show extends Action {
        @Parameters(paramLabel = "FILE", description = "The backup.")
        private Path file;

        @Override
        public Integer call() {
            Map<String, Object> answer;
            try (BackupFile backup = BackupFile.open(file);
                    Progress progress = session().progress()) {
                backup.verify(progress);
                answer = answer(file, backup.manifest());
            } catch (IOException e) {
                throw new CliException(1, file + " cannot be read: " + FileTrouble.text(e), e);
            }
            output().data(answer, () -> told(answer) + "\nIt is whole");
            return done();
        }
    }

    @Command(
            name = "restore",
            description =
                    "Start a grid in an empty home and put into it what a backup holds. The new grid has a token and"
                            + " passwords of its own. A restore that broke off is finished by repeating it.",
            footerHeading = "%nExample:%n",
            footer = "  virtugrid --home ~/restored backup restore grid.zip --port 3001")
    static final class RestoreBackup extends Action {
        @Parameters(paramLabel = "FILE", description = "The backup.")
        private Path file;

        @Option(names = "--port", paramLabel = "PORT", description = "Port of dashboard and REST (3000 at first).")
        private Integer port;

        @Option(names = "--workers", paramLabel = "N", description = "Number of workers (as many as there were).")
        private Integer workers;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "Take this file as the home's control.yaml instead of the one in the backup.")
        private Path config;

        @Option(
                names = "--timeout",
                paramLabel = "TIME",
                defaultValue = "300s",
                description = "How long to wait for the grid to be READY (${DEFAULT-VALUE}).")
        private TimeSpan timeout;

        @Override
        public Integer call() {
            if (session().isElsewhere()) {
                throw wrong("restore starts a grid on this machine: leave out --url and VIRTUGRID_URL");
            }
            Home home = session().home();
            Map<String, Object> answer;
            try (BackupFile backup = BackupFile.open(file);
                    Progress progress = session().progress()) {
                backup.verify(progress);
                HomeSettings settings = start(home, backup, progress);
                GridClient client = new GridClient(GridAddress.local(settings.httpPort()), home.token());
                List<String> missing = new Restore(backup, home, client, progress).run();
                answer = answer(file, backup.manifest());
                answer.put("notRestored", missing);
                answer.put("home", home.directory().toString());
                answer.put("url", "http://127.0.0.1:" + settings.httpPort());
            } catch (IOException e) {
                throw new CliException(1, "the backup was not restored: " + FileTrouble.text(e), e);
            }
            output().data(answer, () -> restored(answer));
            return done();
        }

        private HomeSettings start(Home home, BackupFile backup, Progress progress) throws IOException {
            BackupManifest.Settings settings = backup.manifest().settings();
            boolean fresh = home.settings().isEmpty();
            Path yaml = null;
            try {
                if (fresh && config == null && backup.controlYaml().isPresent()) {
                    yaml = Files.createTempFile("control", ".yaml");
                    OwnerOnly.replace(yaml, backup.controlYaml().get());
                }
                Duration patience = timeout.duration();
                UpRequest request = fresh
                        ? new UpRequest(
                                workers == null ? settings.workers() : workers,
                                port,
                                null,
                                settings.driver(),
                                yaml == null ? config : yaml,
                                settings.backups(),
                                settings.workerMemoryBytes(),
                                patience)
                        : new UpRequest(workers, port, null, null, null, null, null, patience);
                return new GridStart(
                                home,
                                session().machine(),
                                output(),
                                session().install().orElse(null))
                        .start(request, progress)
                        .settings();
            } finally {
                if (yaml != null) {
                    Files.deleteIfExists(yaml);
                }
            }
        }

        private static String restored(Map<String, Object> answer) {
            List<?> missing = (List<?>) answer.get("notRestored");
            return "Restored " + answer.get("tasks") + " tasks and the datasets " + answer.get("included") + " into "
                    + answer.get("home") + ", which is up at " + answer.get("url")
                    + (missing.isEmpty()
                            ? ""
                            : "\nIn the catalogue alone, without bytes in the backup, were " + missing);
        }
    }
}
