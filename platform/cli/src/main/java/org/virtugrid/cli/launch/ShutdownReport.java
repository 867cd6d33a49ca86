package org.virtugrid.cli.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.format.Table;
import org.virtugrid.cli.home.Home;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What control wrote down at the end of its shutdown.
 *
 * @param outcome STOPPED, DESTROYED or INCOMPLETE
 * @param left the VMs that it could not end; empty where another control node did it
 */
record ShutdownReport(String outcome, List<Left> left) {

    /** One of them; the host is empty where there are none. */
    record Left(String name, String host, String reason) {}

    /** Empty when the shutdown did not come to its end. */
    static Optional<ShutdownReport> read(Home home) {
        try {
            JsonNode report = Json.parse(Files.readString(home.shutdownReport()));
            List<Left> vms = new ArrayList<>();
            report.path("left")
                    .forEach(vm -> vms.add(new Left(text(vm, "name"), text(vm, "host"), text(vm, "reason"))));
            return Optional.of(new ShutdownReport(text(report, "outcome"), vms));
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    private static String text(JsonNode vm, String field) {
        return Table.printable(vm.path(field).asString(""));
    }

    boolean destroyed() {
        return outcome.equals("DESTROYED");
    }

    /** Whether each VM has come to the end that was asked for. */
    boolean complete(boolean destroy) {
        return destroyed() || (!destroy && outcome.equals("STOPPED"));
    }

    /** The VMs that are left, for users. */
    String names() {
        return left.isEmpty()
                ? "the control node that led has their names in control/shutdown.json of its home"
                : left.stream()
                        .map(vm ->
                                vm.name() + (vm.host().isEmpty() ? "" : " on " + vm.host()) + " (" + vm.reason() + ")")
                        .collect(Collectors.joining(", "));
    }
}
