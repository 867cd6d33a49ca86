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

/** What control wrote down at the end of its shutdown: the VMs that it could not end. */
record ShutdownReport(List<Left> left) {

    /** One of them; the host is empty where there are none. */
    record Left(String name, String host, String reason) {}

    /** Empty when the shutdown did not come to its end. */
    static Optional<ShutdownReport> read(Home home) {
        try {
            JsonNode left = Json.parse(Files.readString(home.shutdownReport())).path("left");
            List<Left> vms = new ArrayList<>();
            left.forEach(vm -> vms.add(new Left(text(vm, "name"), text(vm, "host"), text(vm, "reason"))));
            return left.isArray() ? Optional.of(new ShutdownReport(vms)) : Optional.empty();
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    private static String text(JsonNode vm, String field) {
        return Table.printable(vm.path(field).asString(""));
    }

    @Override
    public String toString() {
        return left.stream()
                .map(vm -> vm.name() + (vm.host().isEmpty() ? "" : " on " + vm.host()) + " (" + vm.reason() + ")")
                .collect(Collectors.joining(", "));
    }
}
