package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.libvirt.Connect;
import org.virtugrid.control.vm.VmDriverException;

/** Calls to a host that is libvirt's own test driver. */
class HypervisorHostTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int BUSY = 8;

    private final HypervisorHost host = new HypervisorHost(
            new HostSettings("a", "test:///default", "br0", "/s", null), (source, name, event) -> {});
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final CountDownLatch busy = new CountDownLatch(BUSY);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void close() {
        goOn.countDown();
        callers.shutdown();
        host.close();
    }

    private List<Future<Integer>> many(int calls) throws InterruptedException {
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            all.add(callers.submit(() -> host.callInTurn("take long", DEADLINE, connection -> {
                busy.countDown();
                await(goOn);
                return connection.numOfDomains();
            })));
        }
        await(busy);
        return all;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void what_takes_long_waits_for_its_turn_and_holds_up_nothing_else() throws Exception {
        List<Future<Integer>> all = many(BUSY + 4);

        assertThat(host.call("look", DEADLINE, Connect::numOfDomains)).isEqualTo(1);

        goOn.countDown();
        for (Future<Integer> one : all) {
            assertThat(one.get(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
        }
        assertThat(host.answers()).isTrue();
    }

    @Test
    void what_did_not_get_its_turn_in_time_is_never_done() throws Exception {
        List<Future<Integer>> all = many(BUSY);
        AtomicBoolean done = new AtomicBoolean();

        assertThatThrownBy(() -> host.callInTurn("come late", Duration.ofMillis(200), connection -> {
                    done.set(true);
                    return null;
                }))
                .isInstanceOfSatisfying(VmDriverException.class, e -> assertThat(e.kind())
                        .isEqualTo(VmDriverException.Kind.UNREACHABLE))
                .hasMessageContaining("busy with 8 other calls");

        goOn.countDown();
        for (Future<Integer> one : all) {
            one.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
        host.callInTurn("come after it", DEADLINE, Connect::numOfDomains);
        assertThat(done).isFalse();
    }
}
