package org.virtugrid.control.vm;

/**
 * Live use of a running VM; null where the driver can't tell.
 *
 * @param cpuShare share of its own processors in use since the last look, 0 to 1
 */
public record VmUse(Double cpuShare, Long memoryBytes, Long diskBytes, Long uptimeSeconds) {
    /** Nothing known. */
    public static final VmUse NONE = new VmUse(null, null, null, null);
}
