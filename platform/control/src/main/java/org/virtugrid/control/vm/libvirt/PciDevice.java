package org.virtugrid.control.vm.libvirt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * A PCI device of a host as libvirt describes it, see its "Node devices XML format". Pure.
 *
 * @param address domain:bus:slot.function in hexadecimal
 * @param type PCI class, three bytes
 * @param iommuGroup null where there is none
 * @param groupAddresses addresses of all devices of the group
 */
record PciDevice(
        String address, int type, String vendor, String product, Integer iommuGroup, List<String> groupAddresses) {
    private static final int DISPLAY = 0x03;
    private static final int BRIDGE = 0x06;

    /** Reads libvirt's description; empty when it is none of a PCI device. */
    static Optional<PciDevice> read(String xml) {
        try {
            Element device = Xml.parse(xml);
            NodeList capabilities = device.getElementsByTagName("capability");
            for (int i = 0; i < capabilities.getLength(); i++) {
                Element capability = (Element) capabilities.item(i);
                if (capability.getAttribute("type").equals("pci") && capability.getParentNode() == device) {
                    return Optional.of(of(capability));
                }
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static PciDevice of(Element pci) {
        String address = "%04x:%02x:%02x.%x"
                .formatted(number(pci, "domain"), number(pci, "bus"), number(pci, "slot"), number(pci, "function"));
        List<String> group = new ArrayList<>();
        Integer number = null;
        NodeList groups = pci.getElementsByTagName("iommuGroup");
        if (groups.getLength() > 0) {
            Element element = (Element) groups.item(0);
            number = Integer.decode(element.getAttribute("number"));
            NodeList addresses = element.getElementsByTagName("address");
            for (int i = 0; i < addresses.getLength(); i++) {
                Element member = (Element) addresses.item(i);
                group.add("%04x:%02x:%02x.%x"
                        .formatted(
                                Integer.decode(member.getAttribute("domain")),
                                Integer.decode(member.getAttribute("bus")),
                                Integer.decode(member.getAttribute("slot")),
                                Integer.decode(member.getAttribute("function"))));
            }
        }
        String type = text(pci, "class");
        return new PciDevice(
                address,
                type.isEmpty() ? 0 : Integer.decode(type),
                text(pci, "vendor"),
                text(pci, "product"),
                number,
                List.copyOf(group));
    }

    private static int number(Element pci, String name) {
        return Integer.decode(text(pci, name));
    }

    private static String text(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent().strip();
    }

    boolean isGpu() {
        return type >> 16 == DISPLAY;
    }

    /** Bridges stay with the host, though they are in groups. */
    boolean isBridge() {
        return type >> 16 == BRIDGE;
    }
}
