package org.virtugrid.control.vm.libvirt;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;

/**
 * The record of a guest, as the {@code metadata} of its domain holds it.
 *
 * @param platform the home it belongs to; domains of others are not ours
 * @param uuid of its domain
 * @param address its IPv4 address
 * @param mac its network card
 * @param image version of the guest image it was started from last, empty before
 * @param life names its present or last life; its node tells the grid the same
 * @param begunAt when that life began, null where that is not known
 * @param started it was started, and not stopped on purpose since
 * @param suspect see {@link VmRecord#suspect}
 * @param resumed its present or last life began from a snapshot of memory, see {@link WarmTemplates}
 * @param moves how often it changed its host; of two hosts that have its record, the one with more has the guest
 */
record LibvirtVm(
        String platform,
        String id,
        String uuid,
        VmSpec spec,
        Desired desired,
        Instant createdAt,
        String address,
        String mac,
        String image,
        String life,
        Instant begunAt,
        boolean started,
        boolean suspect,
        boolean resumed,
        int moves) {
    /** Ports of a guest's node; each guest has its own address. */
    static final int DISCOVERY_PORT = 47_500;

    static final int COMMUNICATION_PORT = 47_100;

    /** Name of its domain: what users call it, and what makes it unique on the host. */
    String domainName() {
        return spec.name() + "-" + id.substring(id.indexOf('-') + 1);
    }

    String dataVolume() {
        return id + "-data.qcow2";
    }

    String seedVolume() {
        return id + "-seed.iso";
    }

    LibvirtVm wanted(Desired next) {
        return new LibvirtVm(
                platform, id, uuid, spec, next, createdAt, address, mac, image, life, begunAt, started, suspect,
                resumed, moves);
    }

    LibvirtVm beginning(String nextLife, String nextImage, Instant now) {
        return new LibvirtVm(
                platform, id, uuid, spec, desired, createdAt, address, mac, nextImage, nextLife, now, true, suspect,
                false, moves);
    }

    /** The life that is beginning comes from a snapshot of memory. */
    LibvirtVm fromMemory() {
        return resumed(true);
    }

    /** The life that is beginning comes from a boot after all. */
    LibvirtVm fromDisk() {
        return resumed(false);
    }

    private LibvirtVm resumed(boolean next) {
        return new LibvirtVm(
                platform, id, uuid, spec, desired, createdAt, address, mac, image, life, begunAt, started, suspect,
                next, moves);
    }

    LibvirtVm ended() {
        return new LibvirtVm(
                platform, id, uuid, spec, desired, createdAt, address, mac, image, life, begunAt, false, suspect,
                resumed, moves);
    }

    LibvirtVm suspected(boolean next) {
        return new LibvirtVm(
                platform, id, uuid, spec, desired, createdAt, address, mac, image, life, begunAt, started, next,
                resumed, moves);
    }

    LibvirtVm moved() {
        return new LibvirtVm(
                platform, id, uuid, spec, desired, createdAt, address, mac, image, life, begunAt, started, suspect,
                resumed, moves + 1);
    }

    /** A guest of the same hardware that is none of ours. */
    LibvirtVm nobody(String name, String nobodysId) {
        VmSpec same = new VmSpec(name, spec.cpus(), spec.memoryBytes(), spec.diskBytes(), Map.of());
        return new LibvirtVm(
                platform,
                nobodysId,
                UUID.randomUUID().toString(),
                same,
                desired,
                createdAt,
                address,
                mac,
                image,
                "",
                null,
                false,
                false,
                false,
                0);
    }

    VmRecord toRecord(String host) {
        return new VmRecord(id, spec, desired, createdAt, id, address + ":" + DISCOVERY_PORT, host, suspect);
    }
}
