package org.virtugrid.grid.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A worker that has loaded and compiled what a start needs, and then waits to be told who it is. The machine is saved while it
 * waits; each machine that is resumed from that snapshot gets an identity of its own and goes on from here.
 */
final class WarmStart {
    /** Made by this process once it waits. */
    static final String WAITS = "waits";
    /** Made by whoever has put this worker's settings into the folder. */
    static final String GO = "go";

    static final String SETTINGS = "node.properties";

    /** How often it lives through a start beforehand: what has run often enough has been compiled. */
    private static final int ROUNDS = 4;

    private static final long POLL_MILLIS = 20;

    private WarmStart() {}

    /**
     * Warms up, waits, and returns the file with the settings of the worker that this process is.
     *
     * @param folder for the signs; a folder {@code tls} in it has a key for the time before
     * @param scratch an empty folder for the time before, which is empty again when this process waits
     */
    static Path await(Path install, Path folder, Path scratch) throws IOException, InterruptedException {
        Training.run(install, scratch, folder.resolve("tls"), ROUNDS);
        // What is garbage need not be saved
        System.gc();
        Files.createFile(folder.resolve(WAITS));
        while (!Files.exists(folder.resolve(GO))) {
            Thread.sleep(POLL_MILLIS);
        }
        CopiedProcess.renew();
        return folder.resolve(SETTINGS);
    }
}
