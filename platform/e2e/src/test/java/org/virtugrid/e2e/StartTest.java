package org.virtugrid.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.virtugrid.e2e.harness.Grid;
import org.virtugrid.e2e.harness.WithGrid;
import tools.jackson.databind.JsonNode;

/** A grid that runs: what it says of itself. */
@WithGrid
@Order(10)
class StartTest {
    private final Grid grid;

    StartTest(Grid grid) {
        this.grid = grid;
    }

    @Test
    void everyWorkerIsReadyInAProcessOfItsOwn() {
        JsonNode status = grid.json("status");
        assertThat(status.path("state").asString("")).isEqualTo("READY");
        assertThat(status.path("vms").path("ready").asInt(0)).isEqualTo(3);
        assertThat(grid.workerPids().values()).doesNotHaveDuplicates().hasSize(3);
        assertThat(grid.recordedWorkerPids()).isEqualTo(grid.workerPids());
        assertThat(grid.pids()).containsAll(grid.workerPids().values()).contains(grid.controlPid());
    }
}
