package org.virtugrid.control.vm.libvirt;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.libvirt.Domain;
import org.libvirt.Domain.MigrateFlags;
import org.libvirt.StoragePool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmDriverException.Kind;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmProbe.Life;

/**
 * Moves guests between hosts: one that runs goes on running (libvirt's migration, its disk with it; an emulated one stands still
 * while its memory is copied), one that does not has its disk copied. Until the target has all of it the source keeps everything, so whatever fails in between leaves the
 * guest where it was, and the call may be repeated. Callers let one call at a time act on a guest.
 */
final class GuestMigration {
    private static final Logger LOG = LoggerFactory.getLogger(GuestMigration.class);
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final Duration COPY = Duration.ofMinutes(5);
    /** Memory that is written to faster than the network takes it may keep a migration going; then it is given up. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    private static final long LIVE = MigrateFlags.LIVE
            | MigrateFlags.PERSIST_DEST
            | MigrateFlags.UNDEFINE_SOURCE
            | MigrateFlags.NON_SHARED_DISK
            | MigrateFlags.ABORT_ON_ERROR;

    private final GuestMaker maker;
    private final KvmCheck kvm;
    private final NetworkFilter network;
    private final Scratch scratch;

    /**
     * Moves guests.
     *
     * @param scratch for what is copied from host to host
     */
    GuestMigration(GuestMaker maker, KvmCheck kvm, NetworkFilter network, Scratch scratch) {
        this.maker = maker;
        this.kvm = kvm;
        this.network = network;
        this.scratch = scratch;
    }

    /** Brings the guest to the target; on return it is there alone. */
    void move(HostVms source, HostVms target, String id) {
        LibvirtVm vm = source.find(id);
        target.look(HostVms.LOOK_PATIENCE);
        if (!target.host().answers()) {
            throw new VmDriverException(Kind.FAILED, "host " + target.name() + " does not answer; see host list");
        }
        require(
                vm.spec().gpu() == null,
                vm.spec().name() + " has the GPU " + vm.spec().gpu() + " of host " + source.name()
                        + ", which stays there");
        VmProbe probe = source.probe(id);
        if (probe.life() == Life.UNKNOWN) {
            throw new VmDriverException(Kind.FAILED, probe.detail());
        }
        if (probe.life() == Life.RUNNING) {
            requireAlike(source, target, vm, probe);
        }
        requireNothingThere(target, vm);
        source.host().call("leave the snapshots of " + vm.spec().name(), CALL, connection -> {
            GuestSnapshots.leaveBehind(connection, vm);
            return null;
        });
        prepare(source, target, vm);
        try (MoveMarks marks = new MoveMarks(source, target, id)) {
            if (probe.life() == Life.RUNNING) {
                migrate(source, target, vm, marks);
            } else {
                copy(source, target, vm);
            }
            target.expectNewProcess(vm);
            target.remember(vm);
            // Its last look may be of a time before the guest came
            target.look(HostVms.LOOK_PATIENCE);
            target.change(id, LibvirtVm::moved);
            clearUp(source, vm);
        }
        target.look(HostVms.LOOK_PATIENCE);
    }

    /** The source knows of the guest until nothing of it is there: then the next start, move or end of it clears up. */
    private static void clearUp(HostVms source, LibvirtVm vm) {
        try {
            source.host().call("clear up after " + vm.spec().name(), CALL, connection -> {
                StoragePool pool = HostStorage.pool(connection, source.host().settings());
                HostStorage.delete(pool, vm.dataVolume());
                HostStorage.delete(pool, vm.seedVolume());
                return null;
            });
            source.forget(vm.id());
        } catch (VmDriverException e) {
            LOG.warn("The disk of {} is left on host {}: {}", vm.spec().name(), source.name(), e.getMessage());
        }
    }

    private void requireAlike(HostVms source, HostVms target, LibvirtVm vm, VmProbe probe) {
        String name = vm.spec().name();
        live(!probe.frozen(), name + " stands still");
        live(
                vm.image().equals(maker.image().version()),
                name + " still runs the image " + vm.image() + ", of which other hosts get no copies");
        live(
                source.host()
                        .settings()
                        .storage()
                        .equals(target.host().settings().storage()),
                "hosts " + source.name() + " and " + target.name() + " have their storage at different paths");
        live(
                kvm.works(target, maker.image()) == source.hardware(),
                "one of the hosts " + source.name() + " and " + target.name()
                        + " emulates guests and the other does not");
    }

    private static void live(boolean possible, String otherwise) {
        if (!possible) {
            throw new VmDriverException(Kind.UNSUPPORTED, otherwise);
        }
    }

    private static void require(boolean fine, String otherwise) {
        if (!fine) {
            throw new VmDriverException(Kind.FAILED, otherwise);
        }
    }

    /** An earlier attempt, or somebody's hand, may have got further than is known here. */
    private static void requireNothingThere(HostVms target, LibvirtVm vm) {
        boolean there = target.host()
                .call("look for " + vm.spec().name(), CALL, connection -> DomainRecords.lookUp(connection, vm)
                        .isPresent());
        require(
                !there,
                "host " + target.name() + " has a domain of " + vm.spec().name() + " already");
    }

