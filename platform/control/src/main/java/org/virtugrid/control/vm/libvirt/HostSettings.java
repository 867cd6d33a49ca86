package org.virtugrid.control.vm.libvirt;

/**
 * A machine that runs guests.
 *
 * @param name what users call it; copies of data avoid to share it
 * @param uri libvirt's address of it, as {@code virsh -c} takes it
 * @param bridge network bridge on that machine that its guests are put on
 * @param storage folder on that machine for images and disks
 * @param migration address of that machine for guests that come from other hosts; null: as the machine itself says
 * @param migrationTls guests come and go by mutual TLS, or not at all; null: no
 */
public record HostSettings(
        String name, String uri, String bridge, String storage, String migration, Boolean migrationTls) {

    /** A host whose guests move in the clear. */
    public HostSettings(String name, String uri, String bridge, String storage, String migration) {
        this(name, uri, bridge, storage, migration, null);
    }

    /** Whether guests' memory may cross the network only by TLS. */
    boolean movesByTls() {
        return Boolean.TRUE.equals(migrationTls);
    }
}
