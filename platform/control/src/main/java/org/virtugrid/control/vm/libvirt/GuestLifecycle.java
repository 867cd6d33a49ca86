package org.virtugrid.control.vm.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;
import org.libvirt.StoragePool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmDriverException.Kind;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmProbe.Life;

/**
 * Starts, stops and removes guests. Each step may be repeated after a death of control at any point; callers let one call
 * at a time act on a guest.
 */
final class GuestLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(GuestLifecycle.class);
    private static final Duration CALL = Duration.ofSeconds(10);
    /** On a busy host QEMU takes its time to begin. */
    private static final Duration START = Duration.ofSeconds(30);
    /** A destroy waits about ten seconds for QEMU before it kills it. */
    private static final Duration END = Duration.ofSeconds(30);
    /** Copying an image to another machine takes its time. */
    private static final Duration COPY = Duration.ofMinutes(5);

    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(3);
    private static final long POLL_MILLIS = 100;
    static final int UNDEFINE_ALL = 1 | 2 | 4 | 16;

    private final GuestMaker maker;
    private final KvmCheck kvm;
    private final NetworkFilter network;
    private final HostGpus gpus;
    private final WarmStarts warm;
    private final SecureRandom random = new SecureRandom();

    GuestLifecycle(GuestMaker maker, KvmCheck kvm, NetworkFilter network, HostGpus gpus, WarmStarts warm) {
        this.maker = maker;
        this.kvm = kvm;
        this.network = network;
        this.gpus = gpus;
        this.warm = warm;
    }

    /** Starts the guest unless it runs. */
    VmProbe start(HostVms host, String id, GridHints hints) {
        Life life = see(host, id).life();
        if (life == Life.UNKNOWN) {
            throw new VmDriverException(Kind.FAILED, host.probe(id).detail());
        }
        if (life == Life.RUNNING) {
            return host.probe(id);
        }
        LibvirtVm vm = host.find(id);
        GuestImage image = maker.image();
        host.hardware(kvm.works(host, image));
        LibvirtVm next = vm.beginning(newLife(), image.version(), Instant.now().truncatedTo(ChronoUnit.MILLIS));
        try {
            Path seed = maker.seed(next, host, hints);
            if (warm.may(host, next, Files.size(seed))) {
                next = next.fromMemory();
            }
            DomainXml.Disks disks = copyParts(host, next, image, seed);
            Files.deleteIfExists(seed);
            List<String> devices = gpus.devices(host.host(), vm.spec().gpu());
            String filter = host.host()
                    .call("prepare the network filter", CALL, connection -> network.prepare(host, connection));
            try {
                boot(host, next, disks, new DomainXml.Fittings(filter, devices));
            } catch (VmDriverException e) {
                if (filter == null || !network.mayDoWithout(host, e)) {
                    throw e;
                }
                LOG.warn("{} starts without its network filter: {}", vm.spec().name(), e.getMessage());
                boot(host, next, disks, new DomainXml.Fittings(null, devices));
            }
        } catch (IOException e) {
            throw new VmDriverException(
                    Kind.FAILED, "cannot prepare " + vm.spec().name() + ": " + e.getMessage(), e);
        }
        return see(host, id);
    }

    private void boot(HostVms host, LibvirtVm vm, DomainXml.Disks disks, DomainXml.Fittings fittings) {
        // From here on its end counts as a death, also when control dies before the next line
        host.define(vm, DomainXml.of(vm, host.host().settings(), disks, host.hardware(), fittings));
        // libvirt may not have noticed yet
        boolean corpse = host.processEnded(vm).isPresent();
        host.expectNewProcess(vm);
        host.host().callInTurn("start " + vm.spec().name(), START, connection -> {
            Domain domain = connection.domainLookupByUUID(UUID.fromString(vm.uuid()));
            if (domain.hasManagedSaveImage() == 1) {
                // Memory from before would be that of a node which the grid has long failed out
                domain.managedSaveRemove();
            }
            if (domain.isActive() == 1 && corpse) {
                destroy(domain);
            }
            if (domain.isActive() == 0 && !vm.resumed()) {
                domain.create();
            }
            return null;
        });
        if (vm.resumed() && !warm.resume(host, vm)) {
            boot(host, vm.fromDisk(), disks, fittings);
        }
    }

    private String newLife() {
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static DomainXml.Disks copyParts(HostVms host, LibvirtVm vm, GuestImage image, Path seed) {
        return host.host().callInTurn("copy the image of " + vm.spec().name(), COPY, connection -> {
            // Guests that start together want the same image
            synchronized (host.storage()) {
                StoragePool pool = HostStorage.pool(connection, host.host().settings());
                return new DomainXml.Disks(
                        HostStorage.image(connection, pool, image.volume("vmlinuz"), image.kernel()),
                        HostStorage.image(connection, pool, image.volume("initrd"), image.initrd()),
                        HostStorage.image(connection, pool, image.volume("root.img"), image.root()),
                        HostStorage.disk(pool, vm.dataVolume(), vm.spec().diskBytes()),
                        HostStorage.replace(connection, pool, vm.seedVolume(), seed));
            }
        });
    }

    /** Looks at the guest now. */
    VmProbe see(HostVms host, String id) {
        host.look(PATIENCE);
        return host.probe(id);
    }

    /** Lets the guest end by itself within the grace, then ends it. */
    void stop(HostVms host, String id, Duration grace) {
        VmProbe probe = see(host, id);
        if (probe.life() == Life.RUNNING && !probe.frozen()) {
            LibvirtVm vm = host.find(id);
            long end = System.nanoTime() + grace.toNanos();
            long nextAsk = System.nanoTime();
            while (see(host, id).life() == Life.RUNNING && System.nanoTime() < end) {
                // A guest that still boots does not hear the first time
                if (System.nanoTime() >= nextAsk) {
                    nextAsk = System.nanoTime() + ASK_AGAIN.toNanos();
                    ask(host, vm);
                }
                pause(vm);
            }
        }
        kill(host, id);
    }

    private static void ask(HostVms host, LibvirtVm vm) {
        try {
            // Through the guest agent where it answers, else by the power button
            host.host().call("ask " + vm.spec().name() + " to stop", CALL, connection -> {
                connection.domainLookupByUUID(UUID.fromString(vm.uuid())).shutdown();
                return null;
            });
        } catch (VmDriverException e) {
            LOG.debug("Asked in vain: {}", e.toString());
        }
    }

    /** Ends the guest at once; on return it is known to be gone. */
    void kill(HostVms host, String id) {
        LibvirtVm vm = host.find(id);
        endFrozen(host, id);
        host.host().call("end " + vm.spec().name(), END, connection -> {
            Optional<Domain> domain = DomainRecords.lookUp(connection, vm);
            if (domain.isPresent() && domain.get().isActive() == 1) {
                destroy(domain.get());
            }
            if (domain.isPresent() && domain.get().hasManagedSaveImage() == 1) {
                domain.get().managedSaveRemove();
            }
            return null;
        });
        VmProbe probe = see(host, id);
        if (!probe.gone()) {
            throw new VmDriverException(
                    Kind.OUTCOME_UNKNOWN, vm.spec().name() + " cannot be proven to be gone: " + probe.detail());
        }
        if (vm.started()) {
            host.change(id, LibvirtVm::ended);
        }
    }

    /** Ends a guest on this machine whose QEMU stands still: libvirt would ask it first, and it can't hear. */
    void endFrozen(HostVms host, String id) {
        VmProbe probe = see(host, id);
        if (probe.life() == Life.RUNNING && probe.pid() != null && probe.frozen()) {
            ProcessHandle.of(probe.pid())
                    .filter(process -> host.sighting(id)
                            .flatMap(Sighting::process)
                            .filter(entry -> entry.pid() == process.pid())
                            .isPresent())
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static void destroy(Domain domain) throws LibvirtException {
        try {
            domain.destroy();
        } catch (LibvirtException e) {
            // It may have ended in between
            if (domain.isActive() == 1) {
                throw e;
            }
        }
    }

    /** Removes the disk of a guest that is gone; the next start makes an empty one. */
    void wipe(HostVms host, String id) {
        LibvirtVm vm = host.find(id);
        host.host().call("empty " + vm.spec().name(), CALL, connection -> {
            GuestSnapshots.forget(connection, vm);
            HostStorage.delete(HostStorage.pool(connection, host.host().settings()), vm.dataVolume());
            return null;
        });
    }

    /** Removes disks and definition of a guest that is gone. */
    void remove(HostVms host, String id) {
        LibvirtVm vm = host.find(id);
        removeFrom(host, vm);
        try {
            maker.forget(id);
        } catch (IOException e) {
            throw new VmDriverException(
                    Kind.FAILED, "cannot forget " + vm.spec().name() + ": " + e.getMessage(), e);
        }
        host.forget(id);
        warm.forget(id);
    }

    /**
     * Removes what a host has for all guests, if it has none any more. What fails stays for the next time.
     *
     * @param forGood there are no guests anywhere; else the host may get some again
     */
    void leave(HostVms host, boolean forGood) {
        if (!host.records().isEmpty() || !host.host().answers()) {
            return;
        }
        try {
            host.host().call("remove the network filter", CALL, connection -> {
                network.forget(host, connection);
                return null;
            });
            if (forGood) {
                warm.leave(host);
            }
        } catch (VmDriverException e) {
            LOG.warn("Something of guests is left on host {}: {}", host.name(), e.getMessage());
        }
    }

    /** Removes disks and definition of a guest from a host where it is gone; the record stays. */
    static void removeFrom(HostVms host, LibvirtVm vm) {
        host.host().call("remove " + vm.spec().name(), CALL, connection -> {
            StoragePool pool = HostStorage.pool(connection, host.host().settings());
            HostStorage.delete(pool, vm.dataVolume());
            HostStorage.delete(pool, vm.seedVolume());
            HostStorage.delete(pool, GuestRecords.suspicion(vm.id()));
            Optional<Domain> domain = DomainRecords.lookUp(connection, vm);
            if (domain.isPresent()) {
                domain.get().undefine(UNDEFINE_ALL);
            }
            return null;
        });
    }

    private static void pause(LibvirtVm vm) {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VmDriverException(
                    Kind.OUTCOME_UNKNOWN, "interrupted while " + vm.spec().name() + " was stopping", e);
        }
    }
}
