package org.virtugrid.cli.doctor;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** The facts about a machine that a start depends on. None of these calls changes anything for long. */
public interface Machine {

    String operatingSystem();

    /** Feature version of the running Java, such as 17. */
    int javaVersion();

    /** Where the running Java is, and a word on others that were passed over. */
    String javaPlace();

    /** Bytes that new processes can take, also within the limits of a container. */
    long availableMemoryBytes();

    /** Bytes that can be written below the nearest existing parent of the path. */
    long freeDiskBytes(Path path);

    /** Whether nobody listens on the port on loopback, and we may. */
    boolean isFree(int port);

    /** Whether ports below 1024 or otherwise guarded are denied to us. */
    boolean isDenied(int port);

    /** Who listens on the port, such as {@code java, pid 4711}; empty when that can't be told. */
    Optional<String> listener(int port);

    /** The directory for temporary files. */
    Path temporaryDirectory();

    boolean isWritable(Path directory);

    /** Permissions like {@code rw-------} and the owner's name; empty when the file isn't there. */
    Optional<Access> access(Path path);

    /** The programs of this set that can't be found. */
    Set<String> missingPrograms(Set<String> programs);

    /** Who may do what with a file. */
    record Access(String permissions, boolean ours, String owner) {}
}
