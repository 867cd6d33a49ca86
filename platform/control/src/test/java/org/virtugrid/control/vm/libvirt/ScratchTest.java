package org.virtugrid.control.vm.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.control.vm.VmDriverException;

class ScratchTest {
    @TempDir
    Path home;

    @Test
    void what_a_killed_process_left_is_removed() throws IOException {
        Path folder = home.resolve("scratch");
        Scratch scratch = new Scratch(folder);
        scratch.empty();
        Path file = scratch.file("vm-1-seed.iso");
        assertThat(file).doesNotExist();
        Files.writeString(file, "secret");
        Files.writeString(scratch.file("vm-1-data.qcow2"), "disk");

        new Scratch(folder).empty();

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_copy_that_would_fill_the_disk_is_refused_with_what_is_free() throws IOException {
        Path folder = Files.createDirectories(home.resolve("scratch"));
        Scratch scratch = new Scratch(folder);
        scratch.requireRoom("small", 0);
        assertThatThrownBy(() -> scratch.requireRoom("w1-data.qcow2", 1L << 60))
                .isInstanceOf(VmDriverException.class)
                .hasMessageContaining("w1-data.qcow2")
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("make room");
    }
}
