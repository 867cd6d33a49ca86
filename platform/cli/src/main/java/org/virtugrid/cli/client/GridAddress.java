package org.virtugrid.cli.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.virtugrid.cli.failure.CliException;

/** Where the API is: scheme, host and port, and a path before {@code /api} where a proxy adds one. */
public record GridAddress(URI base) {

    /** Reads what the user gave; throws when that is no http or https address. */
    public static GridAddress parse(String text) {
        try {
            URI uri = new URI(text.strip().replaceAll("/+$", ""));
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean plain = uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null;
            if (plain && (scheme.equals("http") || scheme.equals("https"))) {
                return new GridAddress(uri);
            }
        } catch (URISyntaxException e) {
            throw wrong(text);
        }
        throw wrong(text);
    }

    public static GridAddress local(int port) {
        return new GridAddress(URI.create("http://127.0.0.1:" + port));
    }

    /** Whether requests stay on this machine, so that the token of a home may be sent. */
    public boolean isLoopback() {
        String host = base.getHost();
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
    }

    public boolean isHttps() {
        return base.getScheme().equalsIgnoreCase("https");
    }

    public int port() {
        int defaultPort = isHttps() ? 443 : 80;
        return base.getPort() > 0 ? base.getPort() : defaultPort;
    }

    URI resolve(String target) {
        return URI.create(base + target);
    }

    @Override
    public String toString() {
        return base.toString();
    }

    private static CliException wrong(String text) {
        return CliException.wrongInput("'" + text + "' is no address; write it like http://127.0.0.1:3000");
    }
}
