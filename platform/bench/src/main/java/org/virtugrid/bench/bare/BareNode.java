package org.virtugrid.bench.bare;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.ignite.Ignite;
import org.apache.ignite.Ignition;

/** A plain server node in a process of its own, which ends with the benchmark. */
public final class BareNode {
    private BareNode() {}

    /** Runs a node: name, folder, discovery port, communication port, addresses, bytes of data, whether on disk. */
    public static void run(String[] arguments) throws IOException {
        Path work = Path.of(arguments[1]);
        Ignite ignite = Ignition.start(BareConfig.server(
                BareConfig.node(arguments[0], work, Integer.parseInt(arguments[3]), arguments[4]),
                Integer.parseInt(arguments[2]),
                Long.parseLong(arguments[5]),
                Boolean.parseBoolean(arguments[6])));
        // The other end is held by the benchmark: its end is ours.
        while (System.in.read() >= 0) {
            Thread.onSpinWait();
        }
        ignite.close();
        Runtime.getRuntime().halt(0);
    }
}
