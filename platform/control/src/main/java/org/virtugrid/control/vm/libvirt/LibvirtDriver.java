package org.virtugrid.control.vm.libvirt;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.SnapshotPlan;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmDriverException.Kind;
import org.virtugrid.control.vm.VmGpu;
import org.virtugrid.control.vm.VmHost;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSnapshots;
import org.virtugrid.control.vm.VmSpec;
import org.virtugrid.control.vm.VmUse;
import org.virtugrid.grid.fault.GridException;

/**
 * VMs as guests on hosts with libvirt.
 *
 * <p>A guest lives exactly as long as its worker: the image powers the machine off when the worker ends. So what libvirt
 * says of the domain is what is known of the worker, and a domain that ends by itself is a worker that died.
 */
public final class LibvirtDriver implements VmDriver, AutoCloseable {
    /** A control process that follows reads records anew after so long. */
    private static final long FOLLOW_NANOS = 5_000_000_000L;

    private final Hosts hosts;
    private final GuestNetwork network;
    private final String platform;
    private final NetworkFilter filter;
    private final GuestLifecycle guests;
    private final WarmStarts warm;
    private final GuestMigration migration;
    private final Leftovers leftovers;
    private final KvmCheck kvm;
    private final GuestSnapshots snapshots;
    private final HostGpus gpus = new HostGpus();
    private final GuestUse use = new GuestUse();
    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();
    private final Supplier<Set<String>> lastLive;
    private volatile boolean follows;
    private volatile long reloaded;
    private final Map<String, Set<String>> existingCaches = new ConcurrentHashMap<>();
    private final Map<String, Object> locks = new ConcurrentHashMap<>();
    private final List<Consumer<String>> exitListeners = new CopyOnWriteArrayList<>();

    /**
     * Guests of one platform on some hosts.
     *
     * @param scratch for what is copied from host to host
     * @param lastLive consistent ids of the workers of the last live topology; empty when there was none
     * @param warm guests may resume from snapshots of memory
     */
    LibvirtDriver(
            String platform,
            List<HostSettings> settings,
            GuestNetwork network,
            KnownVms known,
            GuestMaker maker,
            KvmCheck kvm,
            Scratch scratch,
            Supplier<Set<String>> lastLive,
            SnapshotPlan plan,
            boolean warm) {
        this.platform = platform;
        this.network = network;
        this.kvm = kvm;
        this.lastLive = lastLive;
        this.filter = new NetworkFilter(platform, network);
        this.warm = new WarmStarts(new WarmTemplates(platform, maker), warm, System::nanoTime);
        this.guests = new GuestLifecycle(maker, kvm, filter, gpus, this.warm);
        this.migration = new GuestMigration(maker, kvm, filter, scratch);
        this.hosts = new Hosts(settings, host -> new HostVms(platform, host, known, this::ended));
        this.leftovers = new Leftovers(hosts);
        this.snapshots = new GuestSnapshots(hosts::of, this::lock, plan);
    }

    /** The same without a schedule of snapshots and without warm starts. */
    LibvirtDriver(
            String platform,
            List<HostSettings> settings,
            GuestNetwork network,
            KnownVms known,
            GuestMaker maker,
            KvmCheck kvm,
            Path scratch) {
        this(platform, settings, network, known, maker, kvm, new Scratch(scratch), Set::of, null, false);
    }

    /** Opens the driver and finds its guests; waits some seconds for hosts that don't answer. */
    public static LibvirtDriver open(LibvirtSettings settings, Surroundings around) {
        Scratch scratch = new Scratch(around.folder().resolve("scratch"));
        scratch.empty();
        LibvirtDriver driver = new LibvirtDriver(
                        around.platform(),
                        settings.hosts(),
                        settings.network(),
                        new KnownVms(around.folder().resolve("known")),
                        new WorkerGuests(settings, around),
                        new KvmCheck(around.folder().resolve("hosts")),
                        scratch,
                        around.lastLive(),
                        settings.snapshots(),
                        settings.warm())
                .adopt();
        if (driver.list().isEmpty()) {
            requireImage(driver, settings.image());
        }
        return driver;
    }

    /** Guests that there are run on without it; the first ones could never start. */
    private static void requireImage(LibvirtDriver driver, Path folder) {
        try {
            GuestImage.open(folder);
        } catch (GridException e) {
            driver.close();
            throw e;
        }
    }

