package org.virtugrid.cli.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTroubleTest {
    @TempDir
    private Path folder;

    private static String trouble(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            return FileTrouble.text(e);
        }
        throw new AssertionError("nothing went wrong");
    }

    private interface Work {
        void run() throws IOException;
    }

    @Test
    void a_path_alone_is_no_reason() throws IOException {
        Path missing = folder.resolve("none/file");
        Path there = Files.createFile(folder.resolve("there"));

        assertThat(trouble(() -> Files.createFile(missing))).contains(missing.toString(), "does not exist");
        assertThat(trouble(() -> Files.createFile(there))).contains("exists already");
        assertThat(trouble(() -> Files.newInputStream(there.resolve("below")))).contains("Not a directory");
        assertThat(FileTrouble.text(new FileSystemException("/x", null, "No space left on device")))
                .isEqualTo("No space left on device: /x");
        assertThat(FileTrouble.text(new IOException())).isEqualTo("IOException");
    }
}
