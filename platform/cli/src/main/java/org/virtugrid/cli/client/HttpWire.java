package org.virtugrid.cli.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One HTTP/1.1 exchange that sends a body of any length and hears an answer that comes before its end, which the JDK's
 * clients drop when the server closes the connection then.
 */
final class HttpWire implements Closeable {
    private static final int EXPECT_MILLIS = 2_000;
    private static final int ANSWER_MILLIS = 15 * 60 * 1_000;
    private static final int LARGEST_ANSWER = 16 << 20;
    private static final byte[] LINE_END = {'\r', '\n'};

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private boolean chunked;

    /** An answer to the end. */
    record Answer(int status, String body) {}

    HttpWire(GridAddress address) throws IOException {
        Socket plain = new Socket();
        try {
            String host = address.base().getHost().replaceAll("[\\[\\]]", "");
            plain.connect(new InetSocketAddress(host, address.port()), GridClient.CONNECT_MILLIS);
            plain.setTcpNoDelay(true);
            socket = address.isHttps() ? secured(plain, host, address.port()) : plain;
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /** Sends the head; the length is below zero when it isn't known. Returns an answer that came at once, or null. */
    Answer begin(String method, GridAddress address, String target, String token, long length) throws IOException {
        chunked = length < 0;
        String path = address.base().getRawPath() + target;
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        head.append("Host: ").append(address.base().getRawAuthority()).append("\r\n");
        if (token != null) {
            head.append("Authorization: Bearer ").append(token).append("\r\n");
        }
        head.append("Content-Type: application/octet-stream\r\nAccept: application/json, application/problem+json\r\n");
        head.append(chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + length + "\r\n");
        head.append("Expect: 100-continue\r\nConnection: close\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        socket.setSoTimeout(EXPECT_MILLIS);
        try {
            return answerUnlessContinue();
        } catch (SocketTimeoutException noInterimAnswer) {
            return null;
        }
    }

    void write(byte[] bytes, int length) throws IOException {
        if (chunked) {
            out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
        out.write(bytes, 0, length);
        if (chunked) {
            out.write(LINE_END);
        }
    }

    /** The answer of a grid that doesn't want the rest of the body, else null at once. */
    Answer earlyAnswer() throws IOException {
        return in.available() > 0 ? answerUnlessContinue() : null;
    }

    void end() throws IOException {
        if (chunked) {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.flush();
    }

    /** Waits for the answer; writing a large upload down may take the grid a while. */
    Answer answer() throws IOException {
        socket.setSoTimeout(ANSWER_MILLIS);
        Answer answer;
        do {
            answer = answerUnlessContinue();
        } while (answer == null);
        return answer;
    }

    /** The answer that is here already, or null: for a connection that the other side has closed. */
    Answer answerIfThere() {
        try {
            socket.setSoTimeout(EXPECT_MILLIS);
            return answerUnlessContinue();
        } catch (IOException nothingThere) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private Answer answerUnlessContinue() throws IOException {
        String[] statusLine = readLine().split(" ", 3);
        if (statusLine.length < 2 || !statusLine[0].startsWith("HTTP/1.") || !statusLine[1].matches("\\d{3}")) {
            throw new IOException("what answers there doesn't speak HTTP");
        }
        int status = Integer.parseInt(statusLine[1]);
        Map<String, String> headers = readHeaders();
        return status < 200 ? null : new Answer(status, new String(readBody(status, headers), StandardCharsets.UTF_8));
    }

    private Map<String, String> readHeaders() throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            if (colon > 0 && headers.size() < 200) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    private byte[] readBody(int status, Map<String, String> headers) throws IOException {
        if (status == 204) {
            return new byte[0];
        }
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return readChunks();
        }
        String length = headers.get("content-length");
        int limit = length == null ? LARGEST_ANSWER : (int) Math.min(LARGEST_ANSWER, number(length, 10));
        byte[] body = in.readNBytes(limit);
        if (length != null && body.length < limit) {
            throw new EOFException("the connection was closed in the middle of the answer");
        }
        return body;
    }

    private byte[] readChunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (body.size() <= LARGEST_ANSWER) {
            int size = (int)
                    Math.min(LARGEST_ANSWER, number(readLine().split(";", 2)[0].strip(), 16));
            byte[] chunk = in.readNBytes(size);
            body.writeBytes(chunk);
            if (size == 0) {
                return body.toByteArray();
            }
            readLine();
        }
        throw new IOException("the answer is too long");
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection was closed");
            }
            if (line.length() > 1 << 16) {
                throw new IOException("the answer has a line without an end");
            }
            line.append((char) b);
        }
        return line.toString().stripTrailing();
    }

    private static long number(String text, int radix) throws IOException {
        try {
            return Long.parseLong(text, radix);
        } catch (NumberFormatException e) {
            throw new IOException("the answer has a length that is no number", e);
        }
    }

    private static Socket secured(Socket plain, String host, int port) throws IOException {
        SSLSocket secured =
                (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(plain, host, port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }
}
