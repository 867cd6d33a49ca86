package org.virtugrid.control.leadership;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.virtugrid.control.home.ControlSettings;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.node.NodeTls;

/** Connections between control nodes: mutual TLS with the nodes' keys, on loopback plain. */
final class VoteSockets {
    private static final int BACKLOG = 16;

    private final SSLContext tls;
    private final InetAddress local;
    private final int port;

    /**
     * For the node that listens at an address.
     *
     * @param keys folder of its key, or null for none
     */
    VoteSockets(String address, Path keys) {
        try {
            this.local = InetAddress.getByName(ControlSettings.hostOf(address));
        } catch (IOException e) {
            throw GridException.invalid(
                    "control.nodes.votes", address + " has no address: " + e.getMessage(), "give an IP address");
        }
        if (keys == null && !local.isLoopbackAddress()) {
            throw GridException.invalid(
                    "control.nodes.votes",
                    address + " can be reached from other machines, and driver process has no keys",
                    "use loopback addresses, or --driver libvirt");
        }
        this.port = ControlSettings.portOf(address);
        this.tls = keys == null ? null : NodeTls.context(keys);
    }

    /** A listening socket. */
    ServerSocket listen() throws IOException {
        if (tls == null) {
            return new ServerSocket(port, BACKLOG, local);
        }
        SSLServerSocket socket =
                (SSLServerSocket) tls.getServerSocketFactory().createServerSocket(port, BACKLOG, local);
        socket.setNeedClientAuth(true);
        return socket;
    }

    /** Connects from this node's own address; the caller closes the socket. */
    Socket connect(String address, int timeoutMillis) throws IOException {
        Socket socket = tls == null ? new Socket() : tls.getSocketFactory().createSocket();
        try {
            socket.bind(new InetSocketAddress(local, 0));
            socket.connect(
                    new InetSocketAddress(ControlSettings.hostOf(address), ControlSettings.portOf(address)),
                    timeoutMillis);
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
