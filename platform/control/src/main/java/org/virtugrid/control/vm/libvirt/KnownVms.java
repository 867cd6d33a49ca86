package org.virtugrid.control.vm.libvirt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.virtugrid.control.home.DurableFile;

/**
 * Copies of guests' records in the home. The domains have the truth; these tell of guests on hosts that can't be reached,
 * so that they are not forgotten, and their names and addresses are not given away. Safe for use by several threads.
 */
final class KnownVms {
    private static final String END = ".xml";
    private final Path folder;

    /** Copies in a folder, one below it for each host. */
    KnownVms(Path folder) {
        this.folder = folder;
    }

    synchronized List<LibvirtVm> on(String host) {
        List<LibvirtVm> vms = new ArrayList<>();
        Path hostFolder = folder.resolve(host);
        if (!Files.isDirectory(hostFolder)) {
            return vms;
        }
        try (Stream<Path> files = Files.list(hostFolder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(END)).toList()) {
                VmMetadata.read(Files.readString(file)).ifPresent(vms::add);
            }
            return vms;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A guest is about to be made on the host: from now on the home can't be removed without asking the host. */
    synchronized void expect(String host) {
        try {
            if (!Files.isDirectory(folder.resolve(host))) {
                Files.createDirectories(folder.resolve(host));
                DurableFile.syncFolder(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void remember(String host, LibvirtVm vm) {
        try {
            Path file = folder.resolve(host).resolve(vm.id() + END);
            byte[] bytes = VmMetadata.write(vm).getBytes(StandardCharsets.UTF_8);
            if (Files.exists(file) && java.util.Arrays.equals(Files.readAllBytes(file), bytes)) {
                return;
            }
            Files.createDirectories(file.getParent());
            DurableFile.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The guest is not on the host any more; on another one it may be. */
    synchronized void forget(String host, String id) {
        try {
            Files.deleteIfExists(folder.resolve(host).resolve(id + END));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
