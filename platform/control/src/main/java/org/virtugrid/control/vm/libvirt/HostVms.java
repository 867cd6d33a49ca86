package org.virtugrid.control.vm.libvirt;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.DomainInfo;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;
import org.libvirt.event.DomainEvent;
import org.libvirt.event.DomainEventType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmDriverException.Kind;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmProbe.Life;
import org.virtugrid.control.vm.local.ProcessTable;

/**
 * Our guests on one host: their records, which their domains hold, and how they were seen last. Domains that don't carry
 * a record of this platform are not even looked at twice. Safe for use by several threads.
 */
final class HostVms implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostVms.class);
    static final Duration LOOK_PATIENCE = Duration.ofSeconds(1);
    /** A look that takes longer than this will not come back: a domain that is just ending holds one up for some seconds. */
    private static final Duration LOOK_DEADLINE = Duration.ofSeconds(6);

    private static final Duration RECORD_DEADLINE = Duration.ofSeconds(10);

    private final String platform;
    private final HypervisorHost host;
    private final KnownVms known;
    private final LocalQemu processes = new LocalQemu();
    private final BiConsumer<HostVms, String> ended;
    private final Looker looker;
    private final Object storage = new Object();
    private final Map<String, LibvirtVm> records = new ConcurrentHashMap<>();
    private final Map<String, String> lastEvents = new ConcurrentHashMap<>();
    private volatile Look last = new Look(Map.of(), "it has not been asked yet");
    private Set<String> foreign = new HashSet<>();
    private int foreignConnection;
    private volatile boolean hardware;

    /** One look at the host: what was seen, or why nothing was. */
    private record Look(Map<String, Sighting> seen, String failure) {}

    /**
     * Guests of one platform on one host.
     *
     * @param ended told when one of them stops running
     */
    HostVms(String platform, HostSettings settings, KnownVms known, BiConsumer<HostVms, String> ended) {
        this.platform = platform;
        this.known = known;
        this.ended = ended;
        this.host = new HypervisorHost(settings, this::happened);
        this.looker = new Looker("libvirt-look-" + settings.name(), this::lookNow);
        known.on(settings.name()).forEach(vm -> records.put(vm.id(), vm));
    }

    HypervisorHost host() {
        return host;
    }

    String name() {
        return host.name();
    }

    Map<String, LibvirtVm> records() {
        return records;
    }

    /** Whoever makes an image on the host holds this lock. */
    Object storage() {
        return storage;
    }

    /** Why the host did not answer the last look; null when it did. */
    String failure() {
        return last.failure();
    }

    /** Whether guests of this host are run by its processor. */
    boolean hardware() {
        return hardware;
    }

    void hardware(boolean works) {
        hardware = works;
    }

    /**
     * Looks at all domains of the host: with a look that begins after this call, if there is an answer within the patience;
     * else nothing is known of them until there is one.
     */
    void look(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        Future<?> pending = looker.begun();
        if (pending != null && !await(pending, end)) {
            last = new Look(Map.of(), "host " + name() + " has not answered yet");
            return;
        }
        if (!await(looker.begin(), end)) {
            last = new Look(Map.of(), "host " + name() + " does not answer within " + patience.toSeconds() + " s");
        }
    }

    private static boolean await(Future<?> look, long endNanos) {
        try {
            look.get(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private void lookNow() {
        try {
            last = new Look(host.call("list its domains", LOOK_DEADLINE, this::seeAll), null);
        } catch (VmDriverException e) {
            if (e.getCause() instanceof TimeoutException) {
                host.giveUp();
            }
            last = new Look(Map.of(), e.getMessage());
        }
    }

    private Map<String, Sighting> seeAll(Connect connection) throws LibvirtException {
        Map<String, Sighting> seen = new HashMap<>();
        Set<String> there = new HashSet<>();
        for (Domain domain : connection.listAllDomains(0)) {
            try {
                Optional<LibvirtVm> vm = ours(domain);
                if (vm.isPresent()) {
                    there.add(vm.get().id());
                    DomainInfo info = domain.getInfo();
                    seen.put(vm.get().id(), sighting(vm.get(), info));
                }
            } catch (LibvirtException e) {
                if (e.getError().getCode() != ErrorNumber.VIR_ERR_NO_DOMAIN) {
                    throw e;
                }
            }
        }
        for (LibvirtVm vm : records.values()) {
            if (!there.contains(vm.id())) {
                seen.put(vm.id(), new Sighting(null, 0, 0, Optional.empty(), null));
            }
        }
        return seen;
    }

    private Sighting sighting(LibvirtVm vm, DomainInfo info) {
        boolean local = LibvirtUri.isLocal(host.settings().uri());
        return new Sighting(
                info.state,
                info.cpuTime,
                info.memory << 10,
                local ? process(vm) : Optional.empty(),
                lastEvents.get(vm.domainName()));
    }

    private Optional<ProcessTable.Entry> process(LibvirtVm vm) {
        return processes.find(vm.uuid(), () -> ended.accept(this, vm.id()));
    }

    /** The record of a domain; empty when it is none of ours. Others are asked once a connection. */
    private synchronized Optional<LibvirtVm> ours(Domain domain) throws LibvirtException {
        String uuid = domain.getUUIDString();
        if (foreignConnection != host.connections()) {
            foreignConnection = host.connections();
            foreign = new HashSet<>();
        }
        if (foreign.contains(uuid)) {
            return Optional.empty();
        }
        Optional<LibvirtVm> remembered =
                records.values().stream().filter(vm -> vm.uuid().equals(uuid)).findFirst();
        if (remembered.isPresent()) {
            return remembered;
        }
        Optional<LibvirtVm> vm =
                DomainRecords.read(domain).filter(read -> read.platform().equals(platform));
        if (vm.isPresent()) {
            remember(vm.get());
        } else {
            foreign.add(uuid);
        }
        return vm;
    }

    /** Reads all records anew from their domains: another control process may have changed them. */
    void readAll() {
        Map<String, LibvirtVm> found = host.call("read its domains", RECORD_DEADLINE, connection -> {
            Map<String, LibvirtVm> read = new HashMap<>();
            for (Domain domain : connection.listAllDomains(0)) {
                DomainRecords.read(domain)
                        .filter(vm -> vm.platform().equals(platform))
                        .ifPresent(vm -> read.put(vm.id(), vm));
            }
            return read;
        });
        found.values().forEach(this::remember);
    }

    private void remember(LibvirtVm vm) {
        records.put(vm.id(), vm);
        known.remember(name(), vm);
    }

    void forget(String id) {
        LibvirtVm vm = records.remove(id);
        known.forget(id);
        if (vm != null) {
            lastEvents.remove(vm.domainName());
        }
    }

    LibvirtVm find(String id) {
        LibvirtVm vm = records.get(id);
        if (vm == null) {
            throw new VmDriverException(Kind.NOT_FOUND, "there is no VM " + id + " on host " + name());
        }
        return vm;
    }

    /** What was seen of the guest at the last look. */
    VmProbe probe(String id) {
        LibvirtVm vm = find(id);
        Look look = last;
        Sighting sighting = look.seen().get(id);
        Optional<ProcessTable.Entry> gone = processEnded(vm);
        if (gone.isPresent() && vm.started()) {
            // libvirt needs some time to find out, and says nothing of any domain meanwhile
            String detail = "QEMU process " + gone.get().pid() + " is gone"
                    + (lastEvents.containsKey(vm.domainName()) ? ", " + lastEvents.get(vm.domainName()) : "");
            return new VmProbe(Life.DIED, vm.life(), gone.get().pid(), null, 0, null, detail);
        }
        if (sighting == null) {
            String why = look.failure() == null ? "it was not looked at yet" : look.failure();
            return new VmProbe(
                    Life.UNKNOWN, vm.life().isEmpty() ? null : vm.life(), null, null, 0, null, "unknown: " + why);
        }
        return sighting.probe(vm, name(), hardware);
    }

    /** The guest's process on this machine, if it is certain that it has ended. */
    Optional<ProcessTable.Entry> processEnded(LibvirtVm vm) {
        return processes.ended(vm.uuid());
    }

    /** The guest is about to get a new process. */
    void expectNewProcess(LibvirtVm vm) {
        processes.forget(vm.uuid());
    }

    /** What libvirt told last of a domain; null when it told nothing. */
    String lastEvent(String domainName) {
        return lastEvents.get(domainName);
    }

    /** How sure this host is of having the guest: 2 it was seen there, 1 that can't be told now, 0 it was not seen. */
    int claim(String id) {
        if (last.failure() != null) {
            return 1;
        }
        return sighting(id).map(Sighting::state).isPresent() ? 2 : 0;
    }

    Optional<Sighting> sighting(String id) {
        return Optional.ofNullable(last.seen().get(id));
    }

    /** Makes a new guest's domain. */
    void define(LibvirtVm vm, String xml) {
        host.call("define " + vm.spec().name(), RECORD_DEADLINE, connection -> connection.domainDefineXML(xml));
        remember(vm);
    }

    /** Changes a record, durably on return; in the home alone where somebody removed the domain. */
    LibvirtVm change(String id, UnaryOperator<LibvirtVm> change) {
        LibvirtVm next = change.apply(find(id));
        host.call("record " + next.spec().name(), RECORD_DEADLINE, connection -> {
            DomainRecords.write(connection, next);
            return null;
        });
        remember(next);
        return next;
    }

    private void happened(HypervisorHost source, String domainName, DomainEvent event) {
        Optional<LibvirtVm> vm = records.values().stream()
                .filter(candidate -> candidate.domainName().equals(domainName))
                .findFirst();
        if (vm.isEmpty() && !domainName.startsWith(KvmCheck.PROBE)) {
            return;
        }
        String detail = String.valueOf((Object) event.getDetail());
        lastEvents.put(
                domainName, "last event: " + (event.getType() + " " + detail).toLowerCase(java.util.Locale.ROOT));
        LOG.debug("{} on {}: {} {}", domainName, name(), event.getType(), detail);
        if (vm.isPresent()
                && (event.getType() == DomainEventType.STOPPED || event.getType() == DomainEventType.CRASHED)) {
            ended.accept(this, vm.get().id());
        }
    }

    @Override
    public void close() {
        looker.close();
        host.close();
    }
}
