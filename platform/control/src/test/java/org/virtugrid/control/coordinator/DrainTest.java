package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.virtugrid.control.coordinator.GridSnapshot.Copies;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmHost;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmRecord;

/** w1 and w3 are on host a, w2 is on host b. */
class DrainTest {
    private static final long NOW = 1_000_000;
    private final Reconciler reconciler = new Reconciler(Scenes.LIMITS);
    private final GridSnapshot whole = Scenes.active(Scenes.WHOLE, Scenes.member(1, 1));

    private static VmHost host(String name, int vms, String failure, boolean maintained) {
        return new VmHost(name, "qemu:///" + name, failure, false, vms, maintained, null);
    }

    private static VmRecord on(String host, int number, Desired desired) {
        VmRecord vm = Scenes.record(number, desired, false);
        return new VmRecord(
                vm.id(), vm.spec(), vm.desired(), vm.createdAt(), vm.consistentId(), vm.address(), host, vm.suspect());
    }

    private static VmObservation first(Desired desired, VmProbe probe) {
        return Scenes.vm(on("a", 1, desired), probe);
    }

    private Decision decide(Memory memory, GridSnapshot grid, VmObservation first, VmHost... hosts) {
        List<VmObservation> vms = new ArrayList<>(List.of(
                first,
                Scenes.vm(on("b", 2, Desired.RUNNING), Scenes.running(2)),
                Scenes.vm(on("a", 3, Desired.RUNNING), Scenes.running(3))));
        return reconciler.decide(memory, new Observation(NOW, vms, grid, false, 0, Arrays.asList(hosts)));
    }

    private List<Action> actions(GridSnapshot grid, VmObservation first, VmHost... hosts) {
        return decide(Memory.FRESH, grid, first, hosts).actions();
    }

    @Test
    void one_vm_at_a_time_leaves_a_host_in_maintenance() {
        List<Action> actions = actions(
                whole,
                first(Desired.RUNNING, Scenes.running(1)),
                host("a", 2, null, true),
                host("b", 1, null, false),
                host("c", 0, null, false));

        assertThat(actions).containsExactly(new Action.Migrate("vm-1", "c", "host a is in maintenance"));
        assertThat(actions(
                        whole,
                        new VmObservation(on("a", 1, Desired.RUNNING), Scenes.running(1), true),
                        host("a", 2, null, true),
                        host("b", 1, null, false)))
                .as("one is being moved already")
                .isEmpty();
    }

    @Test
    void nothing_moves_without_maintenance_or_without_a_host_to_go_to() {
        VmObservation well = first(Desired.RUNNING, Scenes.running(1));

        assertThat(actions(whole, well, host("a", 2, null, false), host("b", 1, null, false)))
                .isEmpty();
        assertThat(actions(whole, well, host("a", 2, null, true), host("b", 1, "it hangs", false)))
                .isEmpty();
        assertThat(actions(whole, well, host("a", 2, null, true), host("b", 1, null, true)))
                .isEmpty();
    }

    @Test
    void a_vm_that_runs_waits_until_every_copy_is_there() {
        GridSnapshot copying = Scenes.active(new Copies(true, false, 3, java.util.Set.of()), Scenes.member(1, 1));

        assertThat(actions(
                        copying,
                        first(Desired.RUNNING, Scenes.running(1)),
                        host("a", 2, null, true),
                        host("b", 1, null, false)))
                .isEmpty();
    }

    @Test
    void one_that_is_stopped_or_dead_takes_its_disk_along_before_it_starts_again() {
        GridSnapshot without = Scenes.active(Scenes.WHOLE);
        Action move = new Action.Migrate("vm-1", "b", "host a is in maintenance");

        assertThat(actions(
                        without,
                        first(Desired.STOPPED, VmProbe.off()),
                        host("a", 2, null, true),
                        host("b", 1, null, false)))
                .containsExactly(move);
        assertThat(actions(
                        without,
                        first(Desired.RUNNING, Scenes.died(1)),
                        host("a", 2, null, true),
                        host("b", 1, null, false)))
                .containsExactly(move);
    }

    @Test
    void a_move_that_failed_is_tried_again_later_and_does_not_keep_a_dead_vm_from_its_start() {
        VmHost[] hosts = {host("a", 2, null, true), host("b", 1, null, false)};
        Memory tried = decide(Memory.FRESH, whole, first(Desired.RUNNING, Scenes.running(1)), hosts)
                .memory();

        assertThat(decide(tried, whole, first(Desired.RUNNING, Scenes.running(1)), hosts)
                        .actions())
                .noneMatch(action -> action.equals(new Action.Migrate("vm-1", "b", "host a is in maintenance")));
        assertThat(decide(tried, Scenes.active(Scenes.WHOLE), first(Desired.RUNNING, Scenes.died(1)), hosts)
                        .actions())
                .anyMatch(action ->
                        action instanceof Action.Start start && start.vmId().equals("vm-1"));
    }

    @Test
    void the_emptiest_host_that_answers_is_the_target() {
        assertThat(Drain.target(
                        List.of(
                                host("a", 0, null, false),
                                host("b", 2, null, false),
                                host("c", 1, "gone", false),
                                host("d", 1, null, true)),
                        "a"))
                .contains("b");
        assertThat(Drain.target(List.of(host("a", 0, null, false)), "a")).isEqualTo(Optional.empty());
    }
}
