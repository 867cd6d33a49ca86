package org.virtugrid.control.vm.libvirt;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.virtugrid.control.vm.VmSnapshot;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A snapshot as libvirt keeps it, see its "Snapshot XML format": our record of it is its description. Pure.
 *
 * @param whole the disk has it; else it is being made or removed, and whoever finds it so removes it
 */
record SnapshotXml(VmSnapshot snapshot, boolean whole) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What stands in the description. */
    private record Description(int virtugrid, boolean whole, boolean scheduled, String takenAt, List<String> caches) {}

    /**
     * The definition, of a guest that is off and of its data disk alone.
     *
     * @param domain the guest's own definition, which it gets back together with the disk; so it must be the present one
     */
    String write(String domain) {
        Description description = new Description(
                1,
                whole,
                snapshot.scheduled(),
                snapshot.takenAt().toString(),
                List.copyOf(new TreeSet<>(snapshot.caches())));
        return """
                <domainsnapshot>
                  <name>%s</name>
                  <description>%s</description>
                  <creationTime>%d</creationTime>
                  <state>shutoff</state>
                  <memory snapshot='no'/>
                  <disks>
                    <disk name='vda' snapshot='no'/>
                    <disk name='%s' snapshot='internal'/>
                    <disk name='vdc' snapshot='no'/>
                  </disks>
                  %s
                </domainsnapshot>
                """
                .formatted(
                        Xml.escaped(snapshot.name()),
                        Xml.escaped(JSON.writeValueAsString(description)),
                        snapshot.takenAt().getEpochSecond(),
                        DomainXml.DATA_DISK,
                        domain);
    }

    /** Reads what libvirt keeps; empty when it is none of ours, or holds memory. */
    static Optional<SnapshotXml> read(String xml) {
        try {
            Element root = Xml.parse(xml);
            Description description = JSON.readValue(child(root, "description"), Description.class);
            if (description.virtugrid() != 1 || !child(root, "state").equals("shutoff")) {
                return Optional.empty();
            }
            return Optional.of(new SnapshotXml(
                    new VmSnapshot(
                            child(root, "name"),
                            Instant.parse(description.takenAt()),
                            description.scheduled(),
                            Set.copyOf(description.caches())),
                    description.whole()));
        } catch (IllegalArgumentException | DateTimeException | JacksonException | NullPointerException e) {
            return Optional.empty();
        }
    }

    private static String child(Element parent, String name) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (name.equals(node.getNodeName())) {
                return node.getTextContent();
            }
        }
        return "";
    }

    SnapshotXml whole(boolean next) {
        return new SnapshotXml(snapshot, next);
    }
}
