package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
                .containsExactly(new HostSettings("kvm-a", "qemu:///system", "virtugrid0", "/var/lib/virtugrid"));
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
                "libvirt: {network: {address: nowhere, prefix: 24, guests: 10.7.0.2-10.7.0.9}} | network.address"
            })
    void a_file_that_says_too_little_or_too_much_is_refused(String text, String field) {
        assertThatThrownBy(() -> read(text)).isInstanceOfSatisfying(GridException.class, e -> assertThat(e.field())
                .isEqualTo(field));
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
