package org.virtugrid.grid.node;

import java.lang.reflect.Field;
import java.util.UUID;
import org.apache.ignite.lang.IgniteUuid;

/**
 * Makes a process one of its own again that was copied while it ran, as happens to a worker that is resumed from a snapshot
 * of a machine's memory.
 *
 * <p>Ignite names messages by an id of the process and a count: two processes with the same id would take each other's
 * messages for repetitions. {@link IgniteUuid#VM_ID} is a constant that compiled code has read already, so the object that it
 * refers to is changed. Everything else that Ignite makes unique begins with the node's id, which is made at its start, from
 * the kernel's random numbers; whoever resumes the machine gives the kernel a new seed.
 */
final class CopiedProcess {
    private CopiedProcess() {}

    /** Gives the process an id of its own; fails when that can't be done, and then no node may be started in it. */
    static void renew() {
        UUID fresh = UUID.randomUUID();
        try {
            set("mostSigBits", fresh.getMostSignificantBits());
            set("leastSigBits", fresh.getLeastSignificantBits());
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException("this process cannot be told from its copies", e);
        }
        if (!IgniteUuid.randomUuid().globalId().equals(fresh)) {
            throw new IllegalStateException("this process cannot be told from its copies: ids are made another way");
        }
    }

    private static void set(String part, long value) throws ReflectiveOperationException {
        Field field = UUID.class.getDeclaredField(part);
        field.setAccessible(true);
        field.setLong(IgniteUuid.VM_ID, value);
    }
}
