package org.virtugrid.control.vm.libvirt;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;
import org.virtugrid.control.vm.SnapshotPlan;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmDriverException.Kind;
import org.virtugrid.control.vm.VmSnapshot;
import org.virtugrid.control.vm.VmSnapshots;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Snapshots inside guests' data disks (qcow2). libvirt itself would take a running guest's memory along and stop the guest
 * for that long, so QEMU is asked for one of the disk alone, and libvirt is told of it afterwards.
 *
 * <p>Each is made and removed in steps, of which the first marks it as not whole; whatever is found so is removed.
 */
final class GuestSnapshots implements VmSnapshots {
    private static final Duration CALL = Duration.ofSeconds(15);
    private static final Duration REVERT = Duration.ofMinutes(1);
    private static final int INACTIVE_XML = 2;
    private static final int REDEFINE = 1;
    private static final int METADATA_ONLY = 2;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Function<String, HostVms> hostOf;
    private final Function<String, Object> lockOf;
    private final SnapshotPlan plan;

    /**
     * Snapshots of a driver's guests.
     *
     * @param lockOf what is held while something is done to a guest
     * @param plan null for none
     */
    GuestSnapshots(Function<String, HostVms> hostOf, Function<String, Object> lockOf, SnapshotPlan plan) {
        this.hostOf = hostOf;
        this.lockOf = lockOf;
        this.plan = plan;
    }

    @Override
    public Optional<SnapshotPlan> plan() {
        return Optional.ofNullable(plan);
    }

    @Override
    public List<VmSnapshot> list(String id) {
        return onDomain(id, "list the snapshots of", CALL, GuestSnapshots::all).stream()
                .filter(SnapshotXml::whole)
                .map(SnapshotXml::snapshot)
                .sorted(Comparator.comparing(VmSnapshot::takenAt).thenComparing(VmSnapshot::name))
                .toList();
    }

    @Override
    public VmSnapshot create(String id, VmSnapshot wanted) {
        synchronized (lockOf.apply(id)) {
            return onDomain(id, "take a snapshot of", CALL, domain -> create(domain, wanted));
        }
    }

    private static VmSnapshot create(Domain domain, VmSnapshot wanted) throws LibvirtException {
        sweep(domain);
        Optional<SnapshotXml> there = find(domain, wanted.name());
        if (there.isPresent()) {
            return there.get().snapshot();
        }
        if (domain.isActive() != 1) {
            throw new VmDriverException(Kind.FAILED, domain.getName() + " does not run");
        }
        SnapshotXml begun = new SnapshotXml(wanted, false);
        tell(domain, begun);
        monitor(domain, "blockdev-snapshot-internal-sync", dataDevice(domain), wanted.name());
        tell(domain, begun.whole(true));
        return wanted;
    }

    @Override
    public void revert(String id, String name) {
        synchronized (lockOf.apply(id)) {
            onDomain(id, "set back the disk of", REVERT, domain -> {
                if (domain.isActive() == 1) {
                    throw new VmDriverException(Kind.FAILED, domain.getName() + " runs; its disk is in use");
                }
                SnapshotXml snapshot = find(domain, name)
                        .filter(SnapshotXml::whole)
                        .orElseThrow(() -> new VmDriverException(Kind.NOT_FOUND, "there is no snapshot " + name));
                // The definition goes back with the disk, and with it the record, unless it is the one of now
                tell(domain, snapshot);
                try {
                    domain.revertToSnapshot(domain.snapshotLookupByName(name));
                } catch (LibvirtException e) {
                    throw new VmDriverException(
                            Kind.OUTCOME_UNKNOWN,
                            domain.getName() + " was not set back to " + name + ", or not wholly: " + e.getMessage(),
                            e);
                }
                return null;
            });
        }
    }

    @Override
    public void delete(String id, String name) {
        synchronized (lockOf.apply(id)) {
            onDomain(id, "remove a snapshot of", REVERT, domain -> {
                Optional<SnapshotXml> there = find(domain, name);
                if (there.isPresent()) {
                    tell(domain, there.get().whole(false));
                }
                sweep(domain);
                return null;
            });
        }
    }

    /** Forgets the snapshots of a guest whose disk is about to be removed. */
    static void forget(Connect connection, LibvirtVm vm) throws LibvirtException {
        Optional<Domain> domain = DomainRecords.lookUp(connection, vm);
        if (domain.isPresent()) {
            for (SnapshotXml snapshot : all(domain.get())) {
                domain.get().snapshotLookupByName(snapshot.snapshot().name()).delete(METADATA_ONLY);
            }
        }
    }

