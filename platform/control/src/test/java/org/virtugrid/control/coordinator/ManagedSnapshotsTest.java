package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.virtugrid.control.vm.VmDriver;
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
}
