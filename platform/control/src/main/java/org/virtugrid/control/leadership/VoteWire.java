package org.virtugrid.control.leadership;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a question for a vote and its answer look on a connection: lines of JSON, each followed by a line with its seal, an
 * HMAC-SHA256 (RFC 2104) with a key that only the platform's control nodes have. The voter begins with a random number that
 * both seals cover, so nothing can be played again.
 */
final class VoteWire {
    private static final int LONGEST_LINE = 4096;
    private static final int NONCE_BYTES = 16;
    private static final String MAC = "HmacSHA256";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    /** The key is derived from a secret that all control nodes of the platform have. */
    VoteWire(String secret) {
        this.key = new SecretKeySpec(
                mac(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), MAC), "virtugrid votes"), MAC);
    }

    /** A question, and what is needed to seal its answer. */
    record Question(Ask ask, String nonce, String text) {}

    /** The asker's side: sends the question and returns the answer. Fails when that has not come by the deadline. */
    Answer ask(Socket socket, Ask ask, long deadlineNanos) throws IOException {
        InputStream in = socket.getInputStream();
        String nonce = line(socket, in, deadlineNanos);
        String text = JSON.writeValueAsString(ask);
        send(socket, text, seal("ask", nonce, text));
        String answer = line(socket, in, deadlineNanos);
        check(line(socket, in, deadlineNanos), seal("answer", nonce, text, answer));
        return read(answer, Answer.class);
    }

    /** The voter's side, first half. */
    Question question(Socket socket, long deadlineNanos) throws IOException {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        String nonce = HexFormat.of().formatHex(bytes);
        send(socket, nonce);
        InputStream in = socket.getInputStream();
        String text = line(socket, in, deadlineNanos);
        check(line(socket, in, deadlineNanos), seal("ask", nonce, text));
        return new Question(read(text, Ask.class), nonce, text);
    }

    /** The voter's side, second half. */
    void answer(Socket socket, Question question, Answer answer) throws IOException {
        String text = JSON.writeValueAsString(answer);
        send(socket, text, seal("answer", question.nonce(), question.text(), text));
    }

    private static <T> T read(String text, Class<T> type) throws IOException {
        try {
            return JSON.readValue(text, type);
        } catch (JacksonException e) {
            throw new IOException("not understood: " + e.getOriginalMessage(), e);
        }
    }

    private static void send(Socket socket, String... lines) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Who sends slowly does not get more time than who sends nothing. */
    private static String line(Socket socket, InputStream in, long deadlineNanos) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < LONGEST_LINE) {
            long left = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("it took too long");
            }
            socket.setSoTimeout((int) left);
            int next = in.read();
            if (next == '\n') {
                return bytes.toString(StandardCharsets.UTF_8);
            }
            if (next < 0) {
                throw new EOFException("the other side ended the connection");
            }
            bytes.write(next);
        }
        throw new IOException("a line has more than " + LONGEST_LINE + " bytes");
    }

    private void check(String seal, String expected) throws IOException {
        if (!MessageDigest.isEqual(seal.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8))) {
            throw new IOException("it is sealed with another secret: do both homes have the same token?");
        }
    }

    /** No part can hold a newline, so parts can't be shifted into one another. */
    private String seal(String... parts) {
        return HexFormat.of().formatHex(mac(key, String.join("\n", parts)));
    }

    private static byte[] mac(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
