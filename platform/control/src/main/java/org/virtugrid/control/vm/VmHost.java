package org.virtugrid.control.vm;

/**
 * A machine that VMs live on, as its driver saw it last.
 *
 * @param uri the hypervisor's address
 * @param failure why it does not answer, null when it does
 * @param hardware whether its processor runs guests itself; null while that is not known
 * @param vms how many VMs it has
 * @param maintained it takes no more VMs, and those that it has are to leave
 * @param isolation filtered, off, or "none: " and why; null while that is not known
 */
public record VmHost(
        String name, String uri, String failure, Boolean hardware, int vms, boolean maintained, String isolation) {

    /** Where nothing is known of isolation. */
    public VmHost(String name, String uri, String failure, Boolean hardware, int vms, boolean maintained) {
        this(name, uri, failure, hardware, vms, maintained, null);
    }
}
