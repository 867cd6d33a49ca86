package org.virtugrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hosts, moves between them, and what would be done. */
class HostTest {
    private static final String PREVIEW =
            "{\"action\":\"x\",\"vms\":[\"w1\"],\"allowed\":%s,\"refusal\":%s,\"fix\":null,"
                    + "\"bytesToMove\":536870912,\"leastCopies\":1,\"tasksAffected\":2,\"estimatedSeconds\":13}";
    private FakeGrid grid;

    @BeforeEach
    void startGrid() throws IOException {
        grid = new FakeGrid();
    }

    @AfterEach
    void stopGrid() {
        grid.close();
    }

    private static String host(int vms, boolean maintenance) {
        return "{\"name\":\"a\",\"uri\":\"qemu:///a\",\"state\":\"ANSWERS\",\"driver\":\"libvirt\","
                + "\"virtualization\":\"kvm\",\"vms\":" + vms + ",\"detail\":null,\"maintenance\":" + maintenance + "}";
    }

    @Test
    void drainWaitsUntilTheHostIsEmptyAndResumeEndsIt() {
        int[] left = {2};
        grid.on("POST /api/hosts/a/drain", 202, host(2, true));
        grid.on("GET /api/hosts", asked -> FakeGrid.Answer.json(200, "[" + host(left[0]--, true) + "]"));
        grid.on("POST /api/hosts/a/resume", 200, host(0, false));

        Run.Result drained = Run.against(grid).run("host", "drain", "a");
        assertThat(drained.exitCode()).isZero();
        assertThat(drained.out()).contains("no VMs", "host resume a");
        assertThat(Run.against(grid).run("host", "resume", "a").out()).contains("takes VMs again");
        assertThat(Run.against(grid)
                        .run("-o", "json", "host", "drain", "a", "--no-wait")
                        .out())
                .contains("\"vms\" : 2");
    }

    @Test
    void aGuestIsShownWithAllThatItUsesAndHowItIsRun() {
        String guest =
                "{\"name\":\"w1\",\"id\":\"vm-1\",\"state\":\"READY\",\"health\":\"OK\",\"host\":\"a\",\"cpus\":2,"
                        + "\"cpuUsage\":0.25,\"memoryBytes\":1073741824,\"memoryUsedBytes\":268435456,\"diskBytes\":4294967296,"
                        + "\"diskUsedBytes\":52428800,\"networkBytesPerSecond\":2048.0,\"acceleration\":\"emulated\"}";
        grid.on("GET /api/vms", 200, "[" + guest + "]");
        grid.on("GET /api/vms/w1", 200, guest);

        String[] lines = Run.against(grid).run("vm", "list").out().split("\n", -1);
        assertThat(lines[0].strip().split(" +", -1))
                .containsExactly(
                        "NAME", "ID", "STATE", "HEALTH", "PID", "CPUS", "CPU", "MEMORY", "USED", "DISK", "NETWORK",
                        "TASKS", "UPTIME", "LABELS");
        assertThat(lines[1].strip().split("  +", -1))
                .containsExactly(
                        "w1", "vm-1", "READY", "OK", "-", "2", "25 %", "1 GiB", "256 MiB", "50 MiB", "2 KiB/s", "0",
                        "-");
        assertThat(Run.against(grid).run("vm", "show", "w1").out())
                .containsPattern("acceleration +emulated\n")
                .containsPattern("memory +256 MiB of 1 GiB\n")
                .containsPattern("disk +50 MiB of 4 GiB\n")
                .containsPattern("network +2 KiB/s\n");
    }

    @Test
    void aPreviewThatWouldBeRefusedIsExitCode4AndChangesNothing() {
        grid.on("POST /api/vms/w1/migrate", 200, PREVIEW.formatted("false", "\"it holds the only copy\""));
        grid.on("POST /api/vms/actions", 200, PREVIEW.formatted("true", "null"));
        grid.on("POST /api/super-vm/scale", 200, PREVIEW.formatted("true", "null"));
        grid.on("POST /api/hosts/a/drain", 200, PREVIEW.formatted("true", "null"));

        Run.Result refused = Run.against(grid).run("vm", "migrate", "w1", "--to", "b", "--dry-run");
        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused.out()).contains("no: it holds the only copy", "512 MiB");
        assertThat(grid.lastAsked().query()).isEqualTo("dryRun=true");
        assertThat(grid.lastAsked().text()).isEqualTo("{\"host\":\"b\"}");
        assertThat(Run.against(grid).run("vm", "destroy", "w1", "--dry-run").exitCode())
                .isZero();
        assertThat(grid.lastAsked().query()).isEqualTo("dryRun=true");
        assertThat(Run.against(grid).run("scale", "2", "--dry-run").exitCode()).isZero();
        assertThat(grid.lastAsked().query()).isEqualTo("dryRun=true");
        assertThat(Run.against(grid).run("host", "drain", "a", "--dry-run").exitCode())
                .isZero();
        assertThat(grid.lastAsked().query()).isEqualTo("dryRun=true");
    }

    @Test
    void aMoveSaysWhereTheVmIsNow() {
        grid.on(
                "POST /api/vms/w1/migrate",
                200,
                "{\"id\":\"vm-1\",\"name\":\"w1\",\"done\":true,\"changed\":true,\"state\":\"READY\",\"message\":\"moved to"
                        + " b\"}");

        assertThat(Run.against(grid).run("vm", "migrate", "w1", "--to", "b").out())
                .contains("w1: moved to b");
        assertThat(grid.lastAsked().query()).isEqualTo("wait=true");
        assertThat(Run.against(grid).run("vm", "migrate", "w1").exitCode()).isEqualTo(2);
    }
}
