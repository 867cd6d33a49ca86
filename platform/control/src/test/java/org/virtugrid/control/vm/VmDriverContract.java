package org.virtugrid.control.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.virtugrid.control.vm.VmProbe.Life;

/** What every driver keeps; a new driver's test is a small subclass. */
public abstract class VmDriverContract {
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** The driver under test, the same one during a test until {@link #reopen}. */
    protected abstract VmDriver driver();

    /** Forgets the driver as a control process that dies does, and opens one that finds what is there. */
    protected abstract VmDriver reopen();

    /** Stops the VM's processor without its knowing. */
    protected abstract void freeze(String id);

    /** Ends the VM as a fault would. */
    protected abstract void crash(String id);

    /** Makes the VM ignore polite requests to end from its next start on. */
    protected abstract void makeStubborn(String id);

    /** Whether anything of the VM's database is left. */
    protected abstract boolean hasData(String id);

    /** Puts something into the VM's database. */
    protected abstract void writeData(String id);

    @AfterEach
    void destroyAll() {
        driver().list().forEach(vm -> driver().destroy(vm.id()));
    }

    private VmRecord define(String name) {
        return driver().define(new VmSpec(name, 1, 512L << 20, 1L << 30, Map.of("tier", "one")));
    }

    private VmProbe probe(String id) {
        driver().look();
        return driver().probe(id);
    }

    protected final VmRecord find(String id) {
        return driver().list().stream()
                .filter(vm -> vm.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_defined_VM_is_off_and_is_still_known_after_a_restart_of_control() {
        VmRecord vm = define("w1");

        assertThat(probe(vm.id()).life()).isEqualTo(Life.OFF);
        assertThat(vm.desired()).isEqualTo(Desired.RUNNING);
        assertThat(reopen().list()).containsExactly(vm);
    }

    @Test
    void no_two_VMs_share_an_id_an_address_or_a_name() {
        VmRecord one = define("w1");
        VmRecord two = define("w2");

        assertThat(one.id()).isNotEqualTo(two.id());
        assertThat(one.consistentId()).isNotEqualTo(two.consistentId());
        assertThat(one.address()).isNotEqualTo(two.address());
        assertThatThrownBy(() -> define("w1"))
                .isInstanceOf(VmDriverException.class)
                .hasMessageContaining("w1");
    }

    @Test
    void start_runs_one_process_however_often_it_is_called() {
        String id = define("w1").id();

        VmProbe first = driver().start(id);
        VmProbe second = driver().start(id);

        assertThat(first.life()).isEqualTo(Life.RUNNING);
        assertThat(first.pid()).isNotNull();
        assertThat(second.pid()).isEqualTo(first.pid());
        await("a process that has just begun has no memory yet")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> {
                    driver().look();
                    assertThat(driver().use(id).memoryBytes()).isPositive();
                });
    }

    @Test
    void a_running_VM_is_adopted_and_not_started_twice() {
        String id = define("w1").id();
        Long pid = driver().start(id).pid();

        VmDriver next = reopen();

        assertThat(probe(id).life()).isEqualTo(Life.RUNNING);
        assertThat(next.start(id).pid()).isEqualTo(pid);
    }

    @Test
    void a_crash_is_told_soon_and_seen_as_one() {
        List<String> exits = new CopyOnWriteArrayList<>();
        String id = define("w1").id();
        driver().start(id);
        driver().onExit(exits::add);

        crash(id);

        await().atMost(Duration.ofSeconds(5)).until(() -> exits.contains(id));
        await().atMost(Duration.ofSeconds(5)).until(() -> probe(id).life() == Life.DIED);
    }

    @Test
    void a_crash_of_an_adopted_VM_is_told_too() {
        List<String> exits = new CopyOnWriteArrayList<>();
        String id = define("w1").id();
        driver().start(id);
        reopen().onExit(exits::add);

        crash(id);

        await().atMost(Duration.ofSeconds(5)).until(() -> exits.contains(id));
    }

    @Test
    void a_crashed_VM_starts_again_with_the_same_identity() {
        VmRecord vm = define("w1");
        Long old = driver().start(vm.id()).pid();
        crash(vm.id());
        await().atMost(Duration.ofSeconds(5)).until(() -> probe(vm.id()).gone());

        VmProbe now = driver().start(vm.id());

        assertThat(now.life()).isEqualTo(Life.RUNNING);
        assertThat(now.pid()).isNotEqualTo(old);
        assertThat(find(vm.id()).consistentId()).isEqualTo(vm.consistentId());
    }

    @Test
    void stop_ends_a_VM_on_purpose_and_is_idempotent() {
        String id = define("w1").id();
        driver().start(id);

        driver().stop(id, GRACE);
        driver().stop(id, GRACE);

        assertThat(probe(id).life()).isEqualTo(Life.OFF);
    }

    @Test
    void stop_kills_a_VM_that_does_not_end_within_the_grace() {
        String id = define("w1").id();
        makeStubborn(id);
        driver().start(id);

        driver().stop(id, Duration.ofMillis(700));

        assertThat(probe(id).life()).isEqualTo(Life.OFF);
    }

    @Test
    void a_frozen_VM_is_there_until_it_is_killed() {
        String id = define("w1").id();
        driver().start(id);
        freeze(id);

        await().atMost(Duration.ofSeconds(5)).until(() -> probe(id).frozen());
        assertThat(probe(id).life()).isEqualTo(Life.RUNNING);

        driver().kill(id);

        assertThat(probe(id).life()).isEqualTo(Life.OFF);
    }

    @Test
    void stop_does_not_wait_for_a_frozen_VM() {
        String id = define("w1").id();
        driver().start(id);
        freeze(id);
        await().atMost(Duration.ofSeconds(5)).until(() -> probe(id).frozen());
        long begin = System.nanoTime();

        driver().stop(id, Duration.ofMinutes(1));

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        assertThat(probe(id).gone()).isTrue();
    }

    @Test
    void what_is_wanted_outlives_control() {
        String id = define("w1").id();

        driver().want(id, Desired.STOPPED);
        reopen();

        assertThat(find(id).desired()).isEqualTo(Desired.STOPPED);
    }

    @Test
    void wipe_empties_the_database_and_lifts_the_suspicion_but_never_under_a_running_VM() {
        String id = define("w1").id();
        driver().start(id);
        writeData(id);
        driver().suspect(id, true);
        assertThat(find(id).suspect()).isTrue();
        assertThatThrownBy(() -> driver().wipe(id)).isInstanceOf(VmDriverException.class);
        assertThat(hasData(id)).isTrue();

        driver().kill(id);
        driver().wipe(id);

        assertThat(hasData(id)).isFalse();
        assertThat(find(id).suspect()).isFalse();
    }

    @Test
    void destroy_removes_everything_and_frees_the_name_and_is_idempotent() {
        String id = define("w1").id();
        driver().start(id);

        driver().destroy(id);
        driver().destroy(id);

        assertThat(driver().list()).isEmpty();
        assertThat(hasData(id)).isFalse();
        assertThat(define("w1").id()).isNotEqualTo(id);
    }

    @Test
    void an_unknown_VM_is_an_error_of_its_own_kind() {
        assertThatThrownBy(() -> driver().start("vm-none"))
                .isInstanceOfSatisfying(
                        VmDriverException.class, e -> assertThat(e.kind()).isEqualTo(VmDriverException.Kind.NOT_FOUND));
    }
}
