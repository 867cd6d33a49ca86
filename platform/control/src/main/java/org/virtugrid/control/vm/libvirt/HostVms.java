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
import java.util.function.Consumer;
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

    private static final String MOVED_AWAY = "last event: stopped migrated";

    /** The strongest {@link #claim}. */
    static final int RUNS_HERE = 3;

    private static final Duration RECORD_DEADLINE = Duration.ofSeconds(10);

    private final String platform;
    private final HypervisorHost host;
    private final LocalQemu processes = new LocalQemu();
    private final Consumer<String> ended;
    private final Looker looker;
    private final HostUse use;
    private final Object storage = new Object();
    private final GuestRecords records;
    private final Map<String, String> lastEvents = new ConcurrentHashMap<>();
    private final Set<String> moving = ConcurrentHashMap.newKeySet();
    private volatile Look last = new Look(Map.of(), "it has not been asked yet");
    private Set<String> foreign = new HashSet<>();
    private int foreignConnection;
    private volatile boolean hardware;
    private volatile boolean maintained;
    /** The connection on which all records were read last; -1 when they are to be read again. */
    private volatile int readOn = -1;
    /** Whether those are then to be dropped whose domain is no more. */
    private volatile boolean forgetUnread;

    /** One look at the host: what was seen, or why nothing was. */
    private record Look(Map<String, Sighting> seen, String failure) {}

    /**
     * Guests of one platform on one host.
     *
     * @param ended told when one of them stops running
     */
    HostVms(String platform, HostSettings settings, KnownVms known, Consumer<String> ended) {
        this.platform = platform;
        this.ended = ended;
        this.host = new HypervisorHost(settings, this::happened);
        this.looker = new Looker("libvirt-look-" + settings.name(), this::lookNow);
        this.use = new HostUse(this, settings.name());
        this.records = new GuestRecords(platform, host, known);
    }

    HypervisorHost host() {
        return host;
    }

    String name() {
        return host.name();
    }

    Map<String, LibvirtVm> records() {
        return records.all();
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
            if (readOn != host.connections()) {
                readAll(forgetUnread);
            }
            last = new Look(host.call("list its domains", LOOK_DEADLINE, this::seeAll), null);
            use.refresh();
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
                    Sighting sighting = sighting(vm.get(), domain.getInfo());
                    if (sighting.active()) {
                        lastEvents.remove(vm.get().domainName(), MOVED_AWAY); // it is back
                    }
                    seen.put(vm.get().id(), sighting);
                }
            } catch (LibvirtException e) {
                if (e.getError().getCode() != ErrorNumber.VIR_ERR_NO_DOMAIN) {
                    throw e;
                }
            }
        }
        for (LibvirtVm vm : records.all().values()) {
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
        return processes.find(vm.uuid(), () -> ended.accept(vm.id()));
    }

    /** The record of a domain; empty when it is none of ours. Others that have a definition are asked once a connection. */
    private synchronized Optional<LibvirtVm> ours(Domain domain) throws LibvirtException {
        String uuid = domain.getUUIDString();
        if (foreignConnection != host.connections()) {
            foreignConnection = host.connections();
            foreign = new HashSet<>();
        }
        Optional<LibvirtVm> remembered = records.all().values().stream()
                .filter(vm -> vm.uuid().equals(uuid))
                .findFirst();
        if (remembered.isPresent() || foreign.contains(uuid)) {
            return remembered;
        }
        // One without a definition may be a guest that is just arriving, so it is asked again
        boolean defined = domain.isPersistent() == 1;
        Optional<LibvirtVm> vm =
                DomainRecords.read(domain).filter(read -> read.platform().equals(platform));
        if (vm.isPresent()) {
            remember(vm.get());
        } else if (defined) {
            foreign.add(uuid);
        }
        return vm;
    }

    /**
     * Reads all records anew from their domains: another control process may have changed them. Where the host does not answer
     * this is done with the first look that it answers, and nothing is known of its guests until then.
     *
     * @param forget drops those whose domain is no more: another control process has destroyed them
     */
    void readAll(boolean forget) {
        readOn = -1;
        forgetUnread |= forget;
        Set<String> gone = records.readAll();
        if (forgetUnread) {
            gone.forEach(this::forget);
        }
        maintained = host.call(
                "read whether it is in maintenance",
                RECORD_DEADLINE,
                connection -> HostStorage.marked(HostStorage.pool(connection, host.settings()), maintenanceMark()));
        readOn = host.connections();
        forgetUnread = false;
    }

    /** Bytes that are free for disks. */
    long freeBytes() {
        return host.call(
                "ask for its free storage",
                RECORD_DEADLINE,
                connection -> HostStorage.free(HostStorage.pool(connection, host.settings())));
    }

    /** Whether it takes no more guests, and those that it has are to leave. */
    boolean maintained() {
        return maintained;
    }

    /** Begins or ends its maintenance; the host remembers that itself, for every control process. */
    void maintain(boolean begins) {
        host.call("record its maintenance", RECORD_DEADLINE, connection -> {
            HostStorage.mark(HostStorage.pool(connection, host.settings()), maintenanceMark(), begins);
            return null;
        });
        maintained = begins;
    }

    private String maintenanceMark() {
        return "maintenance-" + platform;
    }

    /** The guest is here. */
    void remember(LibvirtVm vm) {
        records.remember(vm);
    }

    void forget(String id) {
        LibvirtVm vm = records.forget(id);
        if (vm != null) {
            lastEvents.remove(vm.domainName());
        }
    }

    LibvirtVm find(String id) {
        return records.find(id);
    }

    /**
     * The guest moves away from this host or to it, or does not any more. That it is not here may then mean that it is there, so
     * nothing can be said of it until the move is over.
     */
    void moving(String id, boolean moves) {
        if (moves) {
            moving.add(id);
        } else {
            moving.remove(id);
        }
    }

    /** What was seen of the guest at the last look. */
    VmProbe probe(String id) {
        // Asked first: what was seen in a move is not judged as if it were over, though it may be by then
        boolean moves = moving.contains(id);
        VmProbe probe = seen(id);
        return (moves || wasMovedAway(find(id))) && probe.gone()
                ? new VmProbe(
                        Life.UNKNOWN,
                        probe.lifeId(),
                        null,
                        null,
                        0,
                        null,
                        "unknown: it is moving; on " + name() + " " + probe.detail())
                : probe;
    }

    /** The same where it is known that the guest is on another host now: what left this one is gone from here. */
    VmProbe probeLeftover(String id) {
        return wasMovedAway(find(id)) ? seen(id) : probe(id);
    }

    /** libvirt said that the guest left for another host: by our doing, or by somebody's hand. */
    private boolean wasMovedAway(LibvirtVm vm) {
        return MOVED_AWAY.equals(lastEvents.get(vm.domainName()));
    }

    private VmProbe seen(String id) {
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

    /** How sure this host is of having the guest: 3 it was seen running, 2 seen, 1 that can't be told now, 0 not seen. */
    int claim(String id) {
        if (last.failure() != null) {
            return 1;
        }
        Optional<Sighting> sighting = sighting(id).filter(seen -> seen.state() != null);
        if (sighting.isEmpty() || wasMovedAway(find(id))) {
            return 0;
        }
        return sighting.get().active() ? RUNS_HERE : 2;
    }

    /** How often the guest had moved when it came here; -1 when it never did. */
    int moves(String id) {
        LibvirtVm vm = records.all().get(id);
        return vm == null ? -1 : vm.moves();
    }

    /** What was measured of the guest last; empty when that is too long ago. Does not ask. */
    Optional<GuestFigures> figures(LibvirtVm vm) {
        return use.of(vm);
    }

    Optional<Sighting> sighting(String id) {
        return Optional.ofNullable(last.seen().get(id));
    }

    /** Makes a new guest's domain. */
    void define(LibvirtVm vm, String xml) {
        records.define(vm, xml);
    }

    /** Changes a record; see {@link GuestRecords#change}. */
    LibvirtVm change(String id, UnaryOperator<LibvirtVm> change) {
        return records.change(id, change);
    }

    /** Records that the guest's database is not to be trusted; see {@link GuestRecords#suspect}. */
    void suspect(String id) {
        records.suspect(id);
    }

    private void happened(HypervisorHost source, String domainName, DomainEvent event) {
        Optional<LibvirtVm> vm = records.all().values().stream()
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
            ended.accept(vm.get().id());
        }
    }

    @Override
    public void close() {
        looker.close();
        use.close();
        host.close();
    }
}
