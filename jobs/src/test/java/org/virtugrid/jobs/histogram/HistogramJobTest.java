package org.virtugrid.jobs.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.JobRun;

class HistogramJobTest {

    @Test
    void findsTheRangeInTheDataAndKeepsItsEndInTheLastBin() throws InvalidJobException {
        assertThat(JobRun.of("histogram")
                        .with("bins", 2)
                        .inline(0, 1, 2, 4)
                        .scattered(new Random(1))
                        .result())
                .isEqualTo(List.of(row(0L, 2L, 2), row(2L, 4L, 2)));
        assertThat(JobRun.of("histogram").with("bins", 2).inline(0, 1).result())
                .isEqualTo(List.of(row(0L, new BigDecimal("0.5"), 1), row(new BigDecimal("0.5"), 1L, 1)));
    }

    @Test
    void leavesOutWhatIsBeyondAGivenRange() throws InvalidJobException {
        assertThat(JobRun.of("histogram")
                        .with("bins", 2)
                        .with("from", 0)
                        .with("to", 10)
                        .inline(-1, 0, 5, 10, 11)
                        .result())
                .isEqualTo(List.of(row(0L, 5L, 1), row(5L, 10L, 2)));
        assertThat(JobRun.of("histogram")
                        .with("bins", 1)
                        .with("to", 10)
                        .inline(-1, 0, 11)
                        .result())
                .isEqualTo(List.of(row(-1L, 10L, 2)));
        assertThat(JobRun.of("histogram")
                        .with("bins", 1)
                        .with("from", 0)
                        .with("to", 1)
                        .result())
                .isEqualTo(List.of(row(0L, 1L, 0)));
    }

    @Test
    void ofNothingAndOfOneNumber() throws InvalidJobException {
        assertThat(JobRun.of("histogram").result()).isEqualTo(List.of());
        assertThat(JobRun.of("histogram").inline(7, 7).result()).isEqualTo(List.of(row(7L, 7L, 2)));
    }

    @Test
    void refusesEmptyRangesAndBeyondDoubles() {
        assertThatThrownBy(() ->
                        JobRun.of("histogram").with("from", 2).with("to", 1).result())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("from 2 to 1 is empty");
        assertThatThrownBy(
                        () -> JobRun.of("histogram").with("from", 9).inline(1).result())
                .hasMessageContaining("from 9 to 1 is empty");
        assertThatThrownBy(() -> JobRun.of("histogram").inline("1e400").result())
                .hasMessageContaining("double");
        assertThatThrownBy(() -> JobRun.of("histogram").with("from", "low").result())
                .hasMessageContaining("'low' is not a number");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyNumberIsInTheBinWhoseBoundsHoldIt(long seed) throws InvalidJobException {
        Random random = new Random(seed);
        double scale = Math.pow(10, random.nextInt(600) - 300);
        double[] numbers =
                random.doubles(2000).map(d -> Math.rint(d * 50) * scale).toArray();
        String lines =
                java.util.Arrays.stream(numbers).mapToObj(Double::toString).collect(Collectors.joining("\n"));

        List<?> rows = (List<?>) JobRun.of("histogram")
                .with("bins", 7)
                .over(lines)
                .scattered(random)
                .result();
        assertThat(rows).hasSize(7);
        for (int i = 0; i < 7; i++) {
            Map<?, ?> row = (Map<?, ?>) rows.get(i);
            double from = ((Number) row.get("from")).doubleValue();
            double to = ((Number) row.get("to")).doubleValue();
            boolean last = i == 6;
            long expected = java.util.Arrays.stream(numbers)
                    .filter(d -> d >= from && (last ? d <= to : d < to))
                    .count();
            assertThat(row.get("count")).isEqualTo(expected);
        }
    }

    private static Map<String, Object> row(Number from, Number to, long count) {
        return Map.of("from", from, "to", to, "count", count);
    }
}
