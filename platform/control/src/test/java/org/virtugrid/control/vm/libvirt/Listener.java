package org.virtugrid.control.vm.libvirt;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A program that says hello to whoever connects: arguments ADDRESS PORT. Ends with its standard input. */
final class Listener {
    private Listener() {}

    public static void main(String[] arguments) throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getByName(arguments[0]), Integer.parseInt(arguments[1])));
        Thread thread = new Thread(() -> serve(server));
        thread.setDaemon(true);
        thread.start();
        System.out.println("listening");
        while (System.in.read() >= 0) {
            // whoever started it is still there
        }
    }

    private static void serve(ServerSocket server) {
        while (true) {
            try (Socket socket = server.accept();
                    OutputStream out = socket.getOutputStream()) {
                out.write("hello\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                System.err.println(e);
            }
        }
    }
}
