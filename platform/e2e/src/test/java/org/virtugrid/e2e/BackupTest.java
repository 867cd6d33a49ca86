package org.virtugrid.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.virtugrid.e2e.harness.Grid;
import org.virtugrid.e2e.harness.Json;
import org.virtugrid.e2e.harness.Result;
import org.virtugrid.e2e.harness.Texts;
import org.virtugrid.e2e.harness.WithGrid;
import tools.jackson.databind.JsonNode;

/** A grid goes into a file and comes back out of it in another home. */
@WithGrid
@Order(24)
class BackupTest {
    private final Grid grid;

    BackupTest(Grid grid) {
        this.grid = grid;
    }

    @Test
    void anEmptyHomeBecomesTheGridThatWasBackedUp() throws IOException {
        Path table = Files.writeString(grid.scratch().resolve("table.csv"), "a,1\nb,2\na,3\n".repeat(1000));
        grid.put("backup-words", Texts.dictionary());
        grid.put("backup-table", table, "--strategy", "key", "--column", "1", "--delimiter", "comma");
        String counted = grid.detached("word-count", "backup-words", "--param", "top=2");
        JsonNode result = grid.json("task", "wait", counted).path("result");
        Result failed =
                grid.virtugrid("run", "process", "--operation", "sum", "--dataset", "backup-words", "-o", "json");
        assertThat(failed.exitCode()).isEqualTo(1);
        Path file = grid.scratch().resolve("backup.zip");

        JsonNode made = grid.json(
                "backup", "create", file.toString(), "--dataset", "backup-words", "--dataset", "backup-table");

        assertThat(made.path("included")).extracting(JsonNode::asString).contains("backup-words", "backup-table");
        assertThat(made.path("tasks").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
                .as("no secret")
                .doesNotContain(grid.token())
                .doesNotContain(grid.ignitePassword());
        assertThat(grid.virtugrid("backup", "create", file.toString()).exitCode())
                .as("it is there already")
                .isEqualTo(2);
        try (Grid restored = Grid.prepare("restored")) {
            Result restore = restored.virtugrid(
                    "backup",
                    "restore",
                    file.toString(),
                    "--workers",
                    "2",
                    "--port",
                    Integer.toString(restored.port()),
                    "-o",
                    "json");
            assertThat(restore.exitCode()).as("%s", restore).isZero();
            assertThat(Files.mismatch(restored.get("backup-words"), Texts.dictionary()))
                    .isEqualTo(-1);
            assertThat(Files.mismatch(restored.get("backup-table"), table)).isEqualTo(-1);
            assertThat(restored.json("dataset", "show", "backup-table")
                            .path("strategy")
                            .asString())
                    .isEqualTo("key");
            assertThat(restored.json("dataset", "check", "backup-table")
                            .path("consistent")
                            .asBoolean())
                    .isTrue();
            assertThat(result.path("total").asInt()).isPositive();
            assertThat(restored.json("task", "show", counted).path("result")).isEqualTo(result);
            assertThat(restored.process("word-count", "backup-words", "--param", "top=2"))
                    .isEqualTo(result);
            assertThat(restored.token()).isNotEqualTo(grid.token());
            assertThat(restored.virtugrid("backup", "restore", file.toString()).exitCode())
                    .as("it is not empty any more")
                    .isEqualTo(2);
        }
    }

    @Test
    void aDamagedFileIsRefusedBeforeAnythingIsTouched() throws IOException {
        Path file = grid.scratch().resolve("small.zip");
        grid.json("backup", "create", file.toString());
        assertThat(Json.parse(grid.virtugrid("backup", "show", file.toString(), "-o", "json")
                                .out())
                        .path("file")
                        .asString())
                .isEqualTo(file.toString());
        byte[] bytes = Files.readAllBytes(file);
        List<byte[]> damages = new ArrayList<>();
        damages.add(Arrays.copyOf(bytes, bytes.length / 2));
        byte[] flipped = bytes.clone();
        flipped[60] ^= 1;
        damages.add(flipped);
        damages.add("no zip".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        for (byte[] damage : damages) {
            Files.write(file, damage, StandardOpenOption.TRUNCATE_EXISTING);
            assertThat(grid.virtugrid("backup", "show", file.toString()).exitCode())
                    .isEqualTo(2);
            try (Grid other = Grid.prepare("never")) {
                assertThat(other.virtugrid("backup", "restore", file.toString()).exitCode())
                        .isEqualTo(2);
                assertThat(other.home().resolve("home.json")).doesNotExist();
            }
        }
    }
}
