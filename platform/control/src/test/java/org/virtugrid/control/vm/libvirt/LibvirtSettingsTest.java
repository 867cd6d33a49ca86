package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.virtugrid.control.vm.SnapshotPlan;
import org.virtugrid.grid.fault.GridException;

class LibvirtSettingsTest {
    private static final Path DEFAULT = Path.of("/images/current");

    @TempDir
    Path folder;

    private LibvirtSettings read(String text) throws IOException {
        return LibvirtSettings.read(Files.writeString(folder.resolve("control.yaml"), text), DEFAULT);
    }

    @Test
    void the_example_in_config_is_right() {
        LibvirtSettings settings = LibvirtSettings.read(Path.of("../../config/control.yaml"), DEFAULT);

        assertThat(settings.image()).isEqualTo(DEFAULT);
        assertThat(settings.hosts())
                .containsExactly(new HostSettings("kvm-a", "qemu:///system", "virtugrid0", "/var/lib/virtugrid", null));
    }

    @Test
    void guests_move_by_TLS_where_that_is_said() throws IOException {
        String text = "libvirt: {network: {address: 10.7.0.1, prefix: 24, guests: 10.7.0.2-10.7.0.9}, hosts: [{name: a,"
                + " uri: 'qemu+tls://10.7.0.3/system?pkipath=/etc/virtugrid', bridge: br0, storage: /s%s}]}";

        assertThat(read(text.formatted(", migrationTls: true")).hosts().get(0).movesByTls())
                .isTrue();
        assertThat(read(text.formatted("")).hosts().get(0).movesByTls()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: a, uri: 'http://x', bridge: br0, storage: /s | hosts.uri",
                "name: 'a b', uri: 'qemu:///system', bridge: br0, storage: /s | hosts.name",
                "name: a, uri: 'qemu:///system', bridge: 'br0;', storage: /s | hosts.bridge",
                "name: a, uri: 'qemu:///system', bridge: br0, storage: s | hosts.storage",
                "name: a, uri: 'qemu:///system', bridge: br0, storage: /s, color: red | color"
            })
    void a_wrong_host_is_refused_by_the_name_of_its_field(String host, String field) {
        String text = "libvirt: {network: {address: 10.7.0.1, prefix: 24, guests: 10.7.0.2-10.7.0.9}, hosts: [{" + host
                + "}]}";

        assertThatThrownBy(() -> read(text)).isInstanceOfSatisfying(GridException.class, e -> assertThat(e.field())
                .isEqualTo(field));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "libvirt: [ | control.yaml",
                "other: 1 | other",
                "libvirt: | libvirt",
                "libvirt: {hosts: []} | network",
                "libvirt: {network: {address: 10.7.0.1, prefix: 24, guests: 10.7.0.2-10.7.0.9}} | hosts",
                "libvirt: {network: {address: 10.7.0.1, prefix: 24, guests: 10.7.0.2-10.7.0.9, isolation: maybe}} |"
                        + " network.isolation",
                "libvirt: {network: {address: 10.7.0.1, prefix: 24, guests: 10.7.0.2-10.7.0.9, allow: [x]}} |"
                        + " network.allow",
                "libvirt: {network: {address: 10.7.0.1, prefx: 24, guests: 10.7.0.2-10.7.0.9}} | libvirt.network.prefix",
                "libvirt: {network: {address: 10.7.0.1, guests: 10.7.0.2-10.7.0.9}} | libvirt.network.prefix",
                "libvirt: {network: {address: 10.7.0.1, prefix: x, guests: 10.7.0.2-10.7.0.9}} | libvirt.network.prefix",
                "libvirt: {network: {address: 10.7.0.1, prefix: 24, guests: 10.7.0.0-10.7.0.9}} | network.guests",
                "libvirt: {network: {address: 10.7.0.1, prefix: 24, guests: 10.7.0.2-10.7.0.255}} | network.guests",
                "libvirt: {network: {address: nowhere, prefix: 24, guests: 10.7.0.2-10.7.0.9}} | network.address"
            })
    void a_file_that_says_too_little_or_too_much_is_refused(String text, String field) {
        assertThatThrownBy(() -> read(text)).isInstanceOfSatisfying(GridException.class, e -> assertThat(e.field())
                .isEqualTo(field));
    }

    private LibvirtSettings readWith(String snapshots) throws IOException {
        return read(
                """
                libvirt:
                  network: {address: 10.7.0.1, prefix: 24, guests: 10.7.0.2-10.7.0.9, isolation: "off", allow: [10.8.0.0/16:443]}
                  snapshots: %s
                  hosts: [{name: a, uri: 'qemu:///system', bridge: br0, storage: /s}]
                """
                        .formatted(snapshots));
    }

    @Test
    void starts_are_warm_only_where_that_is_said() throws IOException {
        String hosts =
                """
                libvirt:
                  network: {address: 10.7.0.1, prefix: 24, guests: 10.7.0.2-10.7.0.9}
                  hosts: [{name: a, uri: 'qemu:///system', bridge: br0, storage: /s}]
                """;

        assertThat(read(hosts).warm()).isFalse();
        assertThat(read(hosts + "vm: {}").warm()).isFalse();
        assertThat(read(hosts + "vm: {warm: true}").warm()).isTrue();
        assertThatThrownBy(() -> read(hosts + "vm: {hot: true}"))
                .isInstanceOfSatisfying(
                        GridException.class, e -> assertThat(e.field()).isEqualTo("hot"));
    }

    @Test
    void a_schedule_of_snapshots_and_isolation_are_read() throws IOException {
        LibvirtSettings settings = readWith("{every: 6h, keep: 4}");

        assertThat(settings.snapshots()).isEqualTo(new SnapshotPlan(Duration.ofHours(6), 4));
        assertThat(settings.network().isolation()).isEqualTo(GuestNetwork.Isolation.OFF);
        assertThat(settings.network().allowed()).containsExactly(new AllowedPeer("10.8.0.0", 16, 443, "tcp"));
        assertThat(readWith("null").snapshots()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{every: 6h} | snapshots.keep",
                "{every: 6h, keep: 0} | snapshots.keep",
                "{every: 6h, keep: 101} | snapshots.keep",
                "{keep: 4} | snapshots.every",
                "{every: 30s, keep: 4} | snapshots.every",
                "{every: 0h, keep: 4} | snapshots.every",
                "{every: 6h, keep: 4, colour: red} | colour"
            })
    void a_wrong_schedule_is_refused_by_the_name_of_its_field(String snapshots, String field) {
        assertThatThrownBy(() -> readWith(snapshots))
                .isInstanceOfSatisfying(
                        GridException.class, e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void a_missing_file_is_told_with_what_to_do() {
        assertThatThrownBy(() -> LibvirtSettings.read(folder.resolve("none"), DEFAULT))
                .isInstanceOfSatisfying(
                        GridException.class, e -> assertThat(e.fix()).contains("config/control.yaml"));
    }

    @Test
    void only_this_machines_libvirt_is_local() {
        assertThat(LibvirtUri.isLocal("qemu:///system")).isTrue();
        assertThat(LibvirtUri.isLocal("qemu+unix:///system?socket=/run/x")).isTrue();
        assertThat(LibvirtUri.isLocal("qemu+tls://kvm-b/system")).isFalse();
        assertThat(LibvirtUri.isLocal("qemu+ssh://root@kvm-b/system")).isFalse();
    }
}
