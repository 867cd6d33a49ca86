package org.virtugrid.control.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The admin token of the home. Only its digest and a key derived from it are kept. Comparisons take the same time
 * whatever is compared.
 */
public final class AdminToken {
    static final Duration SESSION = Duration.ofHours(12);

    private static final int SHORTEST = 16;

    private final byte[] digest;
    private final SecretKeySpec sessionKey;
    private final Clock clock;

    /** The given token. */
    public AdminToken(String token, Clock clock) {
        if (token.length() < SHORTEST) {
            throw new IllegalStateException("the admin token has fewer than " + SHORTEST + " characters");
        }
        this.digest = sha256(token);
        this.sessionKey = new SecretKeySpec(sha256("session of " + token), "HmacSHA256");
        this.clock = clock;
    }

    /** The token that the file holds. */
    public static AdminToken read(Path file, Clock clock) {
        try {
            return new AdminToken(Files.readString(file).strip(), clock);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the admin token from " + file, e);
        }
    }

    /** Whether this is the token. */
    public boolean matches(String candidate) {
        return MessageDigest.isEqual(digest, sha256(candidate));
    }

    /** A session for the page: an end time, signed. Needs no memory here and outlives a restart. */
    String newSession() {
        String until = Long.toString(clock.instant().plus(SESSION).getEpochSecond());
        return until + "." + sign(until);
    }

    /** Whether the session was given out by this token and has not ended. */
    boolean isSession(String candidate) {
        int dot = candidate.indexOf('.');
        if (dot < 1 || dot > 12) {
            return false;
        }
        String until = candidate.substring(0, dot);
        boolean genuine = MessageDigest.isEqual(
                sign(until).getBytes(UTF_8), candidate.substring(dot + 1).getBytes(UTF_8));
        return genuine && Long.parseLong(until) > clock.instant().getEpochSecond();
    }

    private String sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(sessionKey);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
