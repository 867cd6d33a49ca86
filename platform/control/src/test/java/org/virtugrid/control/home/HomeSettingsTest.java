package org.virtugrid.control.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.virtugrid.grid.fault.GridException;

class HomeSettingsTest {
    private static final String GOOD =
            """
            {"formatVersion":1,"workers":3,"driver":"process","backups":1,"httpPort":3000,"workerMemoryBytes":1073741824,
             "ports":{"http":3000,"thin":10800,"restHttp":21000,"restTcp":21001,"discovery":21002,"communication":21003,
                      "workerBase":21100}}
            """;

    @TempDir
    Path directory;

    private HomeSettings read(String json) throws IOException {
        return HomeSettings.read(Files.writeString(directory.resolve("home.json"), json));
    }

    @Test
    void what_up_writes_is_read() throws IOException {
        HomeSettings settings = read(GOOD);

        assertThat(settings.workers()).isEqualTo(3);
        assertThat(settings.ports().workerBase()).isEqualTo(21_100);
    }

    @ParameterizedTest
    @CsvSource({
        "\"workers\":3, \"workers\":0, workers",
        "\"formatVersion\":1, \"formatVersion\":2, formatVersion",
        "\"driver\":\"process\", \"driver\":\"magic\", driver",
        "\"thin\":10800, \"thin\":70000, ports.thin",
        "\"httpPort\":3000, \"httpPort\":3001, httpPort",
        "1073741824, 1000, workerMemoryBytes",
        "'\"backups\":1', '\"backups\":1,\"extra\":1', extra"
    })
    void a_wrong_field_is_named_with_what_would_be_right(String good, String wrong, String field) {
        assertThatThrownBy(() -> read(GOOD.replace(good, wrong))).isInstanceOfSatisfying(GridException.class, e -> {
            assertThat(e.kind()).isEqualTo(GridException.Kind.INVALID);
            assertThat(e.field()).isEqualTo(field);
            assertThat(e.fix()).isNotBlank();
        });
    }

    @Test
    void a_damaged_or_missing_file_is_told_plainly() {
        assertThatThrownBy(() -> read("{")).hasMessageContaining("damaged");
        assertThatThrownBy(() -> HomeSettings.read(directory.resolve("none.json")))
                .hasMessageContaining("missing");
    }

    @Test
    void one_control_process_at_most_acts_on_a_home() throws IOException {
        read(GOOD);
        Home home = Home.open(directory);
        HomeLock first = HomeLock.take(home);

        assertThatThrownBy(() -> HomeLock.take(home)).hasMessageContaining("another control process");

        first.close();
        HomeLock.take(home).close();
    }
}
