package org.virtugrid.control.vm.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;

/** Two control processes that have the same folder of VMs open, of which one leads and then the other. */
class SharedProcessDriverTest {
    private static final int BASE = 24_500;

    @TempDir
    Path home;

    private ProcessDriver first;
    private ProcessDriver second;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(home.resolve("vms"));
        first = openOne();
        second = openOne();
    }

    private ProcessDriver openOne() throws IOException {
        Path logs = Files.createDirectories(home.resolve("logs"));
        return ProcessDriver.openShared(home.resolve("vms"), logs, new SleeperCommand(), BASE);
    }

    @AfterEach
    void destroyAll() {
        second.reload(true);
        second.list().forEach(vm -> second.destroy(vm.id()));
    }

    private VmRecord define(String name) {
        return first.define(new VmSpec(name, 1, 512L << 20, 1L << 30, Map.of()));
    }

    @Test
    void the_second_sees_what_the_first_did_and_adopts_its_processes() {
        String id = define("w1").id();
        VmProbe started = first.start(id);
        assertThat(second.list()).isEmpty();

        second.reload(false);

        assertThat(second.probe(id).pid()).isEqualTo(started.pid());
        second.reload(true);
        assertThat(second.start(id).pid()).isEqualTo(started.pid());
    }

    @Test
    void what_one_changes_does_not_undo_what_the_other_has_changed() {
        String id = define("w1").id();
        second.reload(true);
        second.want(id, Desired.STOPPED);

        first.start(id);

        second.reload(false);
        assertThat(second.list()).extracting(VmRecord::desired).containsExactly(Desired.STOPPED);
    }

    @Test
    void an_old_leader_that_starts_a_VM_finds_the_process_of_the_new_one() {
        String id = define("w1").id();
        second.reload(true);
        Long pid = second.start(id).pid();

        assertThat(first.start(id).pid()).isEqualTo(pid);
    }

    @Test
    void a_kill_of_an_old_leader_does_not_meet_the_life_that_the_new_one_began() {
        String id = define("w1").id();
        first.start(id);
        second.reload(true);
        second.stop(id, Duration.ofSeconds(10));
        Long pid = second.start(id).pid();

        first.kill(id);

        assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive)).contains(true);
    }

    @Test
    void a_VM_that_was_destroyed_is_gone_for_the_other_one_too() {
        String id = define("w1").id();
        second.reload(true);
        first.destroy(id);

        assertThatThrownBy(() -> second.want(id, Desired.STOPPED)).isInstanceOf(VmDriverException.class);
        second.reload(false);
        assertThat(second.list()).isEmpty();
    }

    @Test
    void only_the_leader_clears_what_is_half_done() throws IOException {
        Path half = Files.createDirectories(home.resolve("vms/.new-vm-12345678"));

        second.reload(false);
        assertThat(half).exists();
        second.reload(true);
        assertThat(half).doesNotExist();
        assertThat(second.list()).isEqualTo(List.of());
    }
}
