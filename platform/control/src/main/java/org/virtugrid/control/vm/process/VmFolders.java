package org.virtugrid.control.vm.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.virtugrid.control.home.DurableFile;
import org.virtugrid.control.vm.VmDriverException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folders of process VMs on disk. A folder appears and vanishes by one rename, so that a crash leaves a whole VM or
 * rubbish with a leading dot, which the next start clears.
 */
final class VmFolders {
    private static final String RECORD = "vm.json";
    private static final String NEW = ".new-";
    private static final String GONE = ".gone-";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path root;

    VmFolders(Path root) {
        this.root = root;
    }

    Path folder(String id) {
        return root.resolve(id);
    }

    Path database(String id) {
        return folder(id).resolve("db");
    }

    /** Written by a worker that was cut off, and by us when we fence one that may have run on. */
    Path suspicion(String id) {
        return folder(id).resolve("segmented");
    }

    /** The ids of all VMs. */
    List<String> ids() throws IOException {
        List<String> ids = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root)) {
            for (Path folder : folders) {
                String name = folder.getFileName().toString();
                if (!name.startsWith(NEW) && !name.startsWith(GONE) && Files.isDirectory(folder)) {
                    ids.add(name);
                }
            }
        }
        return ids;
    }

    /** Clears what a crash left over. */
    void clear() throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root)) {
            for (Path folder : folders) {
                String name = folder.getFileName().toString();
                if (name.startsWith(NEW) || name.startsWith(GONE)) {
                    deleteTree(folder);
                }
            }
        }
    }

    /** The record; null when there is no such VM (any more). */
    ProcessVm read(String id) {
        Path file = folder(id).resolve(RECORD);
        try {
            return JSON.readValue(Files.readAllBytes(file), ProcessVm.class);
        } catch (NoSuchFileException e) {
            if (!Files.exists(folder(id))) {
                return null;
            }
            throw unreadable(file, e);
        } catch (IOException | JacksonException e) {
            throw unreadable(file, e);
        }
    }

    private static VmDriverException unreadable(Path file, Exception cause) {
        return new VmDriverException(
                VmDriverException.Kind.FAILED,
                file + " cannot be read: restore it, or move its folder away if its data is not needed",
                cause);
    }

    void create(ProcessVm vm) throws IOException {
        Path beside = root.resolve(NEW + vm.id());
        Files.createDirectories(
                beside.resolve("db"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        DurableFile.write(
                beside.resolve(RECORD), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(vm));
        DurableFile.rename(beside, folder(vm.id()));
    }

    void write(ProcessVm vm) throws IOException {
        DurableFile.write(
                folder(vm.id()).resolve(RECORD),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(vm));
    }

    void suspect(String id, boolean suspect) throws IOException {
        if (suspect) {
            DurableFile.write(suspicion(id), new byte[0]);
        } else {
            Files.deleteIfExists(suspicion(id));
            DurableFile.syncFolder(folder(id));
        }
    }

    /** Empties the database at one stroke; the suspicion goes last, so that a crash in between wipes once more. */
    void wipe(String id) throws IOException {
        if (Files.exists(database(id))) {
            DurableFile.rename(database(id), root.resolve(GONE + "db-" + id + "-" + System.nanoTime()));
        }
        Files.createDirectories(database(id));
        suspect(id, false);
        clearWiped(id);
    }

    private void clearWiped(String id) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(root, GONE + "db-" + id + "-*")) {
            for (Path path : left) {
                deleteTree(path);
            }
        }
    }

    void remove(String id) throws IOException {
        Path gone = root.resolve(GONE + id);
        if (Files.exists(folder(id))) {
            DurableFile.rename(folder(id), gone);
        }
        if (Files.exists(gone)) {
            deleteTree(gone);
        }
    }

    /** Bytes of all files below the VM's folder. */
    long diskBytes(String id) {
        try (Stream<Path> files = Files.walk(folder(id))) {
            return files.mapToLong(file -> {
                        java.io.File plain = file.toFile();
                        return plain.isFile() ? plain.length() : 0;
                    })
                    .sum();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0; // files come and go while we look
        }
    }

    private static void deleteTree(Path top) throws IOException {
        List<Path> paths;
        try (Stream<Path> all = Files.walk(top)) {
            paths = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
