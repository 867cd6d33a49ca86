package org.virtugrid.jobs.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.JobRun;
import org.virtugrid.jobs.value.NumberText;

class AggregateJobsTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void areExactInWhateverOrder(long seed) throws InvalidJobException {
        Random random = new Random(seed);
        List<BigDecimal> numbers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            BigInteger digits = new BigInteger(1 + random.nextInt(random.nextInt(8) == 0 ? 150 : 63), random);
            BigDecimal number = new BigDecimal(digits, random.nextInt(seed % 2 == 0 ? 22 : 3) - 1);
            numbers.add(random.nextBoolean() ? number : number.negate());
        }
        String lines = numbers.stream().map(BigDecimal::toString).collect(Collectors.joining(" \n\n\t"));
        BigDecimal sum = numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal min = numbers.stream().min(BigDecimal::compareTo).orElseThrow();
        BigDecimal max = numbers.stream().max(BigDecimal::compareTo).orElseThrow();
        double mean = sum.divide(BigDecimal.valueOf(300), new MathContext(1200)).doubleValue();

        assertThat(JobRun.of("sum").over(lines).scattered(random).result()).isEqualTo(NumberText.canonical(sum));
        assertThat(JobRun.of("min").over(lines).scattered(random).result()).isEqualTo(NumberText.canonical(min));
        assertThat(JobRun.of("max").over(lines).scattered(random).result()).isEqualTo(NumberText.canonical(max));
        assertThat(JobRun.of("mean").over(lines).scattered(random).result()).isEqualTo(mean);
    }

    @Test
    void wholeNumbersStayWhole() throws InvalidJobException {
        assertThat(JobRun.of("sum").inline(1, 2, 3).result()).isEqualTo(6L);
        assertThat(JobRun.of("sum").inline("0.5", "+.5", "5.").result()).isEqualTo(6L);
        assertThat(JobRun.of("sum").inline(Long.MAX_VALUE, Long.MAX_VALUE, 2).result())
                .isEqualTo(BigInteger.TWO.pow(64));
        assertThat(JobRun.of("max").inline("1e3", "-2E+2").result()).isEqualTo(1000L);
        assertThat(JobRun.of("min").inline("0.10", "0.2").result()).isEqualTo(new BigDecimal("0.1"));
        assertThat(JobRun.of("sum").over("\r\n 7 \r\n\n8\r\n").result()).isEqualTo(15L);
    }

    @Test
    void meanIsTheNearestDouble() throws InvalidJobException {
        assertThat(JobRun.of("mean").inline("0.1", "0.2").result()).isEqualTo(0.15);
        assertThat(JobRun.of("mean").inline(1, 1, 2).result()).isEqualTo(4.0 / 3);
        // a hair above the middle of 1 and its successor: rounding twice would go down to even
        String aboveTheMiddle =
                new BigDecimal(1 + 0x1p-52).add(BigDecimal.ONE).divide(BigDecimal.valueOf(2)) + "0".repeat(60) + "1";
        assertThat(JobRun.of("mean").inline(aboveTheMiddle).result()).isEqualTo(1 + 0x1p-52);
        assertThat(JobRun.of("mean").inline("-" + aboveTheMiddle).result()).isEqualTo(-1 - 0x1p-52);
        BigDecimal middle = BigDecimal.ONE.add(new BigDecimal(1 + 0x1p-52)).divide(BigDecimal.valueOf(2));
        String thrice = middle.multiply(BigDecimal.valueOf(3)).toString();
        assertThat(JobRun.of("mean").inline(thrice, "1e-900", 0).result()).isEqualTo(1 + 0x1p-52);
        assertThat(JobRun.of("mean").inline("-" + thrice, "-1e-900", 0).result())
                .isEqualTo(-1 - 0x1p-52);
        assertThat(JobRun.of("mean").inline(thrice, "-1e-900", 0).result()).isEqualTo(1.0);
        assertThat(JobRun.of("mean").inline("1e400", "3e400").result()).isEqualTo(new BigDecimal("2E+400"));
        assertThat(JobRun.of("mean").inline(0, 0).result()).isEqualTo(0.0);
    }

    @Test
    void ofNothing() throws InvalidJobException {
        assertThat(JobRun.of("sum").result()).isEqualTo(0L);
        assertThat(JobRun.of("min").over("\n \n").result()).isNull();
        assertThat(JobRun.of("max").result()).isNull();
        assertThat(JobRun.of("mean").result()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"NaN", "inf", "0x10", "1_000", "1,5", "1e", "e5", ".", "-", "--1", "1 2", "1e5.0", "٣", "1.2.3"})
    void refuseWhatIsNoNumberUnlessTold(String text) throws InvalidJobException {
        assertThatThrownBy(() -> JobRun.of("sum").inline(1, text).result())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("'" + text + "' is not a number");
        assertThat(JobRun.of("sum").inline(1, text, 2).with("invalid", "skip").result())
                .isEqualTo(3L);
    }

    @Test
    void refuseAbsurdNumbersWithAnExcerpt() {
        assertThatThrownBy(() -> JobRun.of("sum").inline("1e999999999").result())
                .hasMessageContaining("exponent of 9999");
        assertThatThrownBy(() -> JobRun.of("max").inline("1".repeat(200_000)).result())
                .hasMessageContaining("(200000 bytes)")
                .hasMessageContaining("beyond 100000 digits");
    }

    @Test
    void workOnColumns() throws InvalidJobException {
        String table = "a,1,x\nb,20,y\n,300,\n";
        assertThat(JobRun.of("sum")
                        .with("column", 2)
                        .with("delimiter", "comma")
                        .over(table)
                        .result())
                .isEqualTo(321L);
        assertThat(JobRun.of("sum")
                        .with("column", 2)
                        .with("delimiter", "whitespace")
                        .over("  a  4 b\n c\t5")
                        .result())
                .isEqualTo(9L);
        assertThatThrownBy(() ->
                        JobRun.of("sum").with("column", 2).over("a\t1\nb\n").result())
                .hasMessageContaining("no column 2 in the line 'b'");
        assertThat(JobRun.of("sum")
                        .with("column", 2)
                        .with("missing", "skip")
                        .over("a\t1\nb\n")
                        .result())
                .isEqualTo(1L);
        assertThatThrownBy(() -> JobRun.of("sum").with("delimiter", "comma").result())
                .hasMessageContaining("give column");
        assertThatThrownBy(() -> JobRun.of("sum")
                        .with("column", 1)
                        .with("delimiter", "é")
                        .result())
                .hasMessageContaining("is not a delimiter");
    }
}
