package org.virtugrid.e2e.death;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.virtugrid.e2e.harness.Commands;
import org.virtugrid.e2e.harness.Grid;
import org.virtugrid.e2e.harness.Proc;
import org.virtugrid.e2e.harness.WithGrid;
import tools.jackson.databind.JsonNode;

/** A sort, whose next leader takes over what the workers have dealt and sorted for the one that died. */
@WithGrid(value = WithGrid.Kind.OWN, memory = "512MiB")
@Order(901)
class SortDeathTest {
    private static final Duration DEADLINE = Duration.ofMinutes(4);
    private static final String LINES =
            "for i in $(seq 1 24); do awk -v i=$i '{ print (NR * 7919 * i) % 1000003, $0 }' /usr/share/dict/words;"
                    + " done > \"$1\"";

    private final Grid grid;

    SortDeathTest(Grid grid) {
        this.grid = grid;
    }

    @AfterEach
    void whole() {
        grid.awaitReady(DEADLINE);
    }

    @Test
    void aSortWhoseLeaderDiesKeepsEveryLine() throws Exception {
        Path input = grid.scratch().resolve("lines to sort");
        Path output = grid.scratch().resolve("lines that were sorted");
        Commands.shell(LINES, input);
        grid.put("unsorted-victim", input);
        String id = grid.detached("sort", "unsorted-victim", "--save-as", "sorted-victim");
        await("lines are dealt")
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> grid.rest("/api/tasks/" + id).path("progress").asDouble(0) > 0.1);
        JsonNode task = grid.rest("/api/tasks/" + id);
        String leader = task.path("vmIds").path(0).asString("");
        Proc.signal("KILL", grid.workerPids().get(leader));

        JsonNode ended = grid.awaitTask(id, DEADLINE);
        assertThat(ended.path("state").asString("")).as("%s", ended).isEqualTo("SUCCEEDED");
        assertThat(ended.path("attempts").asInt(0)).isEqualTo(2);
        grid.virtugrid("dataset", "get", "sorted-victim", output.toString()).expect(0);
        assertThat(Commands.shell("LC_ALL=C sort \"$1\" | cmp - \"$2\" && echo same", input, output)
                        .trim())
                .isEqualTo("same");
        grid.virtugrid("dataset", "delete", "unsorted-victim", "--yes").expect(0);
        grid.virtugrid("dataset", "delete", "sorted-victim", "--yes").expect(0);
    }
}
