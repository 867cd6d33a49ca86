package org.virtugrid.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports that nobody uses, below those that the system gives to clients. */
public final class FreePorts {
    private static final int END = 32_000;

    private static int next = 24_000 + (int) (ProcessHandle.current().pid() % 4_000);

    private FreePorts() {}

    /** A port that was free just now; never the same twice. */
    public static synchronized int take() throws IOException {
        while (next < END) {
            int port = next++;
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException e) {
                // in use
            }
        }
        throw new IOException("no port below " + END + " is free");
    }
}
