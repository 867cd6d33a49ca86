package org.virtugrid.control.vm.libvirt;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmDriverException.Kind;
import org.virtugrid.control.vm.VmHost;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;
import org.virtugrid.control.vm.VmUse;

/**
 * VMs as guests on hosts with libvirt.
 *
 * <p>A guest lives exactly as long as its worker: the image powers the machine off when the worker ends. So what libvirt
 * says of the domain is what is known of the worker, and a domain that ends by itself is a worker that died.
 */
public final class LibvirtDriver implements VmDriver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LibvirtDriver.class);

    private final Map<String, HostVms> hosts = new ConcurrentHashMap<>();
    private final GuestNetwork network;
    private final String platform;
    private final GuestLifecycle guests;
    private final KvmCheck kvm;
    private final GuestUse use = new GuestUse();
    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Object> locks = new ConcurrentHashMap<>();
    private final List<Consumer<String>> exitListeners = new CopyOnWriteArrayList<>();
    private final ExecutorService lookers;

    /** Guests of one platform on some hosts. */
    LibvirtDriver(
            String platform,
            List<HostSettings> settings,
            GuestNetwork network,
            KnownVms known,
            GuestMaker maker,
            KvmCheck kvm) {
        this.platform = platform;
        this.network = network;
        this.kvm = kvm;
        this.guests = new GuestLifecycle(maker, kvm);
        settings.forEach(
                host -> hosts.put(host.name(), new HostVms(platform, host, known, (source, id) -> ended(source, id))));
        this.lookers = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "libvirt-look");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Opens the driver and finds its guests; waits some seconds for hosts that don't answer. */
    public static LibvirtDriver open(LibvirtSettings settings, Surroundings around) {
        return new LibvirtDriver(
                        around.platform(),
                        settings.hosts(),
                        settings.network(),
                        new KnownVms(around.folder().resolve("known")),
                        new WorkerGuests(settings, around),
                        new KvmCheck(around.folder().resolve("hosts")))
                .adopt();
    }

    /** Finds the guests that there are; those on hosts that don't answer are known from earlier. */
    LibvirtDriver adopt() {
        everywhere(host -> {
            host.hardware(kvm.remembered(host.name()));
            try {
                host.readAll();
            } catch (VmDriverException e) {
                LOG.warn("{}; what it runs is known from earlier only", e.getMessage());
            }
        });
        look();
        return this;
    }

    private void everywhere(Consumer<HostVms> work) {
        List<? extends Future<?>> asked = hosts.values().stream()
                .map(host -> lookers.submit(() -> work.accept(host)))
                .toList();
        for (Future<?> one : asked) {
            try {
                one.get(15, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Exception e) {
                LOG.debug("A host was not asked: {}", e.toString());
            }
        }
    }

    @Override
    public String name() {
        return "libvirt";
    }

    /**
     * The host that a guest is on. Somebody may have moved it by hand, so that two hosts have its record: then it is where
     * it was seen, and while one of them can't tell, it may be there.
     */
    HostVms hostOf(String id) {
        return hosts.values().stream()
                .filter(host -> host.records().containsKey(id))
                .max(Comparator.comparingInt((HostVms host) -> host.claim(id)).thenComparing(HostVms::name))
                .orElseThrow(() -> new VmDriverException(Kind.NOT_FOUND, "there is no VM " + id));
    }

    @Override
    public List<VmHost> hosts() {
        return hosts.values().stream()
                .map(host -> new VmHost(
                        host.name(),
                        host.host().settings().uri(),
                        host.failure(),
                        kvm.known(host.name()) ? host.hardware() : null,
                        host.records().size()))
                .sorted(Comparator.comparing(VmHost::name))
                .toList();
    }

    @Override
    public List<VmRecord> list() {
        return hosts.values().stream()
                .flatMap(host -> host.records().keySet().stream())
                .distinct()
                .flatMap(id -> record(id).stream())
                .sorted(Comparator.comparing(VmRecord::name).thenComparing(VmRecord::id))
                .toList();
    }

    private Optional<VmRecord> record(String id) {
        try {
            HostVms host = hostOf(id);
            return Optional.of(host.find(id).toRecord(host.name()));
        } catch (VmDriverException e) {
            return Optional.empty(); // it was destroyed in between
        }
    }

    @Override
    public synchronized VmRecord define(VmSpec spec) {
        List<LibvirtVm> all = hosts.values().stream()
                .flatMap(host -> host.records().values().stream())
                .toList();
        if (all.stream().anyMatch(vm -> vm.spec().name().equals(spec.name()))) {
            throw new VmDriverException(Kind.FAILED, "there is a VM " + spec.name() + " already");
        }
        HostVms host = hosts.values().stream()
                .filter(candidate -> candidate.host().answers())
                .min(Comparator.comparingInt(
                                (HostVms candidate) -> candidate.records().size())
                        .thenComparing(HostVms::name))
                .orElseThrow(() -> new VmDriverException(
                        Kind.FAILED, "none of the hosts " + hosts.keySet() + " answers; see virtugrid host list"));
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
                false,
                false);
        // Its disks come with its first start
        host.define(vm, DomainXml.of(vm, host.host().settings(), null, false));
        host.look(HostVms.LOOK_PATIENCE);
        return vm.toRecord(host.name());
    }

    @Override
    public void want(String id, Desired desired) {
        synchronized (lock(id)) {
            HostVms host = hostOf(id);
            if (host.find(id).desired() != desired) {
                host.change(id, vm -> vm.wanted(desired));
            }
        }
    }

    @Override
    public void look() {
        everywhere(host -> host.look(HostVms.LOOK_PATIENCE));
    }

    @Override
    public VmProbe probe(String id) {
        return hostOf(id).probe(id);
    }

    @Override
    public VmProbe start(String id) {
        synchronized (lock(id)) {
            List<String> peers = list().stream()
                    .filter(vm -> !vm.id().equals(id))
                    .map(VmRecord::address)
                    .toList();
            return guests.start(hostOf(id), id, peers);
        }
    }

    @Override
    public void stop(String id, Duration grace) {
        synchronized (lock(id)) {
            guests.stop(hostOf(id), id, grace);
        }
    }

    @Override
    public void kill(String id) {
        synchronized (lock(id)) {
            guests.kill(hostOf(id), id);
        }
    }

    @Override
    public void suspect(String id, boolean suspect) {
        synchronized (lock(id)) {
            HostVms host = hostOf(id);
            if (host.find(id).suspect() != suspect) {
                host.change(id, vm -> vm.suspected(suspect));
            }
        }
    }

    @Override
    public void wipe(String id) {
        synchronized (lock(id)) {
            HostVms host = hostOf(id);
            if (!guests.see(host, id).gone()) {
                throw new VmDriverException(Kind.FAILED, id + " is not known to be gone; its database is in use");
            }
            guests.wipe(host, id);
            host.change(id, vm -> vm.suspected(false));
        }
    }

    @Override
    public void destroy(String id) {
        if (hosts.values().stream().noneMatch(host -> host.records().containsKey(id))) {
            return;
        }
        synchronized (lock(id)) {
            HostVms host = hostOf(id);
            // So that it is finished, not started again, when control dies in between
            want(id, Desired.DESTROYED);
            guests.kill(host, id);
            guests.remove(host, id);
            hosts.values().forEach(other -> other.forget(id));
            use.forget(id);
        }
        locks.remove(id);
    }

    @Override
    public VmUse use(String id) {
        return hosts.values().stream()
                .filter(host -> host.records().containsKey(id))
                .findFirst()
                .map(host -> use.of(host, host.find(id)))
                .orElse(VmUse.NONE);
    }

    @Override
    public void onExit(Consumer<String> listener) {
        exitListeners.add(listener);
    }

    private void ended(HostVms host, String id) {
        // libvirt's own thread, which must not ask libvirt
        lookers.execute(() -> {
            host.look(HostVms.LOOK_PATIENCE);
            exitListeners.forEach(listener -> listener.accept(id));
        });
    }

    private Object lock(String id) {
        return locks.computeIfAbsent(id, key -> new Object());
    }

    /** Lets go of the hosts; guests go on. */
    @Override
    public void close() {
        hosts.values().forEach(HostVms::close);
        lookers.shutdown();
    }
}
