package org.virtugrid.control.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.virtugrid.grid.fault.GridException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The part {@code control} of {@code control.yaml}, the same in the homes of all control nodes.
 *
 * @param nodes the control nodes; empty where one control process is alone
 * @param shared folder that holds the VMs of driver {@code process} for all homes on this machine; null for the home itself
 */
public record ControlSettings(List<Node> nodes, Path shared) {
    private static final ControlSettings ALONE = new ControlSettings(List.of(), null);
    private static final Pattern ID = Pattern.compile("control-[0-9]{1,3}");
    private static final Pattern ADDRESS = Pattern.compile("([A-Za-z0-9][A-Za-z0-9.-]{0,252}):([0-9]{1,5})");
    private static final Set<Integer> COUNTS = Set.of(3, 5, 7);
    private static final int LAST_PORT = 65_535;
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Copies the nodes. */
    public ControlSettings {
        nodes = nodes == null ? List.of() : List.copyOf(nodes);
    }

    /**
     * A control node.
     *
     * @param discovery host:port of its Ignite discovery
     * @param votes host:port at which other control nodes ask it for its vote
     */
    public record Node(String id, String discovery, String votes) {
        /** The address that it listens on for other nodes. */
        public String address() {
            return hostOf(discovery);
        }

        /** The port of its Ignite discovery. */
        public int discoveryPort() {
            return portOf(discovery);
        }
    }

    /** The host of host:port. */
    public static String hostOf(String address) {
        return address.substring(0, address.lastIndexOf(':'));
    }

    /** The port of host:port. */
    public static int portOf(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** Reads and checks the file for the control node of this id; INVALID names the field and the remedy. */
    static ControlSettings read(Path file, String id) {
        JsonNode part;
        try {
            part = YAML.readTree(Files.readAllBytes(file)).path("control");
            if (part.isMissingNode() || part.isNull()) {
                return ALONE;
            }
            return YAML.treeToValue(part, ControlSettings.class).checked(id);
        } catch (NoSuchFileException e) {
            return ALONE;
        } catch (IOException e) {
            throw GridException.invalid(
                    "control.yaml", file + " cannot be read: " + e.getMessage(), "mend its permissions");
        } catch (UnrecognizedPropertyException e) {
            throw GridException.invalid(
                    e.getPropertyName(),
                    file + " has the unknown field '" + e.getPropertyName() + "' in its part control",
                    "it may have: " + e.getKnownPropertyIds());
        } catch (JacksonException e) {
            throw GridException.invalid(
                    "control.yaml",
                    // The parser tells it in many lines, of which whoever shows the end of a log would lose the first
                    file + " cannot be understood: " + e.getOriginalMessage().replaceAll("\\s+", " "),
                    "mend it; config/control.yaml is an example");
        }
    }

    private ControlSettings checked(String id) {
        require(
                COUNTS.contains(nodes.size()),
                "control.nodes",
                "control.nodes names " + nodes.size() + " control nodes",
                "name 3, 5 or 7, or leave the part control out for one alone");
        Set<String> seen = new HashSet<>();
        for (Node node : nodes) {
            require(
                    node != null && node.id() != null && ID.matcher(node.id()).matches() && seen.add(node.id()),
                    "control.nodes.id",
                    "a control node's id is '" + (node == null ? null : node.id()) + "', or stands there twice",
                    "give control-1, control-2 and so on, each once");
            address("control.nodes.discovery", node.discovery(), seen);
            address("control.nodes.votes", node.votes(), seen);
        }
        require(
                seen.contains(id),
                "controlId",
                "this home is of control node " + id + ", which control.nodes does not name",
                "name it there, or give the right --control-id to the first `virtugrid up` of this home");
        require(
                shared == null || shared.isAbsolute(),
                "control.shared",
                "control.shared is '" + shared + "'",
                "give the full path of a folder");
        return this;
    }

    private static void address(String field, String address, Set<String> seen) {
        Matcher parts = ADDRESS.matcher(address == null ? "" : address);
        boolean fine = parts.matches()
                && Integer.parseInt(parts.group(2)) >= 1
                && Integer.parseInt(parts.group(2)) <= LAST_PORT
                && seen.add(address);
        require(
                fine,
                field,
                field + " is '" + address + "', or stands there twice",
                "give host:port, as in 10.77.0.1:21002, each once");
    }

    private static void require(boolean fine, String field, String detail, String fix) {
        if (!fine) {
            throw GridException.invalid(field, detail, fix);
        }
    }

    /** Whether one control process is alone. */
    public boolean alone() {
        return nodes.isEmpty();
    }

    /** The node of this id, which is there. */
    public Node node(String id) {
        return nodes.stream().filter(node -> node.id().equals(id)).findFirst().orElseThrow();
    }
}
