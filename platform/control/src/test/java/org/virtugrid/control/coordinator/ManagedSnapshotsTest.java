package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSnapshots;
import org.virtugrid.control.vm.VmSpec;
import org.virtugrid.grid.fault.GridException;

class ManagedSnapshotsTest {
    @Test
    void a_driver_without_snapshots_says_so() {
        VmDriver driver = VmDriver.class.cast(Proxy.newProxyInstance(
                VmDriver.class.getClassLoader(),
                new Class<?>[] {VmDriver.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "snapshots" -> Optional.empty();
                    case "name" -> "process";
                    default -> throw new IllegalStateException(method.getName());
                }));
        ManagedSnapshots snapshots = new ManagedSnapshots(driver, null, null, null, null, Clock.systemUTC());

        assertThatThrownBy(() -> snapshots.list("w1"))
                .isInstanceOfSatisfying(
                        GridException.class, e -> assertThat(e.kind()).isEqualTo(GridException.Kind.INVALID))
                .hasMessageContaining("process has no snapshots");
    }

    /** QEMU looks for a snapshot by number before it looks by name. */
    @ParameterizedTest
    @ValueSource(strings = {"1", "007", "", "-a", "a b", "../x"})
    void names_that_could_mean_another_snapshot_or_a_path_are_refused(String name) {
        VmRecord vm = new VmRecord(
                "vm-1",
                new VmSpec("w1", 1, 512L << 20, 1L << 30, Map.of()),
                Desired.RUNNING,
                Instant.EPOCH,
                "vm-1",
                "10.77.0.10",
                "a",
                false);
        VmDriver driver = VmDriver.class.cast(Proxy.newProxyInstance(
                VmDriver.class.getClassLoader(),
                new Class<?>[] {VmDriver.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "snapshots" ->
                        Optional.of(Proxy.newProxyInstance(
                                VmDriver.class.getClassLoader(),
                                new Class<?>[] {VmSnapshots.class},
                                (snapshots, called, with) -> {
                                    throw new IllegalStateException(called.getName());
                                }));
                    case "list" -> List.of(vm);
                    default -> throw new IllegalStateException(method.getName());
                }));
        ManagedSnapshots snapshots = new ManagedSnapshots(driver, null, null, null, null, Clock.systemUTC());

        assertThatThrownBy(() -> snapshots.create("w1", name))
                .isInstanceOfSatisfying(
                        GridException.class, e -> assertThat(e.kind()).isEqualTo(GridException.Kind.INVALID))
                .hasMessageContaining("is not a name of a snapshot");
    }
}
