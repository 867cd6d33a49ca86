package org.virtugrid.jobs.sort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.virtugrid.jobs.api.Coreutils;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.api.LineRecords;
import org.virtugrid.jobs.api.RandomText;

class LineSorterTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void sortsAsCoreutilsDo(long seed) throws Exception {
        byte[] lines = RandomText.lines(new Random(seed), 20_000);
        assertThat(sorted(Map.of(), lines)).isEqualTo(Coreutils.run("sort", lines));
        assertThat(sorted(Map.of("descending", "true"), lines)).isEqualTo(Coreutils.run("sort -r", lines));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void sortsColumnsAsCoreutilsDo(long seed) throws Exception {
        Random random = new Random(seed);
        byte[] lines = Coreutils.run("tr -d '\\t' | sed 's/a/\\t/g; s/$/\\t\\t\\t/'", RandomText.lines(random, 5000));
        assertThat(sorted(Map.of("column", "2"), lines))
                .isEqualTo(Coreutils.run("sort -t \"$(printf '\\t')\" -k2,2", lines));
        assertThat(sorted(Map.of("column", "3", "descending", "true"), lines))
                .isEqualTo(Coreutils.run("sort -t \"$(printf '\\t')\" -k3,3 -r", lines));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void sortsNumbersAsCoreutilsDo(long seed) throws Exception {
        byte[] lines = numbers(new Random(seed), 5000, false);
        assertThat(sorted(Map.of("numeric", "true"), lines)).isEqualTo(Coreutils.run("sort -n", lines));
        assertThat(sorted(Map.of("numeric", "true", "descending", "true"), lines))
                .isEqualTo(Coreutils.run("sort -n -r", lines));
    }

    @Test
    void sortsExponentsByExactValue() throws Exception {
        byte[] lines = numbers(new Random(5), 3000, true);
        byte[] sorted = sorted(Map.of("numeric", "true"), lines);
        List<java.math.BigDecimal> values = new String(sorted, StandardCharsets.US_ASCII)
                .lines()
                .map(java.math.BigDecimal::new)
                .toList();
        assertThat(values).hasSize(3000).isSorted();
    }

    private static byte[] numbers(Random random, int count, boolean exponents) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(random.nextBoolean() ? "-" : "").append("0".repeat(random.nextInt(3)));
            text.append(random.nextInt(random.nextBoolean() ? 100 : 2_000_000_000));
            if (random.nextBoolean()) {
                text.append('.').append(random.nextInt(1000)).append("0".repeat(random.nextInt(3)));
            }
            if (random.nextInt(10) == 0 && !exponents) {
                text.append("12345678901234567890");
            }
            if (exponents && random.nextBoolean()) {
                text.append('e').append(random.nextInt(41) - 20);
            }
            text.append('\n');
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void digitsFarBehindThePointCount() throws Exception {
        String sorted = "-1.0001\n-1.00001\n-1\n-0.00\n0\n0.00001\n1\n1.00001\n1.0001\n1.001\n100\n";
        byte[] lines = Coreutils.run("sort -R", sorted.getBytes(StandardCharsets.US_ASCII));
        assertThat(sorted(Map.of("numeric", "true"), lines)).asString().isEqualTo(sorted);
    }

    @Test
    void linesWithoutNumberOrColumnAreRefusedOrFirst() throws Exception {
        byte[] lines = "b\tx\na\t2\nc\t\nd\ne\t-1\n".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> sorted(Map.of("column", "2", "numeric", "true"), lines))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("'x' is not a number");
        assertThatThrownBy(() -> sorted(Map.of("column", "2", "numeric", "true", "invalid", "first"), lines))
                .hasMessageContaining("no column 2 in the line 'd'");
        assertThat(sorted(Map.of("column", "2", "numeric", "true", "invalid", "first", "missing", "first"), lines))
                .asString()
                .isEqualTo("b\tx\nc\t\nd\ne\t-1\na\t2\n");
    }

    @Test
    void manyEqualLongLinesNeedNoDeepStack() throws Exception {
        byte[] line = new byte[100_000];
        Arrays.fill(line, (byte) 'x');
        LineSorter sorter = new LineSorter(new LineOrder(new JobParameters(Map.of())), 0);
        for (int i = 0; i < 40; i++) {
            sorter.add(line, 0, line.length - i % 2);
        }
        sorter.sort();
        assertThat(sorter.lines()).hasSize(40).isSortedAccordingTo(Arrays::compareUnsigned);
    }

    @Test
    void allKindsOfZeroBytesKeepTheirPlace() throws Exception {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (int i = 0; i < 400; i++) {
            lines.writeBytes(new byte[i * 7 % 40]);
            lines.writeBytes(i % 3 == 0 ? new byte[] {'a', '\n'} : new byte[] {'\n'});
        }
        assertThat(sorted(Map.of(), lines.toByteArray())).isEqualTo(Coreutils.run("sort", lines.toByteArray()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "descending", "numeric"})
    void aSortInPiecesIsTheSortOfAll(String flag) throws Exception {
        Map<String, String> parameters = flag.isEmpty() ? Map.of() : Map.of(flag, "true");
        Random random = new Random(9);
        byte[] text = flag.equals("numeric") ? numbers(random, 9000, true) : RandomText.lines(random, 9000);
        LineOrder order = new LineOrder(new JobParameters(parameters));
        List<byte[]> lines = lines(text);
        Splitters splitters = Splitters.choose(order, lines.subList(0, 400), 4);
        assertThat(splitters.ranges()).isEqualTo(4);

        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List<Integer> sizes = new ArrayList<>();
        for (int range = 0; range < splitters.ranges(); range++) {
            List<LineSource> runs = new ArrayList<>();
            int held = 0;
            for (int run = 0; run < 5; run++) {
                LineSorter sorter = new LineSorter(order, 100);
                for (int i = run; i < lines.size(); i += 5) {
                    if (splitters.rangeOf(lines.get(i), 0, lines.get(i).length) == range) {
                        sorter.add(lines.get(i), 0, lines.get(i).length);
                    }
                }
                sorter.sort();
                held += sorter.count();
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                sorter.writeTo(bytes);
                runs.add(
                        run == 0
                                ? sorter.sorted()
                                : new StreamLines(new ByteArrayInputStream(bytes.toByteArray()), 64));
            }
            RunMerger.merge(order, runs, all);
            sizes.add(held);
        }

        assertThat(sizes).allMatch(size -> size > 900);
        assertThat(all.toByteArray()).isEqualTo(sorted(parameters, text));
    }

    @Test
    void mergingNothingWritesNothing() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LineOrder order = new LineOrder(new JobParameters(Map.of()));
        RunMerger.merge(order, List.of(), out);
        RunMerger.merge(order, List.of(new StreamLines(new ByteArrayInputStream(new byte[0]), 64)), out);
        assertThat(out.toByteArray()).isEmpty();
    }

    private static List<byte[]> lines(byte[] text) {
        List<byte[]> lines = new ArrayList<>();
        LineRecords records = new LineRecords(text, 0, text.length);
        while (records.next()) {
            lines.add(Arrays.copyOfRange(text, records.offset(), records.offset() + records.length()));
        }
        return lines;
    }

    private static byte[] sorted(Map<String, String> parameters, byte[] text) throws InvalidJobException, IOException {
        LineSorter sorter = new LineSorter(new LineOrder(new JobParameters(parameters)), 16);
        sorter.addAll(new LineRecords(text, 0, text.length));
        sorter.sort();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        sorter.writeTo(out);
        return out.toByteArray();
    }
}
