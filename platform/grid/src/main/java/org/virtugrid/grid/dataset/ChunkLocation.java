package org.virtugrid.grid.dataset;

import java.util.List;

/**
 * Where one chunk lies.
 *
 * @param index place in the dataset, from 0
 * @param sizeBytes its share of the dataset's bytes
 * @param checksum CRC-32C of the stored chunk
 * @param vmIds VMs with a copy that can be read now, the primary first; empty when it is lost
 */
public record ChunkLocation(int index, long sizeBytes, int checksum, List<String> vmIds) {}
