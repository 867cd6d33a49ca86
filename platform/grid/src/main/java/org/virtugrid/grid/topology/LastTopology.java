package org.virtugrid.grid.topology;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.virtugrid.grid.fault.GridException;

/**
 * The workers without which the grid must not be activated after a cold start, because the newest values may lie on them
 * alone.
 *
 * <p>Every node keeps it in a file outside Ignite's database and shows it as an attribute when it joins, so that it can
 * be compared before anything is activated. Its text form is {@code version:id,id,…}.
 *
 * @param version grows with every change over all nodes: milliseconds since the epoch, pushed past every version seen
 * @param members consistent ids of workers
 */
public record LastTopology(long version, Set<String> members) {

    /** Nothing was ever live. */
    public static final LastTopology NONE = new LastTopology(0, Set.of());

    /** Copies the members. */
    public LastTopology {
        members = Set.copyOf(members);
    }

    /** Where a node with this work directory keeps it. */
    public static Path fileFor(Path workDirectory) {
        return workDirectory.resolveSibling("last-topology");
    }

    /** Reads the file; {@link #NONE} where there is none. */
    public static LastTopology read(Path file) {
        try {
            return parse(Files.readString(file).trim());
        } catch (NoSuchFileException e) {
            return NONE;
        } catch (IOException e) {
            throw GridException.unavailable("cannot read " + file + ": " + e, "mend the disk or its permissions");
        }
    }

    /** Writes the file; a crash leaves the old text or the new one. */
    public void write(Path file) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel out = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Reads the text form. */
    public static LastTopology parse(String text) {
        int colon = text.indexOf(':');
        try {
            String ids = text.substring(colon + 1);
            return new LastTopology(
                    Long.parseLong(text.substring(0, colon)), ids.isEmpty() ? Set.of() : Set.of(ids.split(",", -1)));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new GridException(
                    GridException.Kind.INVALID,
                    "last-topology",
                    "'" + text + "' is not a record of the last topology",
                    "restore the file, or delete it and accept that old values may be served",
                    e);
        }
    }

    /** The newest of several. */
    public static LastTopology newest(Collection<LastTopology> records) {
        return records.stream()
                .max(java.util.Comparator.comparingLong(LastTopology::version))
                .orElse(NONE);
    }

    /** These members from now on, or the same record when nothing changed. */
    public LastTopology next(Set<String> nextMembers, long nowMillis) {
        return nextMembers.equals(members) ? this : new LastTopology(Math.max(nowMillis, version + 1), nextMembers);
    }

    @Override
    public String toString() {
        return version + ":" + String.join(",", new TreeSet<>(members));
    }
}
