package org.virtugrid.control.vm;

/**
 * Live use of a running VM; null where the driver can't tell.
 *
 * @param cpuShare share of its own processors in use since the last look, 0 to 1
 * @param networkBytesPerSecond through its own network card; null where it has none of its own
 */
public record VmUse(
        Double cpuShare, Long memoryBytes, Long diskBytes, Long uptimeSeconds, Double networkBytesPerSecond) {
    /** The use of a VM without a network card of its own. */
    public VmUse(Double cpuShare, Long memoryBytes, Long diskBytes, Long uptimeSeconds) {
        this(cpuShare, memoryBytes, diskBytes, uptimeSeconds, null);
    }

    /** Nothing known. */
    public static final VmUse NONE = new VmUse(null, null, null, null, null);
}