    /** Finds the guests that there are; those on hosts that don't answer are known from earlier. */
    LibvirtDriver adopt() {
        hosts.askEach(host -> {
            host.hardware(kvm.remembered(host.name()));
            host.readAll(false);
            gpus.look(host.host());
        });
        look();
        return this;
    }

    /** Often while another control process leads, so it is not done each time; see {@link HostVms#readAll}. */
    @Override
    public void reload(boolean leads) {
        long now = System.nanoTime();
        if (leads ? follows : !follows || now - reloaded > FOLLOW_NANOS) {
            hosts.askEach(host -> host.readAll(true));
            reloaded = now;
            follows = !leads;
        }
    }

    @Override
    public String name() {
        return "libvirt";
    }

    /** The host that a guest is on. */
    HostVms hostOf(String id) {
        return hosts.of(id);
    }

    @Override
    public List<VmHost> hosts() {
        return hosts.all().stream()
                .map(host -> new VmHost(
                        host.name(),
                        host.host().settings().uri(),
                        host.failure(),
                        kvm.known(host.name()) ? host.hardware() : null,
                        host.records().size(),
                        host.maintained(),
                        filter.state(host.name())))
                .toList();
    }

    @Override
    public List<VmRecord> list() {
        return hosts.records();
    }

    @Override
    public synchronized VmRecord define(VmSpec spec) {
        List<LibvirtVm> all = hosts.guests();
        if (all.stream().anyMatch(vm -> vm.spec().name().equals(spec.name()))) {
            throw new VmDriverException(Kind.FAILED, "there is a VM " + spec.name() + " already");
        }
        HostVms host = hosts.leastUsed(gpus.canServe(spec.gpu(), hosts.guestsByHost()));
        String address = network.free(all.stream().map(LibvirtVm::address).toList())
                .orElseThrow(() -> new VmDriverException(
                        Kind.FAILED, "all addresses " + network.guests() + " are taken; widen network.guests"));
        byte[] bytes = new byte[4];
        random.nextBytes(bytes);
        String hex = HexFormat.of().formatHex(bytes);
        // 52:54:00 is what QEMU's cards begin with
        String mac = "52:54:00:" + HexFormat.ofDelimiter(":").formatHex(bytes, 1, 4);
        if (all.stream().anyMatch(vm -> vm.id().endsWith(hex) || vm.mac().equals(mac))) {
            return define(spec);
        }
        LibvirtVm vm = new LibvirtVm(
                platform,
                "vm-" + hex,
                UUID.randomUUID().toString(),
                spec,
                Desired.RUNNING,
                clock.instant(),
                address,
                mac,
                "",
                "",
                null,
                false,
                false,
                false,
                0);
        // Its disks come with its first start
        host.define(vm, DomainXml.of(vm, host.host().settings()));
        host.look(HostVms.LOOK_PATIENCE);
        return vm.toRecord(host.name());
    }

    @Override
    public void want(String id, Desired desired) {
        synchronized (lock(id)) {
            HostVms host = hosts.of(id);
            if (host.find(id).desired() != desired) {
                host.change(id, vm -> vm.wanted(desired));
            }
        }
    }

    @Override
    public void look() {
        hosts.everywhere(host -> host.look(HostVms.LOOK_PATIENCE));
    }

    @Override
    public VmProbe probe(String id) {
        try {
            return hosts.of(id).probe(id);
        } catch (VmDriverException e) {
            // Its move may have ended between the two questions
            return hosts.of(id).probe(id);
        }
    }

    @Override
    public VmProbe start(String id) {
        synchronized (lock(id)) {
            List<String> peers = list().stream()
                    .filter(vm -> !vm.id().equals(id))
                    .map(VmRecord::address)
                    .toList();
            HostVms host = hosts.of(id);
            leftovers.remove(id, host);
            return guests.start(host, id, new GridHints(peers, Optional.ofNullable(existingCaches.remove(id))));
        }
    }

    /** Judged by what control's own node remembers: guests' disks can't be read from here. */
    @Override
    public boolean isBehind(String id) {
        Set<String> live = lastLive.get();
        return !live.isEmpty() && !live.contains(id);
    }

    /** The guest does it itself, when it starts next. */
    @Override
    public void dropCachesBut(String id, Set<String> existing) {
        existingCaches.put(id, Set.copyOf(existing));
    }

    @Override
    public void stop(String id, Duration grace) {
        synchronized (lock(id)) {
            guests.stop(hosts.of(id), id, grace);
        }
    }

