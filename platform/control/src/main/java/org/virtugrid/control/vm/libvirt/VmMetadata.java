package org.virtugrid.control.vm.libvirt;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmSpec;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** A guest's record as the element that its domain's {@code metadata} carries. */
final class VmMetadata {
    /** Namespace of the element, by which libvirt finds it. */
    static final String URI = "urn:virtugrid:vm:1";
    /** Prefix of its name in the domain's definition. */
    static final String PREFIX = "virtugrid";

    private VmMetadata() {}

    /** The element with its namespace, for a domain's definition. */
    static String qualified(LibvirtVm vm) {
        return write(vm, PREFIX + ":", " xmlns:" + PREFIX + "='" + URI + "'");
    }

    /** The element alone: where libvirt takes it by itself, it adds the namespace. */
    static String write(LibvirtVm vm) {
        return write(vm, "", "");
    }

    private static String write(LibvirtVm vm, String prefix, String namespace) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("platform", vm.platform());
        fields.put("id", vm.id());
        fields.put("uuid", vm.uuid());
        fields.put("name", vm.spec().name());
        fields.put("cpus", Integer.toString(vm.spec().cpus()));
        fields.put("memoryBytes", Long.toString(vm.spec().memoryBytes()));
        fields.put("diskBytes", Long.toString(vm.spec().diskBytes()));
        fields.put("desired", vm.desired().name());
        fields.put("createdAt", vm.createdAt().toString());
        fields.put("address", vm.address());
        fields.put("mac", vm.mac());
        fields.put("image", vm.image());
        fields.put("life", vm.life());
        if (vm.begunAt() != null) {
            fields.put("begunAt", vm.begunAt().toString());
        }
        fields.put("started", Boolean.toString(vm.started()));
        fields.put("suspect", Boolean.toString(vm.suspect()));
        fields.put("resumed", Boolean.toString(vm.resumed()));
        fields.put("moves", Integer.toString(vm.moves()));
        if (vm.spec().gpu() != null) {
            fields.put("gpu", vm.spec().gpu());
        }
        StringBuilder out = new StringBuilder("<" + prefix + "vm" + namespace);
        fields.forEach((name, value) -> out.append(' ')
                .append(name)
                .append("='")
                .append(Xml.escaped(value))
                .append('\''));
        out.append('>');
        new TreeMap<>(vm.spec().labels()).forEach((key, value) -> out.append("<" + prefix + "label key='")
                .append(Xml.escaped(key))
                .append("' value='")
                .append(Xml.escaped(value))
                .append("'/>"));
        return out.append("</" + prefix + "vm>").toString();
    }

    /** Reads the element; empty when it is not one of ours or this version can't read it. */
    static Optional<LibvirtVm> read(String xml) {
        try {
            Element vm = Xml.parse(xml);
            Map<String, String> labels = new LinkedHashMap<>();
            NodeList nodes = vm.getElementsByTagNameNS("*", "label");
            for (int i = 0; i < nodes.getLength(); i++) {
                Element label = (Element) nodes.item(i);
                labels.put(label.getAttribute("key"), label.getAttribute("value"));
            }
            return Optional.of(new LibvirtVm(
                    required(vm, "platform"),
                    required(vm, "id"),
                    required(vm, "uuid"),
                    new VmSpec(
                            required(vm, "name"),
                            Integer.parseInt(required(vm, "cpus")),
                            Long.parseLong(required(vm, "memoryBytes")),
                            Long.parseLong(required(vm, "diskBytes")),
                            labels,
                            vm.hasAttribute("gpu") ? vm.getAttribute("gpu") : null),
                    Desired.valueOf(required(vm, "desired")),
                    Instant.parse(required(vm, "createdAt")),
                    required(vm, "address"),
                    required(vm, "mac"),
                    vm.getAttribute("image"),
                    vm.getAttribute("life"),
                    vm.hasAttribute("begunAt") ? Instant.parse(vm.getAttribute("begunAt")) : null,
                    Boolean.parseBoolean(vm.getAttribute("started")),
                    Boolean.parseBoolean(vm.getAttribute("suspect")),
                    Boolean.parseBoolean(vm.getAttribute("resumed")),
                    vm.hasAttribute("moves") ? Integer.parseInt(vm.getAttribute("moves")) : 0));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String required(Element element, String name) {
        if (!element.hasAttribute(name)) {
            throw new IllegalArgumentException("no " + name);
        }
        return element.getAttribute(name);
    }
}
