package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmSpec;

class VmMetadataTest {
    static LibvirtVm vm(Map<String, String> labels) {
        return new LibvirtVm(
                "platform",
                "vm-01020304",
                "0a0b0c0d-0000-4000-8000-000000000001",
                new VmSpec("w1", 2, 512L << 20, 1L << 30, labels),
                Desired.RUNNING,
                Instant.parse("2026-01-02T03:04:05.678Z"),
                "10.77.0.10",
                "52:54:00:02:03:04",
                "0.1.0-abc",
                "00ff",
                Instant.parse("2026-01-02T03:05:00.001Z"),
                true,
                false,
                true,
                2);
    }

    @Test
    void comes_back_as_it_was_written_with_and_without_its_namespace() {
        LibvirtVm vm = vm(Map.of("tier", "one"));

        assertThat(VmMetadata.read(VmMetadata.write(vm))).contains(vm);
        assertThat(VmMetadata.read(VmMetadata.qualified(vm))).contains(vm);
    }

    @Test
    void no_label_can_break_the_definition() {
        LibvirtVm vm = vm(Map.of("a'b\"<c>&d", "]]>'/><x>&amp;\n\tü€\uD83D\uDE00"));

        assertThat(VmMetadata.read(VmMetadata.write(vm))).contains(vm);
        assertThat(Xml.parse(DomainXml.of(
                                vm,
                                new HostSettings("a", "qemu:///system", "br0", "/x", null),
                                null,
                                false,
                                DomainXml.Fittings.NONE))
                        .getTagName())
                .isEqualTo("domain");
    }

    @Test
    void what_is_not_ours_is_passed_over() {
        assertThat(VmMetadata.read("<vm xmlns='urn:other'/>")).isEmpty();
        assertThat(VmMetadata.read("no XML")).isEmpty();
        assertThat(VmMetadata.read("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><vm id='&b;'/>"))
                .isEmpty();
    }

    @Test
    void a_definition_says_what_was_asked_for() {
        DomainXml.Disks disks = new DomainXml.Disks("/s/kernel", "/s/initrd", "/s/root", "/s/data", "/s/seed");

        String emulated = DomainXml.of(
                vm(Map.of()),
                new HostSettings("a", "qemu:///system", "br0", "/s", null),
                disks,
                false,
                DomainXml.Fittings.NONE);
        String hardware = DomainXml.of(
                vm(Map.of()),
                new HostSettings("a", "qemu:///system", "br0", "/s", null),
                disks,
                true,
                DomainXml.Fittings.NONE);

        assertThat(emulated)
                .contains(
                        "<domain type='qemu'>",
                        "<cpu mode='maximum'><feature policy='disable' name='erms'/>",
                        "<vcpu>2</vcpu>",
                        "524288</memory>")
                .contains("<source bridge='br0'/>", "<mac address='52:54:00:02:03:04'/>", "<name>w1-01020304</name>")
                .containsSubsequence("/s/root", "<readonly/>", "/s/data", "/s/seed", "<readonly/>");
        assertThat(hardware).contains("<domain type='kvm'>", "<cpu mode='host-passthrough'/>");
    }
}
