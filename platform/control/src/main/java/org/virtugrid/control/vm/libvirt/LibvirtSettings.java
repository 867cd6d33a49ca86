package org.virtugrid.control.vm.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.virtugrid.control.vm.SnapshotPlan;
import org.virtugrid.grid.fault.GridException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The part {@code libvirt} of {@code control.yaml}, which an operator writes.
 *
 * @param image folder of the guest image
 * @param sshKeys public keys that may log in to guests as root
 * @param snapshots the schedule of snapshots, null for none
 * @param warm replacements resume from a snapshot of memory where they can
 */
public record LibvirtSettings(
        Path image,
        GuestNetwork network,
        List<String> sshKeys,
        List<HostSettings> hosts,
        SnapshotPlan snapshots,
        boolean warm) {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    private static final String EXAMPLE = "copy config/control.yaml of VirtuGrid and fill it in";

    /** The part control is {@link org.virtugrid.control.home.ControlSettings}'. */
    private record File(Section libvirt, Vms vm, JsonNode control) {}

    private record Vms(Boolean warm) {}

    private record Section(
            String image,
            GuestNetwork network,
            List<String> sshKeys,
            List<HostSettings> hosts,
            SnapshotSettings snapshots) {}

    /** Reads and checks the file; INVALID names the field and the remedy. */
    public static LibvirtSettings read(Path file, Path defaultImage) {
        File read = content(file);
        Section section = read.libvirt();
        require(section != null, "libvirt", file + " has no part libvirt", EXAMPLE);
        require(section.network() != null, "network", "libvirt.network is missing", EXAMPLE);
        require(
                section.hosts() != null && !section.hosts().isEmpty(),
                "hosts",
                "libvirt.hosts names no host",
                "name at least one: name, uri, bridge and storage");
        Set<String> names = new HashSet<>();
        section.hosts().forEach(host -> check(host, names));
        List<String> keys = section.sshKeys() == null ? List.of() : section.sshKeys();
        keys.forEach(key -> require(
                key.matches("[a-z0-9@.-]+ [A-Za-z0-9+/=]+( [^\\n\\r]*)?"),
                "sshKeys",
                "libvirt.sshKeys has a line that is no public key",
                "give lines as they stand in a file id_….pub"));
        Path image = section.image() == null ? defaultImage : Path.of(section.image());
        SnapshotPlan plan =
                section.snapshots() == null ? null : section.snapshots().plan();
        return new LibvirtSettings(
                image,
                section.network(),
                keys,
                section.hosts(),
                plan,
                read.vm() != null && Boolean.TRUE.equals(read.vm().warm()));
    }

    private static File content(Path file) {
        try {
            JsonNode tree = tree(file);
            return tree.isMissingNode() || tree.isNull()
                    ? new File(null, null, null)
                    : YAML.treeToValue(tree, File.class);
        } catch (NoSuchFileException e) {
            throw GridException.invalid("control.yaml", file + " is missing, which names the hosts", EXAMPLE);
        } catch (IOException e) {
            throw GridException.invalid(
                    "control.yaml", file + " cannot be read: " + e.getMessage(), "mend its permissions");
        } catch (UnrecognizedPropertyException e) {
            throw GridException.invalid(
                    e.getPropertyName(),
                    file + " has the unknown field '" + e.getPropertyName() + "'",
                    "it may have: " + e.getKnownPropertyIds());
        } catch (DatabindException e) {
            if (e.getCause() instanceof GridException cause) {
                throw cause;
            }
            String field = e.getPath().stream()
                    .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                    .collect(Collectors.joining("."));
            throw GridException.invalid(
                    field.isEmpty() ? "control.yaml" : field,
                    file + (field.isEmpty() ? "" : " at " + field) + " lacks a value or has one of the wrong kind",
                    EXAMPLE);
        }
    }

    private static JsonNode tree(Path file) throws IOException {
        try {
            return YAML.readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw GridException.invalid("control.yaml", file + " is no YAML: " + e.getOriginalMessage(), EXAMPLE);
        }
    }

    private static void check(HostSettings host, Set<String> names) {
        require(
                host != null && host.name() != null && host.name().matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}"),
                "hosts.name",
                "a host's name is '" + (host == null ? null : host.name()) + "'",
                "give letters, digits, dots, dashes and underscores, at most 63");
        require(names.add(host.name()), "hosts.name", "two hosts are named " + host.name(), "give each its own name");
        require(
                host.uri() != null && host.uri().matches("qemu(\\+[a-z0-9]+)?://[^\\s]*"),
                "hosts.uri",
                "host " + host.name() + " has the uri '" + host.uri() + "'",
                "give one as virsh -c takes it, as in qemu:///system or qemu+tls://HOST/system");
        require(
                host.bridge() != null && host.bridge().matches("[A-Za-z0-9][A-Za-z0-9._-]{0,14}"),
                "hosts.bridge",
                "host " + host.name() + " has the bridge '" + host.bridge() + "'",
                "give the name of a network bridge on that machine");
        require(
                host.storage() != null && host.storage().matches("(/[A-Za-z0-9._+-]+)+"),
                "hosts.storage",
                "host " + host.name() + " has the storage '" + host.storage() + "'",
                "give the full path of a folder on that machine, without blanks");
        require(
                host.migration() == null || host.migration().matches("[A-Za-z0-9][A-Za-z0-9.-]{0,252}"),
                "hosts.migration",
                "host " + host.name() + " has the migration address '" + host.migration() + "'",
                "give an IPv4 address or a name of that machine which the other hosts reach, or leave it out");
    }

    private static void require(boolean fine, String field, String detail, String fix) {
        if (!fine) {
            throw GridException.invalid(field, detail, fix);
        }
    }
}