    /**
     * Removes those of the schedule from a guest that is about to move, since a disk moves without its snapshots. FAILED when a
     * user has taken one.
     */
    static void leaveBehind(Connect connection, LibvirtVm vm) throws LibvirtException {
        Optional<Domain> domain = DomainRecords.lookUp(connection, vm);
        List<SnapshotXml> there = domain.isPresent() ? all(domain.get()) : List.of();
        List<String> ofUsers = there.stream()
                .map(SnapshotXml::snapshot)
                .filter(one -> !one.scheduled())
                .map(VmSnapshot::name)
                .toList();
        if (!ofUsers.isEmpty()) {
            throw new VmDriverException(
                    Kind.FAILED,
                    vm.spec().name() + " has the snapshots " + ofUsers
                            + ", which cannot move with it; delete them first");
        }
        for (SnapshotXml snapshot : there) {
            tell(domain.get(), snapshot.whole(false));
        }
        if (!there.isEmpty()) {
            sweep(domain.get());
        }
    }

    /** Something that is asked of a domain. */
    private interface Work<T> {
        T with(Domain domain) throws LibvirtException;
    }

    private <T> T onDomain(String id, String what, Duration deadline, Work<T> work) {
        HostVms host = hostOf.apply(id);
        LibvirtVm vm = host.find(id);
        return host.host().call(what + " " + vm.spec().name(), deadline, connection -> {
            Domain domain = DomainRecords.lookUp(connection, vm)
                    .orElseThrow(() -> new VmDriverException(
                            Kind.FAILED,
                            "host " + host.name() + " has no domain of "
                                    + vm.spec().name()));
            return work.with(domain);
        });
    }

    private static List<SnapshotXml> all(Domain domain) throws LibvirtException {
        List<SnapshotXml> all = new ArrayList<>();
        for (String name : domain.snapshotListNames()) {
            find(domain, name).ifPresent(all::add);
        }
        return all;
    }

    private static Optional<SnapshotXml> find(Domain domain, String name) throws LibvirtException {
        try {
            return SnapshotXml.read(domain.snapshotLookupByName(name).getXMLDesc());
        } catch (LibvirtException e) {
            if (e.getError().getCode() == ErrorNumber.VIR_ERR_NO_DOMAIN_SNAPSHOT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Removes what somebody began to make or to remove, and then died. */
    private static void sweep(Domain domain) throws LibvirtException {
        for (SnapshotXml snapshot : all(domain)) {
            if (snapshot.whole()) {
                continue;
            }
            String name = snapshot.snapshot().name();
            if (domain.isActive() == 1) {
                removeFromRunning(domain, name);
            }
            // Of a guest that is off libvirt removes it from the disk, too, and minds not if it isn't there
            domain.snapshotLookupByName(name).delete(domain.isActive() == 1 ? METADATA_ONLY : 0);
        }
    }

    private static void removeFromRunning(Domain domain, String name) throws LibvirtException {
        JsonNode device = dataDevice(domain);
        for (JsonNode there : device.at("/inserted/image/snapshots")) {
            if (there.path("name").asString("").equals(name)) {
                monitor(domain, "blockdev-snapshot-delete-internal-sync", device, name);
            }
        }
    }

    private static void tell(Domain domain, SnapshotXml snapshot) throws LibvirtException {
        domain.snapshotCreateXML(snapshot.write(domain.getXMLDesc(INACTIVE_XML)), REDEFINE);
    }

    private static void monitor(Domain domain, String command, JsonNode device, String name) throws LibvirtException {
        String node = device.at("/inserted/node-name").asString();
        monitor(domain, Map.of("execute", command, "arguments", Map.of("device", node, "name", name)));
    }

    /** What QEMU says of the data disk. */
    private static JsonNode dataDevice(Domain domain) throws LibvirtException {
        String file = dataFile(Xml.parse(domain.getXMLDesc(0)));
        for (JsonNode device : monitor(domain, Map.of("execute", "query-block"))) {
            if (device.at("/inserted/file").asString("").equals(file)) {
                return device;
            }
        }
        throw new VmDriverException(Kind.FAILED, "QEMU of " + domain.getName() + " knows no disk " + file);
    }

    private static String dataFile(Element domain) {
        NodeList disks = domain.getElementsByTagName("disk");
        for (int i = 0; i < disks.getLength(); i++) {
            Element disk = (Element) disks.item(i);
            Element target = (Element) disk.getElementsByTagName("target").item(0);
            if (target.getAttribute("dev").equals(DomainXml.DATA_DISK)) {
                return ((Element) disk.getElementsByTagName("source").item(0)).getAttribute("file");
            }
        }
        throw new VmDriverException(Kind.FAILED, "the domain has no data disk");
    }

    private static JsonNode monitor(Domain domain, Map<String, ?> command) throws LibvirtException {
        JsonNode answer = JSON.readTree(domain.qemuMonitorCommand(JSON.writeValueAsString(command), 0));
        if (answer.has("error")) {
            throw new VmDriverException(
                    Kind.FAILED,
                    "QEMU of " + domain.getName() + " refuses: "
                            + answer.at("/error/desc").asString(""));
        }
        return answer.path("return");
    }
}
