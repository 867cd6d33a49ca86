package org.virtugrid.jobs.sort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.JobRun;

class SortJobTest {

    @Test
    void numbersGoByValueAndKeepTheirForm() throws InvalidJobException {
        assertThat(JobRun.of("sort").inline(10, 9, -1, new BigDecimal("1.50")).result())
                .isEqualTo(List.of(-1L, new BigDecimal("1.50"), 9L, 10L));
        assertThat(JobRun.of("sort")
                        .with("descending", true)
                        .inline(10, 9, 11)
                        .scattered(new Random(1))
                        .result())
                .isEqualTo(List.of(11L, 10L, 9L));
        assertThat(JobRun.of("sort").with("numeric", false).inline(10, 9, 100).result())
                .isEqualTo(List.of(10L, 100L, 9L));
    }

    @Test
    void stringsGoByTheirBytes() throws InvalidJobException {
        assertThat(JobRun.of("sort")
                        .inline("10", "9", "é", "z", "")
                        .scattered(new Random(2))
                        .result())
                .isEqualTo(List.of("", "10", "9", "z", "é"));
        assertThat(JobRun.of("sort").with("numeric", true).inline("10", "9").result())
                .isEqualTo(List.of("9", "10"));
    }

    @Test
    void nothingIsSorted() throws InvalidJobException {
        assertThat(JobRun.of("sort").inline().result()).isEqualTo(List.of());
    }

    @Test
    void refusesMixturesAndOthers() {
        assertThatThrownBy(() -> JobRun.of("sort").inline("a", 1).result())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("both numbers and strings");
        assertThatThrownBy(() -> JobRun.of("sort").inline(true).result()).hasMessageContaining("neither");
        assertThatThrownBy(() -> JobRun.of("sort").with("reverse", true).result())
                .hasMessageContaining("reverse: is not a parameter");
    }
}
