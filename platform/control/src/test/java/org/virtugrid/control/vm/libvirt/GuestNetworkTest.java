package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.virtugrid.grid.fault.GridException;

class GuestNetworkTest {

    @Test
    void gives_the_lowest_free_address_but_never_its_own_or_the_gateways() {
        GuestNetwork network = new GuestNetwork("10.1.2.1", 24, "10.1.2.1-10.1.2.5", "10.1.2.3");

        assertThat(network.free(List.of())).contains("10.1.2.2");
        assertThat(network.free(List.of("10.1.2.2"))).contains("10.1.2.4");
        assertThat(network.free(List.of("10.1.2.2", "10.1.2.4", "10.1.2.5"))).isEmpty();
    }

    @Test
    void counts_over_the_end_of_a_byte() {
        GuestNetwork network = new GuestNetwork("10.1.0.1", 16, "10.1.2.255-10.1.3.1", null);

        assertThat(network.free(List.of("10.1.2.255"))).contains("10.1.3.0");
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.300, 24, 10.1.2.2-10.1.2.5, , network.address",
        "10.1.2.1, 31, 10.1.2.2-10.1.2.5, , network.prefix",
        "10.1.2.1, 24, 10.1.2.9-10.1.2.5, , network.guests",
        "10.1.2.1, 24, 10.1.2.9, , network.guests",
        "10.1.2.1, 24, 10.1.3.2-10.1.3.5, , network.guests",
        "10.1.2.1, 24, 10.1.2.2-10.1.3.5, , network.guests",
        "10.1.2.1, 24, 10.1.2.2-10.1.2.5, gw, network.gateway"
    })
    void names_the_field_that_is_wrong(String address, int prefix, String guests, String gateway, String field) {
        assertThatThrownBy(() -> new GuestNetwork(address, prefix, guests, gateway))
                .isInstanceOf(GridException.class)
                .hasMessageContaining(field);
    }
}
