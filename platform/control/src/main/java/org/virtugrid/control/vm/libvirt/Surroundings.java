package org.virtugrid.control.vm.libvirt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.virtugrid.control.authority.NodeAuthority;
import org.virtugrid.control.home.DurableFile;

/**
 * What the driver finds around it in the home.
 *
 * @param folder for copies of records and for seeds on their way
 * @param jobs folder of users' job jars
 * @param platformFile where the platform's name is kept, by which its domains are told from others
 * @param controlAddresses host:port of each control node as guests reach it
 * @param failureDetection after this silence a node counts as failed
 * @param lastLive consistent ids of the workers of the last live topology as control's node remembers it
 * @param authority signs guests' keys
 */
public record Surroundings(
        Path folder,
        Path jobs,
        Path platformFile,
        List<String> controlAddresses,
        Duration failureDetection,
        Supplier<Set<String>> lastLive,
        NodeAuthority authority) {

    /** The platform's name, made once. */
    String platform() {
        try {
            if (!Files.exists(platformFile)) {
                DurableFile.write(platformFile, UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
            }
            return Files.readString(platformFile).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
