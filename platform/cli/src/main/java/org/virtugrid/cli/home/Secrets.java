package org.virtugrid.cli.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import org.virtugrid.cli.failure.CliException;

/** The secrets of a home; each is made once, readable by its owner alone. */
public final class Secrets {
    private static final int BYTES = 32;

    private Secrets() {}

    /** Makes those that are missing. */
    public static void makeMissing(Home home) {
        try {
            OwnerOnly.makeDirectories(home.secrets());
            make(home.tokenFile());
            make(home.ignitePasswordFile());
        } catch (IOException e) {
            throw new CliException(1, "the secrets in " + home.directory() + " cannot be made: " + e.getMessage(), e);
        }
    }

    private static void make(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] random = new byte[BYTES];
            new SecureRandom().nextBytes(random);
            String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
            OwnerOnly.replace(file, (secret + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }
}
