package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownVmsTest {
    @TempDir
    Path folder;

    @Test
    void what_is_remembered_is_known_to_the_next_control_process() {
        LibvirtVm vm = VmMetadataTest.vm(Map.of("tier", "one"));

        new KnownVms(folder).remember("a", vm);

        assertThat(new KnownVms(folder).on("a")).containsExactly(vm);
        assertThat(new KnownVms(folder).on("b")).isEmpty();
    }

    @Test
    void a_guest_that_left_a_host_is_still_known_on_the_one_where_it_went() {
        LibvirtVm vm = VmMetadataTest.vm(Map.of());
        KnownVms known = new KnownVms(folder);
        known.remember("a", vm);
        known.remember("b", vm.moved());

        known.forget("a", vm.id());
        known.forget("a", vm.id());

        assertThat(known.on("a")).isEmpty();
        assertThat(known.on("b")).containsExactly(vm.moved());
    }
}
