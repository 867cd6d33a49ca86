package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmHost;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;
import org.virtugrid.grid.fault.GridException;

/** What a shutdown refuses and reports; that it stops and destroys is shown by the tests of whole systems. */
class ShutdownTest {
    private static final VmHost ANSWERS = new VmHost("a", "qemu:///system", null, true, 1, false);
    private static final VmHost SILENT = new VmHost("b", "qemu:///system", "it does not answer", true, 1, false);

    @TempDir
    private Path folder;

    @Test
    void nothing_is_destroyed_while_a_host_with_vms_is_silent() {
        GridException refused = catchThrowableOfType(
                GridException.class,
                () -> Shutdown.requireAnswers(List.of(vm("w1", "a"), vm("w2", "b")), List.of(ANSWERS, SILENT)));

        assertThat(refused.kind()).isEqualTo(GridException.Kind.UNAVAILABLE);
        assertThat(refused).hasMessageContainingAll("w2", "host b", "it does not answer");
        assertThat(refused.fix()).contains("nothing was destroyed");
        Shutdown.requireAnswers(List.of(vm("w1", "a")), List.of(ANSWERS, SILENT));
        Shutdown.requireAnswers(List.of(vm("w1", null)), List.of());
    }

    @Test
    void the_report_holds_what_was_left_and_can_be_removed() {
        Path file = folder.resolve("shutdown.json");
        ShutdownReport report = new ShutdownReport(file);

        report.write(ShutdownReport.Outcome.INCOMPLETE, List.of(new ShutdownReport.Left("w2", "b", "no answer")));
        assertThat(file)
                .content()
                .isEqualTo(
                        "{\"outcome\":\"INCOMPLETE\",\"left\":[{\"name\":\"w2\",\"host\":\"b\",\"reason\":\"no answer\"}]}");

        report.remove();
        report.remove();
        assertThat(file).doesNotExist();
    }

    private static VmRecord vm(String name, String host) {
        return new VmRecord(
                "vm-" + name,
                new VmSpec(name, 1, 512L << 20, 1L << 30, Map.of()),
                Desired.RUNNING,
                Instant.EPOCH,
                "vm-" + name,
                "127.0.0.1:47500",
                host,
                false);
    }
}
