package org.virtugrid.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.home.OwnerOnly;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Guest images. */
@Command(
        name = "image",
        description = "Guest images, from which VMs of the driver libvirt boot.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ImageCommand.Build.class,
        footerHeading = "%nExample:%n",
        footer = "  virtugrid image build")
final class ImageCommand {
    private ImageCommand() {}

    /** Makes an image and lets the next starts of VMs use it. */
    @Command(
            name = "build",
            description = {
                "Build a guest image from Debian packages and this version's worker.",
                "VMs use it from their next start on."
            })
    static final class Build extends Action {
        @Option(names = "--to", paramLabel = "DIR", description = "Where images lie (images in the home).")
        private Path directory;

        @Override
        public Integer call() {
            Path install = session()
                    .install()
                    .orElseThrow(() -> CliException.failed("run it as scripts/virtugrid from a clone"));
            Path to = directory == null ? session().home().directory().resolve("images") : directory;
            Path made;
            try (Progress progress = session().progress()) {
                progress.stage("building the guest image");
                OwnerOnly.makeDirectories(to);
                made = run(install.resolve("scripts/image"), to, progress);
            } catch (IOException e) {
                throw new CliException(1, "the image cannot be built in " + to + ": " + e.getMessage(), e);
            }
            print(made);
            return done();
        }

        private static Path run(Path script, Path to, Progress progress) throws IOException {
            Process process = new ProcessBuilder(
                            script.toString(), to.toAbsolutePath().toString())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            StringBuilder said = new StringBuilder();
            try (var reader = process.errorReader(StandardCharsets.UTF_8)) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    said.append(line).append('\n');
                    progress.stage(line.replaceFirst("^image: ", ""));
                }
                String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (process.waitFor() != 0) {
                    throw CliException.failed(said.toString().strip());
                }
                return Path.of(out.strip());
            } catch (InterruptedException e) {
                process.destroy();
                Thread.currentThread().interrupt();
                throw CliException.failed("interrupted");
            }
        }

        private void print(Path made) {
            try {
                JsonNode manifest = Json.parse(Files.readString(made.resolve("manifest.json")));
                Map<String, Object> answer = new LinkedHashMap<>();
                answer.put("version", manifest.path("version").asString(""));
                answer.put("directory", made.toString());
                answer.put("kernel", manifest.path("kernel").asString(""));
                answer.put("java", manifest.path("java").asString(""));
                long bytes = 0;
                for (JsonNode file : manifest.path("files")) {
                    bytes += file.path("sizeBytes").asLong(0);
                }
                answer.put("sizeBytes", bytes);
                output().data(
                                answer,
                                () -> "Built guest image "
                                        + manifest.path("version").asString("") + " in " + made
                                        + "\nVMs use it from their next start on.");
            } catch (IOException e) {
                throw new CliException(1, "the image's manifest cannot be read: " + e.getMessage(), e);
            }
        }
    }
}
