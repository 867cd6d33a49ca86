package org.virtugrid.control.vm.libvirt;

import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriverException;

/**
 * While a guest moves, lets it stand still for longer and longer at the end, on a thread of its own until it is closed. One
 * that writes to its memory faster than that is copied would never arrive otherwise. QEMU's other way, to slow its processors
 * down until it does, makes the grid take it for dead.
 */
final class MigrationPatience implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MigrationPatience.class);
    /** In ms, as QEMU estimates it; never near the time after which the grid counts a node as gone. */
    private static final long[] STANDSTILLS = {300, 500, 800, 1_200, 1_600, 2_000};

    private static final Duration BETWEEN = Duration.ofSeconds(4);
    private static final Duration CALL = Duration.ofSeconds(10);

    private final HostVms source;
    private final LibvirtVm vm;
    private final Thread thread;

    MigrationPatience(HostVms source, LibvirtVm vm) {
        this.source = source;
        this.vm = vm;
        this.thread = new Thread(this::raise, "migration-" + vm.spec().name());
        thread.setDaemon(true);
    }

    void begin() {
        thread.start();
    }

    private void raise() {
        for (long standstill : STANDSTILLS) {
            try {
                Thread.sleep(BETWEEN.toMillis());
                source.host().call("let " + vm.spec().name() + " stand still for longer", CALL, connection -> {
                    connection.domainLookupByUUID(UUID.fromString(vm.uuid())).migrateSetMaxDowntime(standstill);
                    return null;
                });
            } catch (VmDriverException e) {
                // It may have arrived just now
                LOG.debug("{}", e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
