package org.virtugrid.control.vm.libvirt;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriverException;

/**
 * Which starts of guests are warm. A guest boots cold where there is no template for it, where a template turns out to be of
 * no use, and where its last warm start was a short while ago: it may have been the reason why it is started again. Safe for
 * use by several threads.
 */
final class WarmStarts {
    private static final Logger LOG = LoggerFactory.getLogger(WarmStarts.class);
    /** Longer than a guest is given to join: one that never does is started again, and then it has to boot. */
    private static final long SHORT_NANOS = 300_000_000_000L;

    private final WarmTemplates templates;
    private final boolean wanted;
    private final LongSupplier nanoTime;
    private final Map<String, Long> last = new ConcurrentHashMap<>();

    WarmStarts(WarmTemplates templates, boolean wanted, LongSupplier nanoTime) {
        this.templates = templates;
        this.wanted = wanted;
        this.nanoTime = nanoTime;
    }

    /** Whether the next start of the guest is to be warm. */
    boolean may(HostVms host, LibvirtVm vm, long seedBytes) {
        Long before = last.get(vm.id());
        return wanted
                && seedBytes == GuestSeed.USUAL_BYTES
                && (before == null || nanoTime.getAsLong() - before > SHORT_NANOS)
                && templates.has(host, vm.spec());
    }

    /** Resumes a guest that is defined; false when it has to boot instead. */
    boolean resume(HostVms host, LibvirtVm vm) {
        try {
            last.put(vm.id(), nanoTime.getAsLong());
            templates.resume(host, vm);
            return true;
        } catch (VmDriverException e) {
            LOG.warn("{} boots instead of resuming from memory: {}", vm.spec().name(), e.getMessage());
            return false;
        }
    }

    /** Makes what a warm start of guests like this one needs; false when there is nothing to make. Blocks for minutes. */
    boolean prepare(HostVms host, LibvirtVm like) {
        return wanted && templates.make(host, like);
    }

    /** The guest is no more. */
    void forget(String id) {
        last.remove(id);
    }

    /** Removes what a host has for guests that there are not any more. */
    void leave(HostVms host) {
        if (wanted) {
            templates.removeAll(host);
        }
    }
}
