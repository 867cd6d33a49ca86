package org.virtugrid.control.vm.libvirt;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;
import org.libvirt.StoragePool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriverException;

/**
 * Measures what our guests on one host use: seldom, all of them in one call, and beside the looks, which say whether they
 * live and must never wait for a guest's memory. Safe for use by several threads.
 */
final class HostUse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostUse.class);
    /** Guests tell QEMU of their memory as often. */
    static final Duration PERIOD = Duration.ofSeconds(5);
    /** A guest that has just started is measured sooner. */
    private static final Duration LEAST_PERIOD = Duration.ofSeconds(1);
    /** A disk wants a call of its own. */
    private static final Duration DISK_PERIOD = Duration.ofSeconds(30);
    /** Older figures say nothing of now. */
    static final Duration AGE = Duration.ofSeconds(30);

    private static final Duration DEADLINE = Duration.ofSeconds(6);
    private static final int FLAGS = DomainStats.ACTIVE | DomainStats.NO_WAIT;

    private final HostVms host;
    private final Looker looker;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile Map<String, GuestFigures> measured = Map.of();
    private volatile long begun;
    private volatile boolean everBegun;

    HostUse(HostVms host, String name) {
        this.host = host;
        this.looker = new Looker("libvirt-use-" + name, this::measure);
    }

    /** Begins to measure if it is time, and does not wait for it. */
    void refresh() {
        long now = System.nanoTime();
        long period = (knowsAll() ? PERIOD : LEAST_PERIOD).toNanos();
        // Who hung up on a question that hangs asks no second one: each holds a thread, here and in libvirtd
        boolean free = looker.begun() == null && !asking.get();
        if (free && (!everBegun || now - begun >= period)) {
            begun = now;
            everBegun = true;
            looker.begin();
        }
    }

    private boolean knowsAll() {
        Map<String, GuestFigures> known = measured;
        return host.records().values().stream()
                .filter(vm -> runs(host.sighting(vm.id())))
                .allMatch(vm -> known.containsKey(vm.id())
                        && known.get(vm.id()).life().equals(vm.life())
                        && known.get(vm.id()).hardware() != null);
    }

    /** The guest's figures, if they are of this life of it and not too old. */
    Optional<GuestFigures> of(LibvirtVm vm) {
        return Optional.ofNullable(measured.get(vm.id()))
                .filter(figures -> figures.life().equals(vm.life()))
                .filter(figures -> System.nanoTime() - figures.nanos() < AGE.toNanos());
    }

    private void measure() {
        try {
            host.host().call("measure its guests", DEADLINE, connection -> {
                asking.set(true);
                try {
                    measured = ask(connection);
                    return null;
                } finally {
                    asking.set(false);
                }
            });
        } catch (VmDriverException e) {
            LOG.debug("{}", e.toString());
        }
    }

    private Map<String, GuestFigures> ask(LibvirtEvents.Connection connection) throws LibvirtException {
        Map<String, Map<String, Long>> stats = DomainStats.all(connection, groups(), FLAGS);
        long now = System.nanoTime();
        Map<String, GuestFigures> before = measured;
        Map<String, GuestFigures> next = new HashMap<>();
        StoragePool pool = null;
        for (LibvirtVm vm : host.records().values()) {
            GuestFigures last = before.get(vm.id());
            GuestFigures.Disk disk = last == null ? null : last.disk();
            if (disk == null || disk.bytes() == null || now - disk.nanos() > DISK_PERIOD.toNanos()) {
                pool = pool == null ? HostStorage.pool(connection, host.host().settings()) : pool;
                disk = new GuestFigures.Disk(HostStorage.taken(pool, vm.dataVolume()), now);
            }
            Map<String, Long> own = stats.get(vm.uuid());
            next.put(
                    vm.id(),
                    own == null
                            ? GuestFigures.resting(vm, now, disk)
                            : GuestFigures.running(vm, now, last, own, disk, hardware(connection, vm, last)));
        }
        return Map.copyOf(next);
    }

    /** Memory is asked from each QEMU, so not while one of them is known to stand still: it would hold up all others. */
    private int groups() {
        boolean still = host.records().values().stream().anyMatch(vm -> host.sighting(vm.id())
                .filter(sighting -> runs(Optional.of(sighting)))
                .filter(sighting -> sighting.probe(vm, host.name(), false).frozen())
                .isPresent());
        return DomainStats.INTERFACE | (still ? 0 : DomainStats.BALLOON);
    }

    private static boolean runs(Optional<Sighting> sighting) {
        return sighting.filter(seen -> seen.state() != null)
                .filter(seen -> seen.state() != org.libvirt.DomainInfo.DomainState.VIR_DOMAIN_SHUTOFF)
                .isPresent();
    }

    /** Asked once a life: it does not change. */
    private static Boolean hardware(LibvirtEvents.Connection connection, LibvirtVm vm, GuestFigures last)
            throws LibvirtException {
        if (last != null && last.hardware() != null && last.life().equals(vm.life())) {
            return last.hardware();
        }
        try {
            return switch (Xml.parse(connection
                            .domainLookupByUUID(UUID.fromString(vm.uuid()))
                            .getXMLDesc(0))
                    .getAttribute("type")) {
                case "kvm" -> true;
                case "qemu" -> false;
                default -> null;
            };
        } catch (LibvirtException e) {
            if (e.getError().getCode() == ErrorNumber.VIR_ERR_NO_DOMAIN) {
                return null; // it ended meanwhile
            }
            throw e;
        }
    }

    @Override
    public void close() {
        looker.close();
    }
}
