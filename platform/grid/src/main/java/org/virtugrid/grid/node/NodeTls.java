package org.virtugrid.grid.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.ignite.configuration.IgniteConfiguration;
import org.apache.ignite.ssl.SslContextFactory;
import org.virtugrid.grid.fault.GridException;

/**
 * Mutual TLS between nodes: whoever has no key that the grid's own authority signed cannot join. A folder holds the node's
 * key and certificate, the authority's certificate, and the password of both files, all readable by the node alone.
 */
public final class NodeTls {
    /** Key and certificate of the node, PKCS 12. */
    public static final String KEY_STORE = "node.p12";
    /** Certificate of the authority, PKCS 12. */
    public static final String TRUST_STORE = "authority.p12";
    /** The password of both. */
    public static final String PASSWORD = "password";

    private static final String STORE_TYPE = "PKCS12";
    private static final String PROTOCOL = "TLSv1.3";

    private NodeTls() {}

    /** Sets TLS where the settings name a folder; INVALID where they don't although others can reach the address. */
    static void apply(NodeSettings settings, IgniteConfiguration configuration) {
        if (settings.tls() == null) {
            requireLoopback(settings.bindAddress());
            return;
        }
        char[] password = password(settings.tls());
        SslContextFactory factory = new SslContextFactory();
        factory.setProtocol(PROTOCOL);
        factory.setKeyStoreType(STORE_TYPE);
        factory.setKeyStoreFilePath(settings.tls().resolve(KEY_STORE).toString());
        factory.setKeyStorePassword(password);
        factory.setTrustStoreType(STORE_TYPE);
        factory.setTrustStoreFilePath(settings.tls().resolve(TRUST_STORE).toString());
        factory.setTrustStorePassword(password);
        configuration.setSslContextFactory(factory);
    }

    private static void requireLoopback(String address) {
        try {
            if (InetAddress.getByName(address).isLoopbackAddress()) {
                return;
            }
        } catch (UnknownHostException e) {
            // the same remedy
        }
        throw GridException.invalid(
                "node.bindAddress",
                "a node at " + address + " can be reached from other machines, and has no key",
                "name its folder of keys in node.tls, or use a loopback address");
    }

    private static char[] password(Path folder) {
        try {
            return Files.readString(folder.resolve(PASSWORD)).strip().toCharArray();
        } catch (IOException e) {
            throw GridException.invalid(
                    "node.tls", "the key of this node cannot be read: " + e.getMessage(), "start it by its driver");
        }
    }
}
