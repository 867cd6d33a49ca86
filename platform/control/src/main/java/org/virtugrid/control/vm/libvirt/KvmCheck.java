package org.virtugrid.control.vm.libvirt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;
import org.libvirt.StoragePool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.home.DurableFile;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Finds out whether a host's processor runs guests. That there is a device {@code /dev/kvm} says nothing: inside some
 * machines a guest then hangs while libvirt says that it runs. So a kernel is booted that does nothing but power off, once
 * a host; what came of it is remembered in the home.
 */
final class KvmCheck {
    private static final Logger LOG = LoggerFactory.getLogger(KvmCheck.class);
    private static final Duration BOOT = Duration.ofSeconds(10);
    private static final Duration CALL = BOOT.plusSeconds(50);
    private static final long POLL_MILLIS = 100;
    private static final String WORKS = " works";
    private static final String NOT_OFFERED = " not-offered";
    /** With this begins the name of a domain that is no VM. */
    static final String PROBE = "virtugrid-probe-";

    private static final Duration TELL = Duration.ofSeconds(3);
    private static final int AUTO_DESTROY = 2;
    private static final int PROBE_MIB = 192;

    private final Path folder;
    private final Map<String, Object> locks = new ConcurrentHashMap<>();

    /** Remembers in a folder, a file for each host. */
    KvmCheck(Path folder) {
        this.folder = folder;
    }

    /** Whether the host's processor runs guests; the first time it takes up to ten seconds. */
    boolean works(HostVms host, GuestImage image) {
        // Guests that start together want the same answer
        synchronized (locks.computeIfAbsent(host.name(), name -> new Object())) {
            return find(host, image);
        }
    }

    private boolean find(HostVms host, GuestImage image) {
        return host.host().call("find out whether KVM works", CALL, connection -> {
            Element capabilities = Xml.parse(connection.getCapabilities());
            Path file = file(host.name());
            String machine = machine(capabilities);
            String known = read(file);
            if (!offersKvm(capabilities)) {
                // Cheap to ask, and an operator may mend it
                if (!known.equals(machine + NOT_OFFERED)) {
                    write(file, machine + NOT_OFFERED);
                }
                return false;
            }
            if (known.startsWith(machine + " ") && !known.endsWith(NOT_OFFERED)) {
                return known.endsWith(WORKS);
            }
            boolean works = boots(connection, host, image, "kvm");
            LOG.info("KVM {} on host {}", works ? "works" : "does not work", host.name());
            write(file, machine + (works ? WORKS : " does-not-work"));
            return works;
        });
    }

    /** What was found out about a host earlier; no when nothing was. */
    boolean remembered(String host) {
        return read(file(host)).endsWith(WORKS);
    }

    /** Whether anything was found out about a host. */
    boolean known(String host) {
        return !read(file(host)).isEmpty();
    }

    private Path file(String host) {
        return folder.resolve("kvm-" + host);
    }

    private static boolean offersKvm(Element capabilities) {
        NodeList domains = capabilities.getElementsByTagName("domain");
        for (int i = 0; i < domains.getLength(); i++) {
            if (((Element) domains.item(i)).getAttribute("type").equals("kvm")) {
                return true;
            }
        }
        return false;
    }

    private static String machine(Element capabilities) {
        NodeList uuids = capabilities.getElementsByTagName("uuid");
        return uuids.getLength() == 0
                ? "unnamed"
                : uuids.item(0).getTextContent().strip();
    }

    /** Whether a domain of this type comes as far as powering itself off. */
    static boolean boots(Connect connection, HostVms host, GuestImage image, String type) throws LibvirtException {
        String kernel;
        String initrd;
        synchronized (host.storage()) {
            StoragePool pool = HostStorage.pool(connection, host.host().settings());
            kernel = HostStorage.image(connection, pool, image.volume("vmlinuz"), image.kernel());
            initrd = HostStorage.image(connection, pool, image.volume("initrd"), image.initrd());
        }
        String name = PROBE + UUID.randomUUID();
        Domain domain;
        try {
            domain = connection.domainCreateXML(definition(type, name, kernel, initrd), AUTO_DESTROY);
        } catch (LibvirtException e) {
            LOG.info("Host {} offers {} and refuses it: {}", host.name(), type, e.getMessage());
            return false;
        }
        if (!within(BOOT, () -> !isThere(domain))) {
            domain.destroy();
            return false;
        }
        // A QEMU that fails is gone as well; only a guest that ran can have powered itself off
        return within(TELL, () -> String.valueOf(host.lastEvent(name)).endsWith("stopped shutdown"));
    }

    private interface Condition {
        boolean holds() throws LibvirtException;
    }

    private static boolean within(Duration time, Condition condition) throws LibvirtException {
        long end = System.nanoTime() + time.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                return false;
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** A kernel that panics stays as it is, and a processor that resets begins anew: neither may look like a power off. */
    private static String definition(String type, String name, String kernel, String initrd) {
        return """
                <domain type='%s'>
                  <name>%s</name>
                  <memory unit='MiB'>%d</memory>
                  <vcpu>1</vcpu>
                  <os>
                    <type arch='x86_64' machine='q35'>hvm</type>
                    <kernel>%s</kernel>
                    <initrd>%s</initrd>
                    <cmdline>quiet virtugrid.probe</cmdline>
                  </os>
                  <features><acpi/></features>
                  <cpu mode='%s'/>
                  <on_poweroff>destroy</on_poweroff>
                  <on_reboot>restart</on_reboot>
                  <on_crash>destroy</on_crash>
                  <devices><memballoon model='none'/></devices>
                </domain>
                """
                .formatted(
                        type,
                        name,
                        PROBE_MIB,
                        Xml.escaped(kernel),
                        Xml.escaped(initrd),
                        type.equals("kvm") ? "host-passthrough" : "maximum");
    }

    private static boolean isThere(Domain domain) throws LibvirtException {
        try {
            return domain.isActive() == 1;
        } catch (LibvirtException e) {
            if (e.getError().getCode() == ErrorNumber.VIR_ERR_NO_DOMAIN) {
                return false;
            }
            throw e;
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            return "";
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
