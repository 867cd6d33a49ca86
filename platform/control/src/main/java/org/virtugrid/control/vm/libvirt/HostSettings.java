package org.virtugrid.control.vm.libvirt;

/**
 * A machine that runs guests.
 *
 * @param name what users call it; copies of data avoid to share it
 * @param uri libvirt's address of it, as {@code virsh -c} takes it
 * @param bridge network bridge on that machine that its guests are put on
 * @param storage folder on that machine for images and disks
 */
public record HostSettings(String name, String uri, String bridge, String storage) {}
