package org.virtugrid.control.vm.libvirt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;
import org.libvirt.StoragePool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmDriverException.Kind;
import org.virtugrid.control.vm.VmSpec;

/**
 * Snapshots of the memory of guests that wait to be told who they are, one for each kind of guest on each host. Another guest
 * of that kind resumes from it instead of booting: its own definition is written over the one in the file, so that it has
 * its own name, card and disks, and in the guest the seed disk has changed, by which it learns the rest. Nothing secret is in
 * a snapshot. Callers let one call at a time act on a guest; one template at a time is made on a host.
 */
final class WarmTemplates {
    private static final Logger LOG = LoggerFactory.getLogger(WarmTemplates.class);
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final Duration COPY = Duration.ofMinutes(5);
    private static final Duration SAVE = Duration.ofMinutes(2);
    private static final Duration WARM_UP = Duration.ofMinutes(10);
    private static final Duration RESUME = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 500;
    private static final int AUTO_DESTROY = 2;
    private static final int AGENT_SECONDS = 3;
    private static final int XML_SECURE_INACTIVE = 1 | 2;
    /** A guest's record in its definition may be longer than nothing. */
    private static final int ROOM = 12_000;
    /** What a machine must have free beside the guest that is warmed up. */
    private static final long SPARE_BYTES = 256L << 20;
    /** Counts the ways in which templates were made that don't fit together. */
    private static final int FORMAT = 1;

    private static final String PREFIX = "warm-";
    private static final String COMPLETE = ".complete";
    /** With this begins the name of a domain that is no VM. */
    static final String DOMAIN = "virtugrid-warm";
    /** What the guest calls itself once it waits; the image's {@code init} says so. */
    private static final String WAITS = "waits";

    private final String platform;
    private final GuestMaker maker;

    WarmTemplates(String platform, GuestMaker maker) {
        this.platform = platform.substring(0, Math.min(8, platform.length()));
        this.maker = maker;
    }

