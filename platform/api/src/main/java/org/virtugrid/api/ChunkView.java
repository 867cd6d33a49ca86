package org.virtugrid.api;

import java.util.List;

/**
 * Where one chunk of a dataset lies.
 *
 * @param checksum CRC-32C of the stored chunk, eight hex digits
 * @param originalVmId the VM with the primary copy, null when it is lost
 * @param replicaVmIds the VMs with the other copies
 * @param live number of copies that can be read now
 */
public record ChunkView(
        String chunkId,
        int index,
        long sizeBytes,
        String checksum,
        String originalVmId,
        List<String> replicaVmIds,
        int live) {}
