package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private final CircuitBreaker breaker = new CircuitBreaker(Duration.ofSeconds(1), Duration.ofSeconds(5));

    @Test
    void leaves_a_host_alone_for_twice_as_long_after_each_failure_but_not_for_ever() {
        assertThat(breaker.allows(0)).isTrue();

        breaker.failed(0);
        assertThat(breaker.allows(SECOND - 1)).isFalse();
        assertThat(breaker.allows(SECOND)).isTrue();

        breaker.failed(10 * SECOND);
        assertThat(breaker.allows(12 * SECOND - 1)).isFalse();
        assertThat(breaker.allows(12 * SECOND)).isTrue();

        for (int i = 0; i < 100; i++) {
            breaker.failed(20 * SECOND);
        }
        assertThat(breaker.allows(25 * SECOND)).isTrue();
    }

    @Test
    void forgets_failures_after_a_success() {
        breaker.failed(0);
        breaker.failed(0);

        breaker.succeeded();

        assertThat(breaker.allows(1)).isTrue();
        assertThat(breaker.failures()).isZero();
    }
}
