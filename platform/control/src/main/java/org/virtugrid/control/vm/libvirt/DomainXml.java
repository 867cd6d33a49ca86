package org.virtugrid.control.vm.libvirt;

import java.util.List;

/**
 * The definition of a guest's domain, see libvirt's "Domain XML format". Pure. Holds no secret: those are on the seed disk.
 */
final class DomainXml {
    /** The guest's name of its data disk. */
    static final String DATA_DISK = "vdb";

    private static final long KIB = 1024;
    /** QEMU emulates the "enhanced" instructions for moving bytes one byte at a time, and kernels prefer them. */
    private static final String EMULATED =
            "<cpu mode='maximum'><feature policy='disable' name='erms'/><feature policy='disable' name='pku'/></cpu>";

    private DomainXml() {}

    /**
     * Where a guest's parts lie on its host.
     *
     * @param kernel file of the kernel
     * @param initrd file of the first file system
     * @param root file of the image's root, shared by all guests and never written
     * @param data file of the guest's own disk
     * @param seed file of its identity and keys
     */
    record Disks(String kernel, String initrd, String root, String data, String seed) {}

    /**
     * What a host has to offer beside disks.
     *
     * @param filter its network filter, null for none
     * @param devices PCI addresses of devices that become the guest's own
     */
    record Fittings(String filter, List<String> devices) {
        /** Nothing. */
        static final Fittings NONE = new Fittings(null, List.of());
    }

    /** The definition of a guest that has not been started where it is. */
    static String of(LibvirtVm vm, HostSettings host) {
        return of(vm, host, null, false, Fittings.NONE);
    }

    /**
     * The definition.
     *
     * @param disks null before the first start
     * @param hardware the host's processor runs guests itself; else QEMU emulates one
     */
    static String of(LibvirtVm vm, HostSettings host, Disks disks, boolean hardware, Fittings fittings) {
        return of(vm, "<metadata>%s</metadata>".formatted(VmMetadata.qualified(vm)), host, disks, hardware, fittings);
    }

    /**
     * The definition of a guest that is nobody's: of the same hardware, to the last address, but without a record.
     *
     * @param vm whose hardware it has
     * @param room how many characters it is longer than it had to be
     */
    static String ofNobody(LibvirtVm vm, int room, HostSettings host, Disks disks, boolean hardware) {
        String words = "<description>%s</description>".formatted("x".repeat(room));
        return of(vm, words, host, disks, hardware, Fittings.NONE);
    }

    private static String of(
            LibvirtVm vm, String words, HostSettings host, Disks disks, boolean hardware, Fittings fittings) {
        return """
                <domain type='%s'>
                  <name>%s</name>
                  <uuid>%s</uuid>
                  %s
                  <memory unit='KiB'>%d</memory>
                  <currentMemory unit='KiB'>%d</currentMemory>
                  <vcpu>%d</vcpu>
                  <os>
                    <type arch='x86_64' machine='q35'>hvm</type>%s
                  </os>
                  <features><acpi/></features>
                  %s
                  <clock offset='utc'/>
                  <on_poweroff>destroy</on_poweroff>
                  <on_reboot>destroy</on_reboot>
                  <on_crash>destroy</on_crash>
                  <devices>
                %s
                    <interface type='bridge'>
                      <source bridge='%s'/>
                      <mac address='%s'/>
                      <model type='virtio'/>
                      <rom enabled='no'/>%s
                    </interface>
                    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
                    <serial type='pty'/>
                    <console type='pty'/>
                    <memballoon model='virtio'><stats period='5'/></memballoon>
                    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
                %s  </devices>
                </domain>
                """
                .formatted(
                        hardware ? "kvm" : "qemu",
                        Xml.escaped(vm.domainName()),
                        vm.uuid(),
                        words,
                        vm.spec().memoryBytes() / KIB,
                        vm.spec().memoryBytes() / KIB,
                        vm.spec().cpus(),
                        disks == null ? "" : boot(disks),
                        hardware ? "<cpu mode='host-passthrough'/>" : EMULATED,
                        disks == null ? "" : disks(disks),
                        Xml.escaped(host.bridge()),
                        vm.mac(),
                        fittings.filter() == null ? "" : filter(vm, fittings.filter()),
                        devices(fittings.devices()));
    }

    /** libvirt takes them from their drivers when the guest starts, and gives them back when it ends. */
    private static String devices(List<String> addresses) {
        StringBuilder out = new StringBuilder();
        for (String address : addresses) {
            String[] parts = address.split("[:.]", -1);
            out.append(
                    """
                        <hostdev mode='subsystem' type='pci' managed='yes'>
                          <source><address domain='0x%s' bus='0x%s' slot='0x%s' function='0x%s'/></source>
                        </hostdev>
                    """
                            .formatted((Object[]) parts));
        }
        return out.toString();
    }

    private static String filter(LibvirtVm vm, String filter) {
        return """

                      <filterref filter='%s'>
                        <parameter name='IP' value='%s'/>
                      </filterref>"""
                .formatted(Xml.escaped(filter), vm.address());
    }

    private static String boot(Disks disks) {
        return """

                    <kernel>%s</kernel>
                    <initrd>%s</initrd>
                    <cmdline>console=ttyS0 quiet panic=1</cmdline>"""
                .formatted(Xml.escaped(disks.kernel()), Xml.escaped(disks.initrd()));
    }

    private static String disks(Disks disks) {
        return disk("raw", disks.root(), "vda", "vgroot", true)
                + disk("qcow2", disks.data(), DATA_DISK, "vgdata", false)
                + disk("raw", disks.seed(), "vdc", "vgseed", true);
    }

    private static String disk(String format, String file, String target, String serial, boolean readOnly) {
        return """
                    <disk type='file' device='disk'>
                      <driver name='qemu' type='%s'%s/>
                      <source file='%s'/>
                      <target dev='%s' bus='virtio'/>
                      <serial>%s</serial>%s
                    </disk>
                """
                .formatted(
                        format,
                        readOnly ? "" : " discard='unmap'",
                        Xml.escaped(file),
                        target,
                        serial,
                        readOnly ? "<readonly/>" : "");
    }
}
