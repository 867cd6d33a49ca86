package org.virtugrid.control.vm.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.virtugrid.grid.fault.GridException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A guest image as {@code scripts/image} makes it.
 *
 * @param version names it; another image has another version
 * @param folder where its files lie
 */
record GuestImage(String version, Path folder) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Opens the image in a folder; INVALID with a remedy when there is none. */
    static GuestImage open(Path folder) {
        try {
            Path real = folder.toRealPath();
            JsonNode manifest = JSON.readTree(Files.readAllBytes(real.resolve("manifest.json")));
            GuestImage image = new GuestImage(manifest.path("version").asString(""), real);
            for (JsonNode file : manifest.path("files")) {
                Path path = real.resolve(file.path("name").asString(""));
                if (Files.size(path) != file.path("sizeBytes").asLong(-1)) {
                    throw unusable(folder, path + " has not the size that its manifest says");
                }
            }
            if (!image.version.matches("[A-Za-z0-9][A-Za-z0-9.+-]{0,62}")) {
                throw unusable(folder, "its manifest gives no version");
            }
            return image;
        } catch (NoSuchFileException e) {
            throw unusable(folder, e.getFile() + " does not exist");
        } catch (IOException | JacksonException e) {
            throw unusable(folder, String.valueOf(e.getMessage()));
        }
    }

    private static GridException unusable(Path folder, String why) {
        return GridException.invalid(
                "image",
                "there is no guest image in " + folder + ": " + why,
                "run `virtugrid image build`, or name another folder as libvirt.image in control.yaml");
    }

    /** Name on a host of its copy of a file. */
    String volume(String file) {
        return "image-" + version + "-" + file;
    }

    Path kernel() {
        return folder.resolve("vmlinuz");
    }

    Path initrd() {
        return folder.resolve("initrd");
    }

    Path root() {
        return folder.resolve("root.img");
    }
}
