package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libvirt.Domain;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmGpu;
import org.virtugrid.control.vm.VmSpec;

/** GPUs of a host that is libvirt's own test driver, with devices that were made up. */
class HostGpusTest {
    private static final String GPU = "0000:65:00.0";
    private static final String WITHOUT_IOMMU = "0000:03:00.0";

    @TempDir
    Path folder;

    private HypervisorHost host;
    private final HostGpus gpus = new HostGpus();

    @BeforeEach
    void connect() throws IOException {
        Path node = Files.writeString(
                folder.resolve("node.xml"),
                "<node>" + device("65", "0", "0x030000", "A Company", "Fast One", group("65", 0, 1))
                        + device("65", "1", "0x040300", "A Company", "Its sound", group("65", 0, 1))
                        + device("64", "0", "0x060400", "A Company", "A bridge", group("65", 0, 1))
                        + device("03", "0", "0x030000", "Another", "Slow One", "")
                        + device("04", "0", "0x020000", "Another", "A network card", "")
                        + "</node>");
        host = new HypervisorHost(
                new HostSettings("a", "test://" + node, "br0", "/s", null), (source, name, event) -> {});
    }

    @AfterEach
    void disconnect() {
        host.close();
    }

    /** The group of the first: itself, its sound, and the bridge above both. */
    private static String group(String bus, int... functions) {
        StringBuilder out = new StringBuilder("<iommuGroup number='7'>");
        for (int function : functions) {
            out.append("<address domain='0x0000' bus='0x%s' slot='0x00' function='0x%d'/>".formatted(bus, function));
        }
        return out + "<address domain='0x0000' bus='0x64' slot='0x00' function='0x0'/></iommuGroup>";
    }

    private static String device(
            String bus, String function, String type, String vendor, String product, String group) {
        return """
                <device>
                  <name>pci_0000_%s_00_%s</name>
                  <parent>computer</parent>
                  <capability type='pci'>
                    <class>%s</class>
                    <domain>0</domain>
                    <bus>%d</bus>
                    <slot>0</slot>
                    <function>%s</function>
                    <product id='0x1111'>%s</product>
                    <vendor id='0x2222'>%s</vendor>
                    %s
                  </capability>
                </device>
                """
                .formatted(bus, function, type, Integer.parseInt(bus, 16), function, product, vendor, group);
    }

    private static LibvirtVm guest(String gpu) {
        return new LibvirtVm(
                "test",
                "vm-00000001",
                "11111111-1111-4111-8111-111111111111",
                new VmSpec("g1", 1, 512L << 20, 1L << 30, Map.of(), gpu),
                Desired.RUNNING,
                Instant.EPOCH,
                "10.77.0.10",
                "52:54:00:00:00:01",
                "",
                "",
                null,
                false,
                false,
                false,
                0);
    }

    @Test
    void displays_are_found_with_the_devices_that_go_with_them_but_not_bridges() {
        gpus.look(host);

        assertThat(gpus.known())
                .containsExactly(
                        new VmGpu("a", WITHOUT_IOMMU, "Another Slow One", null, List.of(WITHOUT_IOMMU)),
                        new VmGpu("a", GPU, "A Company Fast One", 7, List.of(GPU, "0000:65:00.1")));
        assertThat(gpus.devices(host, GPU)).containsExactly(GPU, "0000:65:00.1");
        assertThat(gpus.devices(host, null)).isEmpty();
    }

    @Test
    void what_is_not_there_or_cannot_be_handed_over_is_refused() {
        assertThatThrownBy(() -> gpus.devices(host, "0000:66:00.0"))
                .isInstanceOf(VmDriverException.class)
                .hasMessageContaining("no GPU 0000:66:00.0");
        assertThatThrownBy(() -> gpus.devices(host, WITHOUT_IOMMU))
                .isInstanceOf(VmDriverException.class)
                .hasMessageContaining("IOMMU");
    }

    @Test
    void a_host_serves_a_gpu_that_it_has_and_nobody_else_has_there() {
        gpus.look(host);
        Predicate<String> free = gpus.canServe(GPU, Map.of("a", List.of(guest(null)), "b", List.of()));
        Predicate<String> taken = gpus.canServe(GPU, Map.of("a", List.of(guest(GPU))));

        assertThat(free.test("a")).isTrue();
        assertThat(free.test("b")).isFalse();
        assertThat(taken.test("a")).isFalse();
        assertThat(gpus.canServe(null, Map.of()).test("b")).isTrue();
    }

    @Test
    void libvirt_takes_the_definition_of_a_guest_with_a_gpu_and_keeps_the_record() {
        LibvirtVm vm = guest(GPU);
        DomainXml.Disks disks = new DomainXml.Disks("/s/k", "/s/i", "/s/r", "/s/d", "/s/s");
        // The test driver runs no QEMU
        String xml = DomainXml.of(
                        vm, host.settings(), disks, false, new DomainXml.Fittings(null, gpus.devices(host, GPU)))
                .replace("type='qemu'>", "type='test'>");

        String defined = host.call("define", Duration.ofSeconds(10), connection -> {
            Domain domain = connection.domainDefineXML(xml);
            return domain.getXMLDesc(0);
        });

        assertThat(defined.replaceAll("\\s+", " "))
                .contains("<hostdev mode='subsystem' type='pci' managed='yes'>")
                .contains("<address domain='0x0000' bus='0x65' slot='0x00' function='0x0'/>")
                .contains("<address domain='0x0000' bus='0x65' slot='0x00' function='0x1'/>");
        assertThat(VmMetadata.read(VmMetadata.write(vm))).contains(vm);
        assertThat(VmMetadata.read(VmMetadata.write(guest(null)))).contains(guest(null));
    }
}
