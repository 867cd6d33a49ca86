package org.virtugrid.jobs.count;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.virtugrid.jobs.api.Coreutils;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.JobRun;
import org.virtugrid.jobs.api.RandomText;

/** The operations count, distinct and top-k. */
class SmallJobsTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void agreeWithCoreutils(long seed) throws InvalidJobException {
        Random random = new Random(seed);
        byte[] lines = RandomText.lines(random, 5000);
        assertThat(JobRun.of("count").over(lines).scattered(random).result()).isEqualTo(5000L);
        assertThat(JobRun.of("distinct").over(lines).scattered(random).result())
                .isEqualTo((Object) number(Coreutils.run("sort -u | wc -l", lines)));
        List<?> top = (List<?>)
                JobRun.of("top-k").with("k", 1).over(lines).scattered(random).result();
        long most = number(Coreutils.run("sort | uniq -c | sort -nr | head -n 1 | awk '{print $1}'", lines));
        assertThat(top).hasSize(1).first().extracting("count").isEqualTo(most);
    }

    private static int number(byte[] text) {
        return Integer.parseInt(new String(text, StandardCharsets.US_ASCII).trim());
    }

    @Test
    void topKBreaksTiesByUnsignedBytes() throws InvalidJobException {
        byte[] lines = "é\nz\nz\nb\nb\né\na\n".getBytes(StandardCharsets.UTF_8);
        assertThat(JobRun.of("top-k").with("k", 3).over(lines).result())
                .isEqualTo(List.of(
                        Map.of("value", "b", "count", 2L),
                        Map.of("value", "z", "count", 2L),
                        Map.of("value", "é", "count", 2L)));
    }

    @Test
    void topKKeepsNumbersNumbersUnlessMixed() throws InvalidJobException {
        assertThat(JobRun.of("top-k").inline(7, 7, 1.5).scattered(new Random(1)).result())
                .isEqualTo(
                        List.of(Map.of("value", 7L, "count", 2L), Map.of("value", new BigDecimal("1.5"), "count", 1L)));
        assertThat(JobRun.of("top-k")
                        .inline(7, "a", "a")
                        .scattered(new Random(1))
                        .result())
                .isEqualTo(List.of(Map.of("value", "a", "count", 2L), Map.of("value", "7", "count", 1L)));
    }

    @Test
    void countWithAColumnCountsLinesThatHaveIt() throws InvalidJobException {
        assertThat(JobRun.of("count").with("column", 2).over("a\tb\nc\n\td\n\n").result())
                .isEqualTo(2L);
        assertThat(JobRun.of("count").over("a\n\nb").result()).isEqualTo(3L);
        assertThat(JobRun.of("count").inline("a\nb", 1).result()).isEqualTo(2L);
        assertThat(JobRun.of("distinct")
                        .with("column", 1)
                        .over("a\tb\na\n\td\n\n")
                        .result())
                .isEqualTo(2);
    }

    @Test
    void ofNothing() throws InvalidJobException {
        assertThat(JobRun.of("count").result()).isEqualTo(0L);
        assertThat(JobRun.of("distinct").result()).isEqualTo(0);
        assertThat(JobRun.of("top-k").result()).isEqualTo(List.of());
    }
}