    /** Gives the target what does not change, and takes away what an earlier attempt left. */
    private void prepare(HostVms source, HostVms target, LibvirtVm vm) {
        GuestImage image = maker.image();
        Path seed = scratch.file(vm.seedVolume());
        try {
            boolean seeded = fetch(source, vm.seedVolume(), seed);
            target.host().callInTurn("prepare for " + vm.spec().name(), COPY, connection -> {
                network.prepare(target, connection);
                synchronized (target.storage()) {
                    StoragePool pool =
                            HostStorage.pool(connection, target.host().settings());
                    for (String file : List.of("vmlinuz", "initrd", "root.img")) {
                        HostStorage.image(
                                connection,
                                pool,
                                image.volume(file),
                                image.folder().resolve(file));
                    }
                    HostStorage.delete(pool, vm.dataVolume());
                    if (seeded) {
                        HostStorage.replace(connection, pool, vm.seedVolume(), seed);
                    }
                }
                return null;
            });
        } finally {
            scratch.delete(seed);
        }
    }

    private void migrate(HostVms source, HostVms target, LibvirtVm vm, MoveMarks marks) {
        String address = target.host().settings().migration();
        String uri = address == null ? null : "tcp://" + address;
        // Never in the clear when one of both is not to: libvirt then refuses where the other can't
        boolean tls = source.host().settings().movesByTls()
                || target.host().settings().movesByTls();
        // Emulated guests that worked while their memory was copied powered off on arrival; standing still they did not
        long how = (source.hardware() ? LIVE : LIVE & ~MigrateFlags.LIVE) | (tls ? MigrateFlags.TLS : 0);
        try (MigrationPatience patience = new MigrationPatience(source, vm)) {
            patience.begin();
            source.host().call("migrate " + vm.spec().name(), LONGEST, from -> {
                Domain domain = from.domainLookupByUUID(UUID.fromString(vm.uuid()));
                return target.host().call("take " + vm.spec().name(), LONGEST, to -> {
                    marks.join();
                    try {
                        domain.migrate(to, how, null, uri, 0);
                        return null;
                    } finally {
                        marks.close();
                    }
                });
            });
        } catch (VmDriverException e) {
            if (marks.othersGoOn()) {
                giveUp(source, vm);
            }
            throw e;
        }
        LOG.info("{} runs on {} now", vm.spec().name(), target.name());
    }

    /** The migration goes on though nobody waits for it any more. */
    private static void giveUp(HostVms source, LibvirtVm vm) {
        try {
            source.host().call("give up the move of " + vm.spec().name(), CALL, connection -> {
                connection.domainLookupByUUID(UUID.fromString(vm.uuid())).abortJob();
                return null;
            });
        } catch (VmDriverException e) {
            LOG.warn("{} may still be moving: {}", vm.spec().name(), e.getMessage());
        }
    }

    private void copy(HostVms source, HostVms target, LibvirtVm vm) {
        Path data = scratch.file(vm.dataVolume());
        try {
            boolean there = fetch(source, vm.dataVolume(), data);
            if (there) {
                target.host().callInTurn("copy the disk of " + vm.spec().name(), COPY, connection -> {
                    StoragePool pool =
                            HostStorage.pool(connection, target.host().settings());
                    HostStorage.replaceDisk(
                            connection, pool, vm.dataVolume(), vm.spec().diskBytes(), data);
                    return null;
                });
            }
        } finally {
            scratch.delete(data);
        }
        // The next start defines it anew, with its disks; from here on both hosts have its record until the source
        // forgets. It does not say yet that the guest has moved, as this may take effect when the guest was started
        // again
        target.host()
                .call(
                        "define " + vm.spec().name(),
                        GuestRecords.FIRST_DEFINITION,
                        connection -> connection.domainDefineXML(
                                DomainXml.of(vm, target.host().settings())));
        source.host().call("undefine " + vm.spec().name(), CALL, connection -> {
            Optional<Domain> domain = DomainRecords.lookUp(connection, vm);
            if (domain.isPresent()) {
                require(domain.get().isActive() == 0, vm.spec().name() + " has been started meanwhile");
                domain.get().undefine(GuestLifecycle.UNDEFINE_ALL);
            }
            return null;
        });
    }

    /** Copies a volume of a host to a file here; false when the host has none. */
    private boolean fetch(HostVms host, String volume, Path file) {
        try {
            return host.host().callInTurn("fetch " + volume, COPY, connection -> {
                StoragePool pool = HostStorage.pool(connection, host.host().settings());
                Long bytes = HostStorage.taken(pool, volume);
                scratch.requireRoom(volume, bytes == null ? 0 : bytes);
                return HostStorage.fetch(connection, pool, volume, file);
            });
        } catch (UncheckedIOException e) {
            throw new VmDriverException(
                    Kind.FAILED,
                    "cannot copy " + volume + " to " + file + ": "
                            + e.getCause().getMessage(),
                    e);
        }
    }
}