    /** The file of the template for guests like this one. */
    private String volume(HostVms host, VmSpec spec) {
        String kind = String.join(
                " ",
                Integer.toString(FORMAT),
                maker.image().version(),
                Integer.toString(spec.cpus()),
                Long.toString(spec.memoryBytes()),
                Long.toString(spec.diskBytes()),
                Boolean.toString(host.hardware()));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(kind.getBytes(StandardCharsets.UTF_8));
            return prefix() + HexFormat.of().formatHex(digest, 0, 6) + ".save";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private String prefix() {
        return PREFIX + platform + "-";
    }

    /** Whether the host has a template for guests like this one. */
    boolean has(HostVms host, VmSpec spec) {
        String volume = volume(host, spec);
        return spec.gpu() == null
                && host.host()
                        .call(
                                "look for a template",
                                CALL,
                                connection -> HostStorage.marked(
                                        HostStorage.pool(connection, host.host().settings()), volume + COMPLETE));
    }

    /**
     * Makes the template for guests like this one, if they can wait and the host has none. Blocks for a minute or two; false
     * when there was nothing to do. FAILED leaves nothing behind.
     */
    boolean make(HostVms host, LibvirtVm like) {
        if (like.spec().gpu() != null || has(host, like.spec())) {
            return false;
        }
        String volume = volume(host, like.spec());
        try {
            Optional<Path> seed = maker.waitingSeed(like, host);
            if (seed.isEmpty()) {
                return false;
            }
            long free = host.host().call("ask for its free memory", CALL, Connect::getFreeMemory);
            if (free < like.spec().memoryBytes() + SPARE_BYTES) {
                throw new VmDriverException(
                        Kind.FAILED,
                        "host " + host.name() + " has " + (free >> 20) + " MiB of memory free, too little to warm up a"
                                + " guest of " + (like.spec().memoryBytes() >> 20) + " MiB");
            }
            make(host, like, volume, seed.get());
            Files.deleteIfExists(seed.get());
            return true;
        } catch (IOException e) {
            throw new VmDriverException(Kind.FAILED, "cannot prepare a template: " + e.getMessage(), e);
        }
    }

    private void make(HostVms host, LibvirtVm like, String volume, Path seed) {
        LibvirtVm nobody =
                like.nobody(DOMAIN, prefix() + UUID.randomUUID().toString().substring(0, 8));
        try {
            Domain domain = host.host().callInTurn("start a guest to warm up", COPY, connection -> {
                DomainXml.Disks disks = disks(connection, host, nobody, seed);
                // Its network card stays down
                String xml = DomainXml.ofNobody(nobody, ROOM, host.host().settings(), disks, host.hardware());
                return connection.domainCreateXML(xml, AUTO_DESTROY);
            });
            awaitWarm(host, domain);
            host.host().callInTurn("save a guest that waits", SAVE, connection -> {
                StoragePool pool = HostStorage.pool(connection, host.host().settings());
                HostStorage.delete(pool, volume);
                domain.save(host.host().settings().storage() + "/" + volume);
                pool.refresh(0);
                HostStorage.mark(pool, volume + COMPLETE, true);
                return null;
            });
        } finally {
            clear(host, nobody);
        }
    }

    private DomainXml.Disks disks(Connect connection, HostVms host, LibvirtVm nobody, Path seed)
            throws LibvirtException {
        GuestImage image = maker.image();
        synchronized (host.storage()) {
            StoragePool pool = HostStorage.pool(connection, host.host().settings());
            return new DomainXml.Disks(
                    HostStorage.image(connection, pool, image.volume("vmlinuz"), image.kernel()),
                    HostStorage.image(connection, pool, image.volume("initrd"), image.initrd()),
                    HostStorage.image(connection, pool, image.volume("root.img"), image.root()),
                    HostStorage.disk(pool, nobody.dataVolume(), nobody.spec().diskBytes()),
                    HostStorage.replace(connection, pool, nobody.seedVolume(), seed));
        }
    }

    private static void awaitWarm(HostVms host, Domain domain) {
        long end = System.nanoTime() + WARM_UP.toNanos();
        while (!waits(host, domain)) {
            if (System.nanoTime() > end) {
                throw new VmDriverException(
                        Kind.FAILED,
                        "a guest on " + host.name() + " did not get ready to wait within " + WARM_UP.toMinutes()
                                + " minutes");
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new VmDriverException(Kind.FAILED, "interrupted while a guest warmed up", e);
            }
        }
    }

    private static boolean waits(HostVms host, Domain domain) {
        return host.host().call("ask a guest whether it waits", CALL, connection -> {
            try {
                return domain.qemuAgentCommand("{\"execute\":\"guest-get-host-name\"}", AGENT_SECONDS, 0)
                        .contains("\"" + WAITS + "\"");
            } catch (LibvirtException e) {
                // An agent that does not answer yet, or a guest that has given up
                if (e.getError().getCode() == ErrorNumber.VIR_ERR_NO_DOMAIN || domain.isActive() == 0) {
                    throw new VmDriverException(
                            Kind.FAILED, "a guest on " + host.name() + " ended while it warmed up", e);
                }
                return false;
            }
        });
    }

    /** Removes what is left of a guest that warmed up; what can't be removed now goes with the next attempt's. */
    private static void clear(HostVms host, LibvirtVm nobody) {
        try {
            host.host().call("clear up after a guest that warmed up", CALL, connection -> {
                Optional<Domain> domain = DomainRecords.lookUp(connection, nobody);
                if (domain.isPresent()) {
                    domain.get().destroy();
                }
                StoragePool pool = HostStorage.pool(connection, host.host().settings());
                HostStorage.delete(pool, nobody.dataVolume());
                HostStorage.delete(pool, nobody.seedVolume());
                return null;
            });
        } catch (VmDriverException e) {
            LOG.warn("{} is left over on {}: {}", nobody.spec().name(), host.name(), e.getMessage());
        }
    }

    /**
     * Lets a guest that is defined and does not run go on from the template; on return it runs. FAILED leaves it as it was,
     * and then the template is not used again.
     */
    void resume(HostVms host, LibvirtVm vm) {
        String volume = volume(host, vm.spec());
        try {
            host.host().callInTurn("resume " + vm.spec().name() + " from memory", RESUME, connection -> {
                Domain domain = connection.domainLookupByUUID(UUID.fromString(vm.uuid()));
                synchronized (host.storage()) {
                    StoragePool pool = HostStorage.pool(connection, host.host().settings());
                    byte[] beginning = SaveImage.read(HostStorage.read(connection, pool, volume, SaveImage.MOST_BYTES))
                            .flatMap(file -> file.with(definition(domain)))
                            .orElseThrow(() -> new VmDriverException(
                                    Kind.FAILED, "the template of " + vm.spec().name() + " cannot be used"));
                    HostStorage.write(connection, pool, volume, beginning);
                    connection.restore(host.host().settings().storage() + "/" + volume);
                }
                return null;
            });
        } catch (VmDriverException e) {
            forget(host, volume);
            throw e;
        }
    }

    private static String definition(Domain domain) {
        try {
            return domain.getXMLDesc(XML_SECURE_INACTIVE);
        } catch (LibvirtException e) {
            throw new VmDriverException(Kind.FAILED, "its definition cannot be read: " + e.getMessage(), e);
        }
    }

    private static void forget(HostVms host, String volume) {
        try {
            host.host().call("forget a template", CALL, connection -> {
                HostStorage.mark(HostStorage.pool(connection, host.host().settings()), volume + COMPLETE, false);
                return null;
            });
        } catch (VmDriverException e) {
            LOG.warn("A template of {} is of no use, and stays for now: {}", host.name(), e.getMessage());
        }
    }

    /** Removes all of this platform's templates from a host. */
    void removeAll(HostVms host) {
        host.host().call("remove templates", CALL, connection -> {
            StoragePool pool = HostStorage.pool(connection, host.host().settings());
            pool.refresh(0);
            for (String name : pool.listVolumes()) {
                if (name.startsWith(prefix())) {
                    HostStorage.delete(pool, name);
                }
            }
            return null;
        });
    }
}
