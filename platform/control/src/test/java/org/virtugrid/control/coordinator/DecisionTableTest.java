package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.virtugrid.control.coordinator.Scenes.ALL;
import static org.virtugrid.control.coordinator.Scenes.LOSSY;
import static org.virtugrid.control.coordinator.Scenes.WHOLE;
import static org.virtugrid.control.coordinator.Scenes.WORKERS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.virtugrid.control.coordinator.GridSnapshot.Copies;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmProbe;

/** The table in docs/coordinator.md is what the rules do: every verdict, wish and state of the grid. */
class DecisionTableTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "coordinator.md");
    private static final String BEGIN = "<!-- table: written by DecisionTableTest -->\n";
    private static final String END = "<!-- end of table -->\n";
    private static final Set<String> OTHERS = Set.of("vm-2", "vm-3");

    private final VmRules rules = new VmRules(Scenes.LIMITS);

    /** What the grid is like. */
    private enum GridState {
        NOT_JOINED("control not in the grid"),
        NEEDED("inactive, VM needed"),
        NOT_NEEDED("inactive, VM not needed"),
        WHOLE_COPIES("active, all copies"),
        LOSSY_COPIES("active, data lost"),
        UNKNOWN_COPIES("active, copies not known");

        private final String words;

        GridState(String words) {
            this.words = words;
        }

        private GridSnapshot with(GridSnapshot.Member... members) {
            return switch (this) {
                case NOT_JOINED -> GridSnapshot.ABSENT;
                case NEEDED -> Scenes.grid(false, Copies.UNKNOWN, ALL, WORKERS, members);
                case NOT_NEEDED -> Scenes.grid(false, Copies.UNKNOWN, ALL, OTHERS, members);
                case WHOLE_COPIES -> Scenes.grid(true, WHOLE, ALL, WORKERS, members);
                case LOSSY_COPIES -> Scenes.grid(true, LOSSY, ALL, WORKERS, members);
                case UNKNOWN_COPIES -> Scenes.grid(true, Copies.UNKNOWN, ALL, WORKERS, members);
            };
        }
    }

    private static VmProbe probe(Verdict.Kind kind) {
        return switch (kind) {
            case OFF, STOPPED -> VmProbe.off();
            case STARTING, ALIVE, LEAVING -> Scenes.running(1);
            case CRASHED -> Scenes.died(1);
            case HUNG -> Scenes.frozen(1);
            case UNKNOWN -> Scenes.unknown();
        };
    }

    private String action(Desired desired, Verdict.Kind kind, boolean suspect, boolean mayFence, GridState state) {
        boolean member = kind == Verdict.Kind.ALIVE;
        GridSnapshot grid = member
                ? state.with(Scenes.member(1, 1), Scenes.member(2, 2), Scenes.member(3, 3))
                : state.with(Scenes.member(2, 2), Scenes.member(3, 3));
        VmObservation self = Scenes.vm(Scenes.record(1, desired, suspect), probe(kind));
        Observation seen = Scenes.seen(
                2_000,
                grid,
                self,
                Scenes.vm(Scenes.record(2, Desired.RUNNING, false), Scenes.running(2)),
                Scenes.vm(Scenes.record(3, Desired.RUNNING, false), Scenes.running(3)));
        VmRules.Case now =
                new VmRules.Case(self, new Verdict(kind, "as the table says"), VmMemory.FRESH, seen, mayFence, true);
        return rules.action(now)
                .map(action -> action.getClass().getSimpleName())
                .orElse("·");
    }

    private List<String> row(Desired desired, Verdict.Kind kind, boolean suspect, boolean mayFence) {
        return List.of(GridState.values()).stream()
                // A VM is seen in the grid only by a control node that is in it
                .map(state -> kind == Verdict.Kind.ALIVE && state == GridState.NOT_JOINED
                        ? ""
                        : action(desired, kind, suspect, mayFence, state))
                .toList();
    }

    private String table() {
        StringBuilder table = new StringBuilder("| wanted | verdict | and | ");
        for (GridState state : GridState.values()) {
            table.append(state.words).append(" | ");
        }
        table.append("\n|")
                .append(" --- |".repeat(3 + GridState.values().length))
                .append('\n');
        for (Desired desired : Desired.values()) {
            for (Verdict.Kind kind : Verdict.Kind.values()) {
                rows(desired, kind).forEach((when, cells) -> table.append("| ")
                        .append(desired)
                        .append(" | ")
                        .append(kind)
                        .append(" | ")
                        .append(when)
                        .append(" | ")
                        .append(String.join(" | ", cells))
                        .append(" |\n"));
            }
        }
        return table.toString().lines().map(String::stripTrailing).collect(Collectors.joining("\n", "", "\n"));
    }

    /** Only what makes a difference. */
    private Map<String, List<String>> rows(Desired desired, Verdict.Kind kind) {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        rows.put("", row(desired, kind, false, true));
        putIfNew(rows, "brake on", row(desired, kind, false, false));
        putIfNew(rows, "suspect", row(desired, kind, true, true));
        putIfNew(rows, "suspect, brake on", row(desired, kind, true, false));
        return rows;
    }

    private static void putIfNew(Map<String, List<String>> rows, String when, List<String> cells) {
        if (!rows.containsValue(cells)) {
            rows.put(when, cells);
        }
    }

    @Test
    void the_table_in_the_docs_is_what_the_rules_do() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        if (Boolean.getBoolean("virtugrid.write-table")) {
            Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
            return;
        }
        assertThat(page.substring(begin, end))
                .as("write it anew with -Dvirtugrid.write-table=true, and look at what changed")
                .isEqualTo(table());
    }
}
