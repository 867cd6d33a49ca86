package org.virtugrid.control.vm.libvirt;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.libvirt.Domain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmDriverException.Kind;

/**
 * The records of one platform's guests on one host, which their domains hold, with a copy in the home. Safe for use by several
 * threads; what changes records blocks as long as the host takes.
 */
final class GuestRecords {
    private static final Logger LOG = LoggerFactory.getLogger(GuestRecords.class);
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    /** A libvirtd that was just started runs each QEMU of its host first, to learn what it can do. */
    static final Duration FIRST_DEFINITION = Duration.ofMinutes(1);
    /** libvirt keeps a record waiting while it waits for an answer of the guest's QEMU, which may never come. */
    private static final Duration HUNG = Duration.ofSeconds(2);

    private final String platform;
    private final HypervisorHost host;
    private final KnownVms known;
    private final Map<String, LibvirtVm> all = new ConcurrentHashMap<>();
    /** Whose suspicion is noted beside its disk. */
    private final Set<String> noted = ConcurrentHashMap.newKeySet();

    /** Begins with those that are known from earlier. */
    GuestRecords(String platform, HypervisorHost host, KnownVms known) {
        this.platform = platform;
        this.host = host;
        this.known = known;
        known.on(host.name()).forEach(vm -> all.put(vm.id(), vm));
    }

    /** By the guests' ids. */
    Map<String, LibvirtVm> all() {
        return all;
    }

    LibvirtVm find(String id) {
        LibvirtVm vm = all.get(id);
        if (vm == null) {
            throw new VmDriverException(Kind.NOT_FOUND, "there is no VM " + id + " on host " + host.name());
        }
        return vm;
    }

    /** The guest is here. */
    synchronized void remember(LibvirtVm vm) {
        all.put(vm.id(), vm);
        known.remember(host.name(), vm);
    }

    /** What was read of a guest, unless its record was changed since the reading began. */
    private synchronized void rememberRead(LibvirtVm before, LibvirtVm read) {
        LibvirtVm now = all.get(read.id());
        if (before == null ? now == null : before.equals(now)) {
            remember(read);
        }
    }

    /** The guest is not here any more; null when it never was. */
    synchronized LibvirtVm forget(String id) {
        known.forget(host.name(), id);
        noted.remove(id);
        return all.remove(id);
    }

    /** Reads all anew from their domains; answers with the ids of those that have none any more. */
    Set<String> readAll() {
        Map<String, LibvirtVm> before = Map.copyOf(all);
        Map<String, LibvirtVm> found = host.call("read its domains", DEADLINE, connection -> {
            Map<String, LibvirtVm> read = new HashMap<>();
            for (Domain domain : connection.listAllDomains(0)) {
                DomainRecords.read(domain)
                        .filter(vm -> vm.platform().equals(platform))
                        .ifPresent(vm -> read.put(vm.id(), vm));
            }
            Set<String> marks = HostStorage.names(HostStorage.pool(connection, host.settings()));
            read.replaceAll((id, vm) -> marks.contains(suspicion(id)) ? vm.suspected(true) : vm);
            noted.clear();
            read.keySet().stream().filter(id -> marks.contains(suspicion(id))).forEach(noted::add);
            return read;
        });
        found.values().forEach(vm -> rememberRead(before.get(vm.id()), vm));
        Set<String> gone = new HashSet<>(before.keySet());
        gone.removeAll(found.keySet());
        return gone;
    }

    /**
     * Makes a guest's domain, or makes it anew. A new guest is remembered before, and also when it is not known whether there is
     * a domain now, so that its name and its address are not given away.
     */
    void define(LibvirtVm vm, String xml) {
        known.expect(host.name());
        boolean isNew = !all.containsKey(vm.id());
        if (isNew) {
            remember(vm);
        }
        try {
            host.call("define " + vm.spec().name(), FIRST_DEFINITION, connection -> connection.domainDefineXML(xml));
        } catch (VmDriverException e) {
            if (isNew && e.kind() != Kind.OUTCOME_UNKNOWN) {
                forget(vm.id());
            }
            throw e;
        }
        remember(vm);
    }

    /** Changes a record, durably on return; in the home alone where somebody removed the domain. */
    LibvirtVm change(String id, UnaryOperator<LibvirtVm> change) {
        LibvirtVm next = change.apply(find(id));
        record(next, DEADLINE);
        return next;
    }

    private void record(LibvirtVm next, Duration deadline) {
        host.call("record " + next.spec().name(), deadline, connection -> {
            DomainRecords.write(connection, next);
            if (noted.contains(next.id())) {
                HostStorage.mark(HostStorage.pool(connection, host.settings()), suspicion(next.id()), false);
                noted.remove(next.id());
            }
            return null;
        });
        remember(next);
    }

    /**
     * Records that the guest's database is not to be trusted, durably on return. A guest that hangs can hold up its record,
     * and is not ended before this is known: then it is noted beside its disk until the record can be written.
     */
    void suspect(String id) {
        LibvirtVm next = find(id).suspected(true);
        try {
            record(next, HUNG);
        } catch (VmDriverException e) {
            if (e.kind() != Kind.OUTCOME_UNKNOWN) {
                throw e;
            }
            LOG.warn(
                    "{} holds up its record ({}); its database is noted as suspect",
                    next.spec().name(),
                    e.getMessage());
            host.call("note that the database of " + next.spec().name() + " is suspect", DEADLINE, connection -> {
                HostStorage.mark(HostStorage.pool(connection, host.settings()), suspicion(id), true);
                return null;
            });
            noted.add(id);
            remember(next);
        }
    }

    /** Name of the volume that says so. */
    static String suspicion(String id) {
        return id + "-suspect";
    }
}
