package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmSpec;

class GuestFiguresTest {
    private static final long SECOND = 1_000_000_000L;
    private static final GuestFigures.Disk DISK = new GuestFigures.Disk(196_608L, 0);
    private static final Map<String, Long> TOLD = Map.of(
            "balloon.available", 500_000L,
            "balloon.usable", 300_000L,
            "balloon.unused", 100_000L,
            "balloon.rss", 900_000L,
            "net.0.rx.bytes", 1_000L,
            "net.0.tx.bytes", 500L,
            "net.0.rx.drop", 77L);

    private static LibvirtVm vm(String life) {
        return new LibvirtVm(
                "test",
                "vm-00000001",
                "11111111-1111-4111-8111-111111111111",
                new VmSpec("g1", 1, 512L << 20, 1L << 30, Map.of()),
                Desired.RUNNING,
                Instant.EPOCH,
                "10.77.0.10",
                "52:54:00:00:00:01",
                "",
                life,
                null,
                true,
                false,
                false,
                0);
    }

    private static GuestFigures measure(String life, long seconds, GuestFigures last, Map<String, Long> stats) {
        return GuestFigures.running(vm(life), seconds * SECOND, last, stats, DISK, false);
    }

    @Test
    void memory_is_what_the_guest_says_that_it_could_not_give_to_others() {
        assertThat(measure("a", 1, null, TOLD).memoryBytes()).isEqualTo(200_000L << 10);
        assertThat(measure("a", 1, null, Map.of("balloon.available", 500_000L, "balloon.unused", 100_000L))
                        .memoryBytes())
                .as("by an old kernel")
                .isEqualTo(400_000L << 10);
        assertThat(measure("a", 1, null, Map.of("balloon.current", 524_288L)).memoryBytes())
                .as("before it has told")
                .isNull();
    }

    @Test
    void network_is_what_came_and_went_a_second_and_begins_anew_with_each_life() {
        GuestFigures first = measure("a", 1, null, TOLD);
        GuestFigures second = measure("a", 3, first, Map.of("net.0.rx.bytes", 4_000L, "net.0.tx.bytes", 1_500L));
        GuestFigures next = measure("b", 5, second, TOLD);

        assertThat(first.networkPerSecond()).isNull();
        assertThat(second.networkPerSecond()).isEqualTo(2_000.0);
        assertThat(next.networkPerSecond()).isNull();
        assertThat(measure("b", 6, next, Map.of("net.0.rx.bytes", 0L)).networkPerSecond())
                .as("after a counter began anew")
                .isZero();
        assertThat(measure("b", 6, next, Map.of()).networkPerSecond()).isNull();
    }
}
