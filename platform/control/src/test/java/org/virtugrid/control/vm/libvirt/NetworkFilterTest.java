package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.virtugrid.control.vm.libvirt.GuestNetwork.Isolation;
import org.virtugrid.grid.fault.GridException;

class NetworkFilterTest {
    private static GuestNetwork network(String... allow) {
        return new GuestNetwork("10.1.2.1", 24, "10.1.2.10-10.1.2.20", null, Isolation.PREFERRED, List.of(allow));
    }

    @Test
    void allows_own_address_to_control_and_the_grids_ports_and_drops_the_rest() {
        String xml = new NetworkFilter("p", network()).xml();

        assertThat(xml)
                .contains("<filter name='virtugrid-p'")
                .contains("srcmacaddr='$MAC' srcipaddr='$IP' dstipaddr='10.1.2.1' dstipmask='32'/>")
                .contains("dstipaddr='10.1.2.1' dstipmask='24' protocol='tcp' dstportstart='47500'/>")
                .contains("dstipaddr='10.1.2.1' dstipmask='24' protocol='tcp' dstportstart='47100'/>")
                .contains("<rule action='drop' direction='inout' priority='900'><mac/></rule>")
                .doesNotContain("udp");
        assertThat(xml.lines().filter(line -> line.contains("direction='out'")))
                .allMatch(line -> line.contains("$IP") && line.contains("$MAC"));
        Xml.parse(xml);
    }

    @Test
    void allows_what_the_operator_names() {
        String xml = new NetworkFilter("p", network("10.0.0.0/8:443", "10.9.9.9:53/udp", "10.1.2.2")).xml();

        assertThat(xml)
                .contains("dstipaddr='10.0.0.0' dstipmask='8' protocol='tcp' dstportstart='443'/>")
                .contains("srcipaddr='10.0.0.0' srcipmask='8' protocol='tcp' srcportstart='443'/>")
                .contains("dstipaddr='10.9.9.9' dstipmask='32' protocol='udp' dstportstart='53'/>")
                .contains("dstipaddr='10.1.2.2' dstipmask='32'/>");
    }

    @Test
    void has_the_same_identity_each_time_so_that_it_can_be_changed() {
        String line = "<uuid>";
        assertThat(new NetworkFilter("p", network("10.9.9.9")).xml().lines().filter(one -> one.contains(line)))
                .containsExactlyElementsOf(new NetworkFilter("p", network())
                        .xml()
                        .lines()
                        .filter(one -> one.contains(line))
                        .toList());
        assertThat(new NetworkFilter("q", network()).xml().lines().filter(one -> one.contains(line)))
                .doesNotContainAnyElementsOf(new NetworkFilter("p", network())
                        .xml()
                        .lines()
                        .filter(one -> one.contains(line))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.256",
                "10.0.0.0/33",
                "10.0.0.0/0",
                "10.0.0.1:0",
                "10.0.0.1:65536",
                "10.0.0.1:53/icmp",
                "10.0.0.1/udp",
                "' onload='",
                "host:443"
            })
    void refuses_what_is_no_address(String text) {
        assertThatThrownBy(() -> network(text))
                .isInstanceOf(GridException.class)
                .hasMessageContaining("network.allow");
    }
}
