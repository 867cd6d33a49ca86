package org.virtugrid.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Free ports of loopback, below those that the kernel gives to connections. */
public final class FreePorts {
    private static final int TRIES = 1_000;

    private FreePorts() {}

    /** So many different ones. */
    public static List<Integer> take(int count) {
        List<ServerSocket> taken = new ArrayList<>();
        try {
            for (int tries = 0; taken.size() < count; tries++) {
                try {
                    taken.add(new ServerSocket(
                            ThreadLocalRandom.current().nextInt(22_000, 30_000), 1, InetAddress.getLoopbackAddress()));
                } catch (BindException e) {
                    if (tries > TRIES) {
                        throw e;
                    }
                }
            }
            List<Integer> ports = taken.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : taken) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
