package org.virtugrid.control.security;

import java.nio.file.Path;

/**
 * What the HTTP side must know about the home. Holds paths, never secrets.
 *
 * @param tokenFile the admin token; lies in the home itself
 * @param ignitePasswordFile password of the Ignite user {@code virtugrid}
 * @param httpPort port of the REST API, 0 for any free one
 * @param restHttpPort port of Ignite's own REST on loopback
 */
public record SecuritySettings(Path tokenFile, Path ignitePasswordFile, int httpPort, int restHttpPort) {

    /** The home's directory. */
    public Path home() {
        return tokenFile.toAbsolutePath().getParent();
    }
}
