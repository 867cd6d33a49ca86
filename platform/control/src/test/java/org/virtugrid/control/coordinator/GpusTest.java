package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.virtugrid.api.GpuView;
import org.virtugrid.api.StatusView;
import org.virtugrid.api.VmCreate;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmGpu;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.fault.GridException.Kind;

class GpusTest {
    private static final VmGpu FIRST = new VmGpu("a", "0000:65:00.0", "X", 7, List.of("0000:65:00.0", "0000:66:00.0"));
    private static final VmGpu ITS_TWIN = new VmGpu("a", "0000:66:00.0", "X", 7, FIRST.group());
    private static final VmGpu ELSEWHERE = new VmGpu("b", "0000:65:00.0", "X", 1, List.of("0000:65:00.0"));
    private static final VmGpu UNUSABLE = new VmGpu("b", "0000:03:00.0", "Y", null, List.of("0000:03:00.0"));

    private final List<VmRecord> vms = new ArrayList<>();
    private final VmDriver driver = VmDriver.class.cast(Proxy.newProxyInstance(
            VmDriver.class.getClassLoader(),
            new Class<?>[] {VmDriver.class},
            (self, method, arguments) -> switch (method.getName()) {
                case "gpus" -> List.of(FIRST, ITS_TWIN, ELSEWHERE, UNUSABLE);
                case "list" -> List.copyOf(vms);
                case "lookForGpus" -> null;
                default -> throw new IllegalStateException(method.getName());
            }));
    private final Gpus gpus = new Gpus(driver);

    private static VmSpec wanting(String gpu) {
        return VmRequests.spec(new VmCreate("g", null, null, null, null, gpu), 1L << 30, 1L << 40);
    }

    private void give(String gpu, String host) {
        vms.add(new VmRecord(
                "vm-" + vms.size(),
                new VmSpec("holder-" + vms.size(), 1, 1L << 30, 1L << 30, Map.of(), gpu),
                Desired.STOPPED,
                Instant.EPOCH,
                "vm-" + vms.size(),
                "10.0.0.1:47500",
                host,
                false));
    }

    private void assertFails(String gpu, Kind kind, String message) {
        assertThatThrownBy(() -> gpus.require(wanting(gpu)))
                .isInstanceOfSatisfying(
                        GridException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(message);
    }

    @Test
    void a_gpu_is_had_until_no_host_has_it_free() {
        gpus.require(wanting(null));
        gpus.require(wanting("65:00.0"));
        give("0000:65:00.0", "a");
        gpus.require(wanting("0000:65:00.0"));
        give("0000:65:00.0", "b");
        assertFails("0000:65:00.0", Kind.REFUSED, "holder-0, holder-1");
        // It went with the other one of its group
        assertFails("0000:66:00.0", Kind.REFUSED, "holder-0");
        assertFails("0000:03:00.0", Kind.REFUSED, "no IOMMU group");
        assertFails("0000:99:00.0", Kind.NOT_FOUND, "0000:99:00.0");
        assertThatThrownBy(() -> wanting("the fast one"))
                .isInstanceOfSatisfying(
                        GridException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID));
    }

    @Test
    void those_that_are_had_are_not_counted_as_free() {
        assertThat(gpus.amount()).isEqualTo(new StatusView.Amount(4, 4));
        give("0000:65:00.0", "a");
        assertThat(gpus.amount()).isEqualTo(new StatusView.Amount(4, 2));
        assertThat(gpus.list()).extracting(GpuView::vmName).containsExactly("holder-0", "holder-0", null, null);
    }
}
