package org.virtugrid.control.vm.libvirt;

import com.github.stephenc.javaisotools.iso9660.ConfigException;
import com.github.stephenc.javaisotools.iso9660.ISO9660RootDirectory;
import com.github.stephenc.javaisotools.iso9660.impl.CreateISO;
import com.github.stephenc.javaisotools.iso9660.impl.ISO9660Config;
import com.github.stephenc.javaisotools.iso9660.impl.ISOImageFileHandler;
import com.github.stephenc.javaisotools.rockridge.impl.RockRidgeConfig;
import com.github.stephenc.javaisotools.sabre.HandlerException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.virtugrid.grid.node.NodeSettings;
import org.virtugrid.grid.node.NodeSettingsFile;
import org.virtugrid.grid.node.NodeTls;
import org.virtugrid.grid.topology.StoredCaches;

/**
 * What a guest learns at boot: who it is, whom to join, its key. An ISO 9660 disk with the label and the files of
 * cloud-init's NoCloud source, which images of other makers read, and a folder {@code virtugrid} that our image reads. It
 * is the one place where a guest's secrets leave the home, so it is written for the owner alone.
 */
final class GuestSeed {
    private static final String LABEL = "cidata";
    /** All seeds have this size unless they need more, so that a guest may find another one in its place. */
    static final long USUAL_BYTES = 16L << 20;

    /** With this begins each seed, before ISO 9660's own data; what follows tells it from any other. */
    private static final String MARK = "virtugrid-seed ";

    private static final int RANDOM_BYTES = 64;
    private static final SecureRandom RANDOM = new SecureRandom();

    private GuestSeed() {}

    /**
     * What it says.
     *
     * @param name host name
     * @param javaOptions of the worker, words without quotes
     * @param caches see {@link GridHints#caches}
     * @param tls folder of the node's key, see {@link NodeTls}
     * @param node settings of the worker; null for a guest that waits to be told who it is
     * @param sshKeys public keys that may log in as root
     * @param jobs folder of users' job jars
     */
    record Contents(
            String name,
            String instance,
            String mac,
            String address,
            int prefix,
            String gateway,
            List<String> javaOptions,
            NodeSettings node,
            Optional<Set<String>> caches,
            Path tls,
            List<String> sshKeys,
            Path jobs) {}

    /** Writes the disk; the folder is for its parts and is emptied. */
    static Path write(Contents contents, Path folder) throws IOException {
        delete(folder);
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path tree = Files.createDirectory(folder.resolve("tree"));
        text(
                tree.resolve("meta-data"),
                "instance-id: " + quoted(contents.instance()) + "\nlocal-hostname: " + quoted(contents.name()));
        text(tree.resolve("user-data"), userData(contents));
        text(tree.resolve("network-config"), networkConfig(contents));
        Path own = Files.createDirectory(tree.resolve("virtugrid"));
        text(own.resolve("guest.env"), environment(contents));
        text(own.resolve("authorized_keys"), String.join("\n", contents.sshKeys()));
        Path worker = Files.createDirectory(own.resolve("worker"));
        if (contents.node() != null) {
            NodeSettingsFile.write(contents.node(), worker.resolve("node.properties"));
        }
        // A guest whose memory is a copy has the kernel's random state of others until it has read this
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        Files.write(own.resolve("random"), random);
        if (contents.caches().isPresent()) {
            text(
                    worker.resolve(StoredCaches.LIST),
                    String.join("\n", contents.caches().get()));
        }
        copy(contents.tls(), Files.createDirectory(worker.resolve("tls")));
        copy(contents.jobs(), Files.createDirectory(worker.resolve("jobs")));
        Path image = folder.resolve("seed.iso");
        pack(tree, image);
        mark(image, contents.instance());
        delete(tree);
        return image;
    }

    private static void mark(Path image, String instance) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.write((MARK + instance + "\n").getBytes(StandardCharsets.US_ASCII));
            if (file.length() < USUAL_BYTES) {
                file.setLength(USUAL_BYTES);
            }
        }
    }

    /** Keys are root's, as in our image: cloud-init would make a user of its own for them, and lock root out. */
    private static String userData(Contents contents) {
        StringBuilder out = new StringBuilder(
                """
                #cloud-config
                users:
                  - name: root
                    lock_passwd: false
                disable_root: false
                ssh_pwauth: false""");
        if (!contents.sshKeys().isEmpty()) {
            out.append("\nssh_authorized_keys:");
            contents.sshKeys().forEach(key -> out.append("\n  - ").append(quoted(key)));
        }
        return out.toString();
    }

    /** As YAML: a key's comment is free text, a name may look like a number. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String networkConfig(Contents contents) {
        return """
                version: 2
                ethernets:
                  grid:
                    match: {macaddress: "%s"}
                    addresses: [%s/%d]%s"""
                .formatted(
                        contents.mac(),
                        contents.address(),
                        contents.prefix(),
                        contents.gateway() == null ? "" : "\n    gateway4: " + contents.gateway());
    }

    private static String environment(Contents contents) {
        return """
                GUEST_NAME=%s
                GUEST_MAC=%s
                GUEST_ADDRESS=%s/%d
                GUEST_GATEWAY=%s
                GUEST_WAITS=%s
                GUEST_JAVA_OPTIONS='%s'"""
                .formatted(
                        contents.name(),
                        contents.mac(),
                        contents.address(),
                        contents.prefix(),
                        contents.gateway() == null ? "" : contents.gateway(),
                        contents.node() == null ? "yes" : "",
                        String.join(" ", contents.javaOptions()));
    }

    private static void text(Path file, String text) throws IOException {
        Files.writeString(file, text + "\n");
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void pack(Path tree, Path image) throws IOException {
        try {
            ISO9660RootDirectory root = new ISO9660RootDirectory();
            root.addContentsRecursively(tree.toFile());
            ISO9660Config iso = new ISO9660Config();
            iso.allowASCII(false);
            iso.setInterchangeLevel(1);
            iso.restrictDirDepthTo8(true);
            iso.setVolumeID(LABEL);
            iso.forceDotDelimiter(true);
            RockRidgeConfig names = new RockRidgeConfig();
            names.setMkisofsCompatibility(true);
            names.hideMovedDirectoriesStore(true);
            names.forcePortableFilenameCharacterSet(false);
            new CreateISO(new ISOImageFileHandler(image.toFile()), root).process(iso, names, null, null);
        } catch (HandlerException | ConfigException e) {
            throw new IOException("the seed disk cannot be written: " + e.getMessage(), e);
        }
    }

    /** Removes a folder and all in it; no error when there is none. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
