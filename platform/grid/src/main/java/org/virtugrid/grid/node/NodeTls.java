package org.virtugrid.grid.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.apache.ignite.configuration.IgniteConfiguration;
import org.apache.ignite.ssl.SslContextFactory;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.NodeRole;

/**
 * Mutual TLS between nodes: whoever has no key that the grid's own authority signed cannot join. A folder holds the node's
 * key and certificate, the authority's certificate, and the password of both files, all readable by the node alone.
 */
public final class NodeTls {
    /** Key and certificate of the node. */
    public static final String KEY_STORE = "node.jks";
    /** Certificate of the authority. */
    public static final String TRUST_STORE = "authority.jks";
    /** The password of both. */
    public static final String PASSWORD = "password";

    /**
     * The type of both. What protects them is who may read them, since the password lies beside them. The ten thousand rounds by
     * which PKCS 12 makes a key of a password took two thirds of a start in an emulated guest; this type takes one.
     */
    public static final String STORE_TYPE = "JKS";

    /**
     * System property of a worker whose processor is emulated: AES is fast where the processor and the compiler know it, and
     * there neither does. ChaCha20 is plain arithmetic.
     */
    public static final String WITHOUT_AES = "virtugrid.tls.withoutAes";

    private static final String[] CHACHA_FIRST = {
        "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"
    };
    private static final String PROTOCOL = "TLSv1.3";

    private NodeTls() {}

    /** Sets TLS where the settings name a folder; INVALID where they don't although others can reach the address. */
    static void apply(NodeSettings settings, IgniteConfiguration configuration) {
        if (settings.tls() == null) {
            requireLoopback(settings.bindAddress());
            return;
        }
        SslContextFactory factory = factory(settings.tls());
        // Who accepts a connection chooses. Control does not know what a worker's processor can do
        if (settings.role() == NodeRole.CONTROL || Boolean.getBoolean(WITHOUT_AES)) {
            factory.setCipherSuites(CHACHA_FIRST);
        }
        configuration.setSslContextFactory(factory);
    }

    /** What connections of this node are made with, beside Ignite's own. */
    public static SSLContext context(Path folder) {
        return factory(folder).create();
    }

    private static SslContextFactory factory(Path folder) {
        char[] password = password(folder);
        SslContextFactory factory = new SslContextFactory();
        factory.setProtocol(PROTOCOL);
        factory.setKeyStoreType(STORE_TYPE);
        factory.setKeyStoreFilePath(folder.resolve(KEY_STORE).toString());
        factory.setKeyStorePassword(password);
        factory.setTrustStoreType(STORE_TYPE);
        factory.setTrustStoreFilePath(folder.resolve(TRUST_STORE).toString());
        factory.setTrustStorePassword(password);
        return factory;
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