    @Override
    public void kill(String id) {
        synchronized (lock(id)) {
            guests.kill(hosts.of(id), id);
        }
    }

    @Override
    public void suspect(String id, boolean suspect) {
        synchronized (lock(id)) {
            HostVms host = hosts.of(id);
            if (suspect && !host.find(id).suspect()) {
                host.suspect(id);
            } else if (host.find(id).suspect() != suspect) {
                host.change(id, vm -> vm.suspected(suspect));
            }
        }
    }

    @Override
    public void wipe(String id) {
        synchronized (lock(id)) {
            HostVms host = hosts.of(id);
            if (!guests.see(host, id).gone()) {
                throw new VmDriverException(Kind.FAILED, id + " is not known to be gone; its database is in use");
            }
            guests.wipe(host, id);
            host.change(id, vm -> vm.suspected(false));
        }
    }

    @Override
    public void destroy(String id) {
        if (!hosts.know(id)) {
            return;
        }
        synchronized (lock(id)) {
            HostVms host = hosts.of(id);
            // One that hangs can hold up its record
            guests.endFrozen(host, id);
            // So that it is finished, not started again, when control dies in between
            want(id, Desired.DESTROYED);
            guests.kill(host, id);
            leftovers.removeAll(id, host);
            guests.remove(host, id);
            hosts.all().forEach(other -> other.forget(id));
            use.forget(id);
            boolean last = hosts.guests().isEmpty();
            hosts.all().forEach(other -> guests.leave(other, last));
        }
        locks.remove(id);
    }

    @Override
    public Optional<String> prepareStarts() {
        for (HostVms host : hosts.all()) {
            boolean serves = host.host().answers() && !host.maintained();
            for (LibvirtVm vm : serves ? List.copyOf(host.records().values()) : List.<LibvirtVm>of()) {
                if (vm.desired() == Desired.RUNNING && warm.prepare(host, vm)) {
                    return Optional.of("a snapshot of memory on host " + host.name() + " for guests of "
                            + vm.spec().cpus() + " processors and " + (vm.spec().memoryBytes() >> 20) + " MiB");
                }
            }
        }
        return Optional.empty();
    }

    /** Disks grow as they are written to, but one that can't grow to its size is of no use. */
    @Override
    public OptionalLong largestDisk() {
        Queue<Long> free = new ConcurrentLinkedQueue<>();
        hosts.askEach(host -> free.add(host.freeBytes()));
        // Where no host answers a guest can't be made anyway
        return OptionalLong.of(free.stream().mapToLong(Long::longValue).max().orElse(Long.MAX_VALUE));
    }

    @Override
    public List<VmGpu> gpus() {
        return gpus.known();
    }

    @Override
    public void lookForGpus() {
        hosts.everywhere(host -> gpus.look(host.host()));
    }

    @Override
    public Optional<VmSnapshots> snapshots() {
        return Optional.of(snapshots);
    }

    @Override
    public void migrate(String id, String target) {
        synchronized (lock(id)) {
            HostVms to = hosts.named(target);
            HostVms from = hosts.of(id);
            leftovers.remove(id, from);
            if (!from.name().equals(to.name())) {
                migration.move(from, to, id);
                guests.leave(from, false);
            }
        }
    }

    @Override
    public void maintain(String host, boolean begins) {
        hosts.named(host).maintain(begins);
    }

    @Override
    public VmUse use(String id) {
        try {
            HostVms host = hosts.of(id);
            return use.of(host, host.find(id));
        } catch (VmDriverException e) {
            return VmUse.NONE;
        }
    }

    @Override
    public Optional<Boolean> hardware(String id) {
        try {
            HostVms host = hosts.of(id);
            return host.probe(id).life() == VmProbe.Life.RUNNING
                    ? host.figures(host.find(id)).map(GuestFigures::hardware)
                    : Optional.empty();
        } catch (VmDriverException e) {
            return Optional.empty();
        }
    }

    @Override
    public void onExit(Consumer<String> listener) {
        exitListeners.add(listener);
    }

    /** Whoever listens looks anyway, which may take a second while libvirt is busy with the end. */
    private void ended(String id) {
        hosts.later(() -> exitListeners.forEach(listener -> listener.accept(id)));
    }

    private Object lock(String id) {
        return locks.computeIfAbsent(id, key -> new Object());
    }

    /** Lets go of the hosts; guests go on. */
    @Override
    public void close() {
        hosts.close();
    }
}
