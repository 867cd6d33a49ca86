package org.virtugrid.control.vm.libvirt;

/**
 * The definition of a guest's domain, see libvirt's "Domain XML format". Pure. Holds no secret: those are on the seed disk.
 */
final class DomainXml {
    private static final long KIB = 1024;

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
     * The definition.
     *
     * @param disks null before the first start
     * @param hardware the host's processor runs guests itself; else QEMU emulates one
     */
    static String of(LibvirtVm vm, HostSettings host, Disks disks, boolean hardware) {
        return """
                <domain type='%s'>
                  <name>%s</name>
                  <uuid>%s</uuid>
                  <metadata>%s</metadata>
                  <memory unit='KiB'>%d</memory>
                  <currentMemory unit='KiB'>%d</currentMemory>
                  <vcpu>%d</vcpu>
                  <os>
                    <type arch='x86_64' machine='q35'>hvm</type>%s
                  </os>
                  <features><acpi/></features>
                  <cpu mode='%s'/>
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
                      <rom enabled='no'/>
                    </interface>
                    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
                    <serial type='pty'/>
                    <console type='pty'/>
                    <memballoon model='virtio'><stats period='5'/></memballoon>
                    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
                  </devices>
                </domain>
                """
                .formatted(
                        hardware ? "kvm" : "qemu",
                        Xml.escaped(vm.domainName()),
                        vm.uuid(),
                        VmMetadata.qualified(vm),
                        vm.spec().memoryBytes() / KIB,
                        vm.spec().memoryBytes() / KIB,
                        vm.spec().cpus(),
                        disks == null ? "" : boot(disks),
                        hardware ? "host-passthrough" : "maximum",
                        disks == null ? "" : disks(disks),
                        Xml.escaped(host.bridge()),
                        vm.mac());
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
                + disk("qcow2", disks.data(), "vdb", "vgdata", false)
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
