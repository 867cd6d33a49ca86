package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.libvirt.Domain;
import org.virtugrid.control.vm.VmDriverException;

/** Figures of domains as libvirt's own test driver tells them. */
class DomainStatsTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final long RUNNING = 1;
    private static final long PAUSED = 3;

    private HypervisorHost host;

    @BeforeEach
    void connect() {
        host = new HypervisorHost(
                new HostSettings("a", "test:///default", "br0", "/s", null), (source, name, event) -> {});
    }

    @AfterEach
    void disconnect() {
        host.close();
    }

    private String domain(String name) {
        return host.call("start " + name, SOON, connection -> {
            Domain domain = connection.domainCreateXML(
                    "<domain type='test'><name>%s</name><uuid>%s</uuid><memory>1024</memory><os><type>hvm</type></os></domain>"
                            .formatted(name, UUID.randomUUID()),
                    0);
            return domain.getUUIDString();
        });
    }

    private Map<String, Map<String, Long>> stats(int groups, int flags) {
        return host.call("tell", SOON, connection -> DomainStats.all(connection, groups, flags));
    }

    @Test
    void one_call_tells_of_all_domains_that_run() {
        String one = domain("one");
        String two = domain("two");
        host.call("pause", SOON, connection -> {
            connection.domainLookupByUUID(UUID.fromString(two)).suspend();
            return null;
        });

        Map<String, Map<String, Long>> stats = stats(DomainStats.STATE, DomainStats.ACTIVE);

        assertThat(stats).hasSize(3); // and the one that the test driver begins with
        assertThat(stats.get(one)).containsEntry("state.state", RUNNING);
        assertThat(stats.get(two)).containsEntry("state.state", PAUSED);
    }

    @Test
    void a_host_that_refuses_is_an_error_with_its_reason() {
        assertThatThrownBy(() -> stats(DomainStats.STATE, 1 << 28))
                .isInstanceOf(VmDriverException.class)
                .hasMessageContaining("flags");
    }

    @Test
    void a_connection_that_is_closed_is_an_error() {
        assertThatThrownBy(() -> host.call("tell", SOON, connection -> {
                    LibvirtEvents.Connection closed = LibvirtEvents.open("test:///default");
                    closed.close();
                    return DomainStats.all(closed, DomainStats.STATE, 0);
                }))
                .isInstanceOf(VmDriverException.class)
                .hasMessageContaining("connect");
    }
}
