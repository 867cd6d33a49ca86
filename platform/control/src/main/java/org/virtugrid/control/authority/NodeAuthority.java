package org.virtugrid.control.authority;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.virtugrid.control.home.DurableFile;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.node.NodeTls;

/**
 * Signs the keys of one platform's nodes. Its own key stays in the home, readable by its owner alone. Keys are P-256,
 * signatures ECDSA with SHA-256 (FIPS 186-5), certificates X.509 v3 (RFC 5280). Safe for use by several threads.
 */
public final class NodeAuthority {
    private static final String ALIAS = "key";
    private static final String STORE = "PKCS12";
    private static final Duration VALID = Duration.ofDays(3650);
    /** Guests' clocks may be behind. */
    private static final Duration SKEW = Duration.ofDays(1);

    private final Path folder;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** The authority in a folder, which is made at the first use. */
    public NodeAuthority(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** Folder with the key of a node, made once; what {@link NodeTls} says lies in it. */
    public synchronized Path folderOf(String node) {
        Path nodeFolder = folder.resolve("nodes").resolve(node);
        if (Files.exists(nodeFolder.resolve(NodeTls.KEY_STORE))) {
            return nodeFolder;
        }
        try {
            // Of an older version, with stores of another type
            forget(node);
            Path beside = newFolder(folder.resolve("nodes"), "." + node);
            char[] password = password();
            KeyStore authority = authority();
            X509Certificate issuer = (X509Certificate) authority.getCertificate(ALIAS);
            KeyPair pair = keyPair();
            X509Certificate own = sign(
                    "CN=" + node,
                    pair.getPublic(),
                    issuer.getSubjectX500Principal().getName(),
                    (PrivateKey) authority.getKey(ALIAS, authorityPassword()),
                    false);
            KeyStore keys = empty(NodeTls.STORE_TYPE);
            keys.setKeyEntry(ALIAS, pair.getPrivate(), password, new Certificate[] {own, issuer});
            KeyStore trust = empty(NodeTls.STORE_TYPE);
            trust.setCertificateEntry(ALIAS, issuer);
            store(keys, password, beside.resolve(NodeTls.KEY_STORE));
            store(trust, password, beside.resolve(NodeTls.TRUST_STORE));
            DurableFile.write(beside.resolve(NodeTls.PASSWORD), bytes(password));
            DurableFile.rename(beside, nodeFolder);
            return nodeFolder;
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw unusable(e);
        }
    }

    /** Forgets the key of a node that is no more. */
    public synchronized void forget(String node) {
        Path nodeFolder = folder.resolve("nodes").resolve(node);
        if (!Files.exists(nodeFolder)) {
            return;
        }
        try {
            try (Stream<Path> files = Files.list(nodeFolder)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(nodeFolder);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private KeyStore authority() throws IOException, GeneralSecurityException, OperatorCreationException {
        Path file = folder.resolve("authority.p12");
        KeyStore store = empty(STORE);
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, authorityPassword());
            }
            return store;
        }
        KeyPair pair = keyPair();
        byte[] id = new byte[4];
        random.nextBytes(id);
        String name = "CN=VirtuGrid " + HexFormat.of().formatHex(id);
        X509Certificate own = sign(name, pair.getPublic(), name, pair.getPrivate(), true);
        store.setKeyEntry(ALIAS, pair.getPrivate(), authorityPassword(), new Certificate[] {own});
        store(store, authorityPassword(), file);
        return store;
    }

    private char[] authorityPassword() throws IOException {
        Path file = folder.resolve("authority.password");
        if (!Files.exists(file)) {
            newFolder(folder.getParent(), folder.getFileName().toString());
            DurableFile.write(file, bytes(password()));
        }
        return Files.readString(file).strip().toCharArray();
    }

    private static Path newFolder(Path parent, String name) throws IOException {
        Path made = parent.resolve(name);
        Files.createDirectories(
                made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return made;
    }

    private X509Certificate sign(String subject, PublicKey key, String issuer, PrivateKey issuerKey, boolean authority)
            throws OperatorCreationException, GeneralSecurityException, CertIOException {
        Instant now = clock.instant();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name(issuer),
                new BigInteger(120, random),
                Date.from(now.minus(SKEW)),
                Date.from(now.plus(VALID)),
                new X500Name(subject),
                key);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey)));
    }

    private KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private char[] password() {
        byte[] bytes = new byte[24];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes).toCharArray();
    }

    private static byte[] bytes(char[] text) {
        return new String(text).getBytes(StandardCharsets.US_ASCII);
    }

    private static KeyStore empty(String type) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        return store;
    }

    private static void store(KeyStore store, char[] password, Path file) throws IOException, GeneralSecurityException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, password);
        DurableFile.write(file, out.toByteArray());
    }

    private GridException unusable(Exception cause) {
        return new GridException(
                GridException.Kind.UNAVAILABLE,
                null,
                "the grid's authority in " + folder + " cannot be used: " + cause.getMessage(),
                "mend the permissions of the folder, or restore it from a backup",
                cause);
    }
}
