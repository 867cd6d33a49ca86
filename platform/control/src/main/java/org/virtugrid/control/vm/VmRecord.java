package org.virtugrid.control.vm;

import java.time.Instant;

/**
 * A VM as its driver has recorded it durably.
 *
 * @param id given by the driver, never used again
 * @param consistentId the name of its node in the grid's baseline
 * @param address where its node listens, host:port
 * @param host the machine it is on; null where that is the one control runs on
 * @param suspect its node was failed out of the grid without proof of death, so its database may hold what the others
 *     never saw
 */
public record VmRecord(
        String id,
        VmSpec spec,
        Desired desired,
        Instant createdAt,
        String consistentId,
        String address,
        String host,
        boolean suspect) {

    /** The name users know it by. */
    public String name() {
        return spec.name();
    }
}
