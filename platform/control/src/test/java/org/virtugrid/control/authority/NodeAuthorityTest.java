package org.virtugrid.control.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.grid.node.NodeTls;

class NodeAuthorityTest {
    @TempDir
    Path home;

    private NodeAuthority authority(String name) {
        return new NodeAuthority(home.resolve(name), Clock.systemUTC());
    }

    private static X509Certificate certificate(Path folder, String store) throws Exception {
        KeyStore keys = KeyStore.getInstance(NodeTls.STORE_TYPE);
        try (InputStream in = Files.newInputStream(folder.resolve(store))) {
            keys.load(in, Files.readString(folder.resolve(NodeTls.PASSWORD)).toCharArray());
        }
        return (X509Certificate) keys.getCertificate("key");
    }

    @Test
    void signs_every_node_with_one_key_and_gives_each_its_own() throws Exception {
        Path one = authority("a").folderOf("vm-1");
        Path two = authority("a").folderOf("vm-2");

        X509Certificate issuer = certificate(one, NodeTls.TRUST_STORE);
        certificate(one, NodeTls.KEY_STORE).verify(issuer.getPublicKey());
        certificate(two, NodeTls.KEY_STORE).verify(issuer.getPublicKey());
        assertThat(certificate(two, NodeTls.TRUST_STORE)).isEqualTo(issuer);
        assertThat(certificate(one, NodeTls.KEY_STORE)).isNotEqualTo(certificate(two, NodeTls.KEY_STORE));
        assertThat(certificate(one, NodeTls.KEY_STORE).getBasicConstraints()).isEqualTo(-1);
    }

    @Test
    void another_homes_node_is_not_trusted() throws Exception {
        X509Certificate stranger = certificate(authority("b").folderOf("vm-1"), NodeTls.KEY_STORE);
        X509Certificate ours = certificate(authority("a").folderOf("vm-1"), NodeTls.TRUST_STORE);

        assertThatThrownBy(() -> stranger.verify(ours.getPublicKey())).isInstanceOf(SignatureException.class);
    }

    @Test
    void a_key_stays_the_same_and_is_its_owners_alone() throws Exception {
        Path folder = authority("a").folderOf("vm-1");
        X509Certificate before = certificate(folder, NodeTls.KEY_STORE);

        assertThat(certificate(authority("a").folderOf("vm-1"), NodeTls.KEY_STORE))
                .isEqualTo(before);
        try (var files = Files.walk(home.resolve("a"))) {
            for (Path file : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .endsWith("------");
            }
        }
    }

    @Test
    void a_destroyed_nodes_key_is_gone() {
        Path folder = authority("a").folderOf("vm-1");

        authority("a").forget("vm-1");

        assertThat(folder).doesNotExist();
    }
}
