package org.virtugrid.control.vm.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that are written, in folders that look like the kernel's; {@code LifeTest} has the kernel itself. */
class ControlGroupsTest {
    private static final long MEMORY = 1L << 30;

    @TempDir
    private Path folder;

    private ControlGroups separate() throws IOException {
        Files.createDirectories(folder.resolve("memory/own"));
        Files.createDirectories(folder.resolve("cpu"));
        return new ControlGroups(
                folder, Files.writeString(folder.resolve("cgroup"), "4:memory:/own\n1:cpu,cpuacct:/\n"));
    }

    private ControlGroups unified() throws IOException {
        Files.writeString(folder.resolve("cgroup.controllers"), "cpu memory");
        Files.createDirectories(folder.resolve("own"));
        return new ControlGroups(folder, Files.writeString(folder.resolve("cgroup"), "0::/own\n"));
    }

    private String written(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    @Test
    void separate_hierarchies_get_a_group_each_below_the_own_one() throws IOException {
        ControlGroups.Applied applied = separate().apply("w1", 42, 2, MEMORY);

        assertThat(applied.note()).isEqualTo("memory: by the kernel; cpu: by the kernel");
        assertThat(applied.folders())
                .containsExactly(
                        folder.resolve("memory/own/virtugrid-w1").toString(),
                        folder.resolve("cpu/virtugrid-w1").toString());
        assertThat(written("memory/own/virtugrid-w1/memory.soft_limit_in_bytes"))
                .isEqualTo("1073741824");
        assertThat(written("memory/own/virtugrid-w1/memory.limit_in_bytes")).isEqualTo("1342177280");
        assertThat(written("cpu/virtugrid-w1/cpu.cfs_quota_us")).isEqualTo("200000");
        assertThat(written("cpu/virtugrid-w1/cgroup.procs")).isEqualTo("42");
    }

    @Test
    void one_hierarchy_has_one_group() throws IOException {
        ControlGroups.Applied applied = unified().apply("w1", 42, 1, MEMORY);

        assertThat(applied.folders())
                .containsExactly(folder.resolve("own/virtugrid-w1").toString());
        assertThat(written("own/cgroup.subtree_control")).isEqualTo("+memory +cpu");
        assertThat(written("own/virtugrid-w1/memory.high")).isEqualTo("1073741824");
        assertThat(written("own/virtugrid-w1/memory.max")).isEqualTo("1342177280");
        assertThat(written("own/virtugrid-w1/cpu.max")).isEqualTo("100000 100000");
    }

    @Test
    void without_groups_the_note_says_so() throws IOException {
        Path none = Files.writeString(folder.resolve("cgroup"), "");

        ControlGroups.Applied applied = new ControlGroups(folder, none).apply("w1", 42, 1, MEMORY);

        assertThat(applied.folders()).isEmpty();
        assertThat(applied.note()).contains("memory: by the JVM alone");
    }

    @Test
    void groups_are_removed() throws IOException {
        ControlGroups groups = separate();
        Path group = Files.createDirectories(folder.resolve("cpu/virtugrid-w1"));

        groups.remove(
                List.of(group.toString(), folder.resolve("cpu/virtugrid-w2").toString()));
        assertThat(group).doesNotExist();
    }
}
