package org.virtugrid.grid.node;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.NodeRole;

/** {@link NodeSettings} as a properties file, which also feeds the placeholders of {@code config/worker.xml}. */
public final class NodeSettingsFile {
    private NodeSettingsFile() {}

    /** Writes the settings; a crash leaves the old file or the new one. */
    public static void write(NodeSettings settings, Path file) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        try (Writer out = Files.newBufferedWriter(beside)) {
            toProperties(settings).store(out, "Written by the VM driver at each start; changes are lost");
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Reads settings; INVALID names a missing or wrong key. */
    public static NodeSettings read(Path file) throws IOException {
        Properties read = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            read.load(in);
        }
        return fromProperties(read);
    }

    static Properties toProperties(NodeSettings settings) {
        Properties out = new Properties();
        out.setProperty("node.role", settings.role().label());
        out.setProperty("node.vm", settings.vmId());
        out.setProperty("node.consistentId", settings.consistentId());
        out.setProperty("node.life", settings.life());
        out.setProperty("node.host", settings.host());
        out.setProperty("node.workDirectory", settings.workDirectory().toString());
        out.setProperty("node.bindAddress", settings.bindAddress());
        out.setProperty("node.discoveryPort", Integer.toString(settings.discoveryPort()));
        out.setProperty("node.communicationPort", Integer.toString(settings.communicationPort()));
        out.setProperty("node.discoveryAddresses", String.join(",", settings.discoveryAddresses()));
        out.setProperty("node.regionBytes", Long.toString(settings.regionBytes()));
        out.setProperty("node.forceWrites", Boolean.toString(settings.forceWrites()));
        out.setProperty(
                "node.failureDetectionMillis",
                Long.toString(settings.failureDetection().toMillis()));
        out.setProperty("node.jobThreads", Integer.toString(settings.jobThreads()));
        out.setProperty("node.thinPort", Integer.toString(settings.thinPort()));
        out.setProperty("node.restHttpPort", Integer.toString(settings.restHttpPort()));
        out.setProperty("node.restTcpPort", Integer.toString(settings.restTcpPort()));
        out.setProperty("node.tls", settings.tls() == null ? "" : settings.tls().toString());
        return out;
    }

    static NodeSettings fromProperties(Properties in) {
        return new NodeSettings(
                NodeRole.valueOf(text(in, "node.role").toUpperCase(Locale.ROOT)),
                text(in, "node.vm"),
                text(in, "node.consistentId"),
                in.getProperty("node.life", ""),
                text(in, "node.host"),
                Path.of(text(in, "node.workDirectory")),
                text(in, "node.bindAddress"),
                port(in, "node.discoveryPort"),
                port(in, "node.communicationPort"),
                addresses(text(in, "node.discoveryAddresses")),
                number(in, "node.regionBytes", 16L << 20, 1L << 44),
                Boolean.parseBoolean(in.getProperty("node.forceWrites")),
                Duration.ofMillis(number(in, "node.failureDetectionMillis", 1000, 600_000)),
                (int) number(in, "node.jobThreads", 1, 1024),
                port(in, "node.thinPort"),
                port(in, "node.restHttpPort"),
                port(in, "node.restTcpPort"),
                in.getProperty("node.tls", "").isEmpty() ? null : Path.of(in.getProperty("node.tls")));
    }

    private static List<String> addresses(String text) {
        return Arrays.stream(text.split(",", -1))
                .filter(part -> !part.isBlank())
                .toList();
    }

    private static String text(Properties in, String key) {
        String value = in.getProperty(key);
        if (value == null) {
            throw GridException.invalid(
                    key, key + " is missing from the node's settings", "start the node by its driver");
        }
        return value;
    }

    private static int port(Properties in, String key) {
        return (int) number(in, key, 0, 65_535);
    }

    private static long number(Properties in, String key, long min, long max) {
        String value = text(in, key);
        try {
            long number = Long.parseLong(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // the same error as a number out of bounds
        }
        throw GridException.invalid(key, key + " is '" + value + "'", "give a whole number from " + min + " to " + max);
    }
}
