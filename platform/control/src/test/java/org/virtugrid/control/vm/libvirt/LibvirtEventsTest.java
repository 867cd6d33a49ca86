package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.libvirt.LibvirtException;

/** When a connection is closed, on libvirt's own test driver. */
class LibvirtEventsTest {
    @Test
    void a_connection_that_is_abandoned_while_it_is_asked_is_closed_after_the_answer() throws LibvirtException {
        LibvirtEvents.Connection connection = LibvirtEvents.open("test:///default");
        assertThat(connection.enter()).isTrue();
        assertThat(connection.enter()).isTrue();

        connection.abandon();
        assertThat(connection.enter()).as("it takes no more questions").isFalse();
        assertThat(connection.getHostName()).as("who is asking gets an answer").isNotBlank();
        connection.leave();
        assertThat(connection.pointer()).as("the other one still asks").isNotNull();
        connection.leave();

        assertThat(connection.pointer()).isNull();
        connection.abandon(); // nothing is left to close
    }

    @Test
    void a_connection_that_nobody_asks_is_closed_at_once() throws LibvirtException {
        LibvirtEvents.Connection connection = LibvirtEvents.open("test:///default");

        connection.abandon();

        assertThat(connection.pointer()).isNull();
    }
}
