package org.virtugrid.api;

/**
 * A machine that VMs live on.
 *
 * @param uri libvirt's address of it, null where VMs are processes
 * @param state ANSWERS, or UNREACHABLE, which makes its VMs UNKNOWN
 * @param virtualization kvm, emulated, process, or unknown before the first guest was started
 * @param vms how many there are
 * @param detail why it is unreachable, else null
 * @param maintenance it gets no more VMs, and those that it has leave it
 * @param isolation whether its VMs reach the grid alone: filtered, off, or "none: " and why; null where that is not known
 */
public record HostView(
        String name,
        String uri,
        String state,
        String driver,
        String virtualization,
        int vms,
        String detail,
        boolean maintenance,
        String isolation) {}
