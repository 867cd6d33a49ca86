package org.virtugrid.cli.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.virtugrid.api.CheckItem;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.doctor.Machine;
import org.virtugrid.cli.doctor.Preflight;
import org.virtugrid.cli.doctor.StartPlan;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.failure.ExitCode;
import org.virtugrid.cli.format.Table;
import org.virtugrid.cli.home.Home;
import org.virtugrid.cli.home.HomeSettings;
import org.virtugrid.cli.launch.UpRequest;
import org.virtugrid.cli.launch.WantedSettings;
import picocli.CommandLine.Command;

/** Lists everything that a start depends on, with a remedy for what is wrong. */
@Command(
        name = "doctor",
        description = "Check everything that the grid depends on; exit code 1 when something is wrong.",
        footerHeading = "%nExamples:%n",
        footer = {"  virtugrid doctor", "  virtugrid -o json doctor | jq '.[] | select(.ok | not)'"})
final class DoctorCommand extends Action {
    @Override
    public Integer call() {
        List<CheckItem> items = new ArrayList<>();
        if (session().isElsewhere()) {
            items.addAll(ofTheGrid());
        } else {
            boolean running = session().home().kind() == Home.Kind.GRID
                    && session().home().liveControl().isPresent();
            items.addAll(ofTheMachine(running));
            if (running) {
                // Both look at this machine, and what up needs of it is the stricter view
                Set<String> seen = items.stream().map(CheckItem::check).collect(Collectors.toSet());
                ofTheGrid().stream()
                        .filter(item -> !seen.contains(item.check()))
                        .forEach(items::add);
            }
        }
        output().data(items, () -> table(items));
        return items.stream().allMatch(CheckItem::ok) ? ExitCode.DONE : ExitCode.FAILED;
    }

    private List<CheckItem> ofTheMachine(boolean running) {
        Home home = session().home();
        Machine machine = session().machine();
        Preflight preflight = new Preflight(machine, home);
        try {
            Optional<HomeSettings> old = home.settings();
            int alive = old.isPresent() ? home.liveWorkers().size() : 0;
            HomeSettings settings = WantedSettings.merge(
                    old,
                    WantedSettings.withWorkerMemory(
                            new UpRequest(null, null, null, null, null, null, null, null),
                            old.isEmpty(),
                            machine.availableMemoryBytes()),
                    running || alive > 0,
                    home.seed(),
                    machine::isFree);
            return preflight.run(new StartPlan(
                    Math.max(0, settings.workers() - alive),
                    settings.workerMemoryBytes(),
                    settings.ports(),
                    running,
                    alive > 0));
        } catch (CliException damagedSettings) {
            return preflight.beforeTouching();
        }
    }

    private List<CheckItem> ofTheGrid() {
        try {
            return Arrays.asList(client().call(Request.get("/api/doctor"), CheckItem[].class));
        } catch (CliException e) {
            return List.of(new CheckItem(
                    "grid",
                    false,
                    e.getMessage(),
                    "virtugrid down, then virtugrid up; the log is in logs/ of the home"));
        }
    }

    private static String table(List<CheckItem> items) {
        Table table = new Table("CHECK", "", "FOUND");
        items.forEach(item -> table.row(item.check(), item.ok() ? "ok" : "WRONG", item.found()));
        StringBuilder text = new StringBuilder(table.toString());
        for (CheckItem item : items) {
            if (!item.ok()) {
                text.append("\nTo mend ").append(item.check()).append(": ").append(item.fix());
            }
        }
        return text.toString();
    }
}
