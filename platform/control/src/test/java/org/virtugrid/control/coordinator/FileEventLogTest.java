package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.api.EventView;

class FileEventLogTest {
    @TempDir
    Path directory;

    private FileEventLog open() {
        return new FileEventLog(directory.resolve("events.jsonl"), Clock.systemUTC());
    }

    @Test
    void events_outlive_the_process() {
        open().record("VM_CRASHED", "w1", "its process ended", Map.of("pid", 7));

        assertThat(open().since(Instant.EPOCH)).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo("VM_CRASHED");
            assertThat(event.evidence()).containsEntry("pid", 7);
        });
        assertThat(open().since(Instant.now().plusSeconds(60))).isEmpty();
    }

    @Test
    void a_line_that_a_crash_has_torn_costs_that_line_only() throws IOException {
        open().record("A", "w1", "first", Map.of());
        Files.writeString(directory.resolve("events.jsonl"), "{\"type\":\"B", StandardOpenOption.APPEND);

        FileEventLog log = open();
        log.record("C", "w1", "third", Map.of());

        assertThat(open().since(Instant.EPOCH)).extracting(EventView::type).containsExactly("A", "C");
    }

    @Test
    void listeners_hear_what_comes_later_until_they_close() throws Exception {
        FileEventLog log = open();
        List<String> heard = new CopyOnWriteArrayList<>();
        log.record("BEFORE", "w1", "x", Map.of());
        AutoCloseable handle = log.subscribe(event -> heard.add(event.type()));
        log.record("AFTER", "w1", "x", Map.of());
        await().atMost(Duration.ofSeconds(5)).until(() -> heard.equals(List.of("AFTER")));

        handle.close();
        log.record("LATER", "w1", "x", Map.of());

        assertThat(heard).containsExactly("AFTER");
    }
}
