package org.virtugrid.jobs.wordcount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.virtugrid.jobs.api.Coreutils;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.JobRun;
import org.virtugrid.jobs.api.RandomText;
import org.virtugrid.jobs.value.ByteText;

class WordCountJobTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void countsWhatCoreutilsCount(long seed) throws InvalidJobException {
        Random random = new Random(seed);
        byte[] text = RandomText.words(random, 8000);
        byte[] listing =
                Coreutils.run("tr -s '[:space:]' '\\n' | grep -av '^$' | sort | uniq -c | sort -s -k1,1nr", text);

        List<Map<String, Object>> expected = rows(listing);
        long total = expected.stream().mapToLong(row -> (long) row.get("count")).sum();
        assertThat(expected).hasSizeGreaterThan(1000);
        assertThat(JobRun.of("word-count").with("top", 10000).over(text).result())
                .isEqualTo(Map.of("total", total, "distinct", expected.size(), "top", expected));
        assertThat(JobRun.of("word-count").over(text).scattered(random).result())
                .isEqualTo(Map.of("total", total, "distinct", expected.size(), "top", expected.subList(0, 20)));
    }

    private static List<Map<String, Object>> rows(byte[] listing) {
        Pattern newlines = Pattern.compile("\n"); // not lines(), for which a return ends a line, too
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String line : newlines.splitAsStream(new String(listing, StandardCharsets.ISO_8859_1))
                .toList()) {
            String row = line.replaceFirst("^ +", "");
            int space = row.indexOf(' ');
            String word = ByteText.of(row.substring(space + 1).getBytes(StandardCharsets.ISO_8859_1));
            rows.add(Map.of("word", word, "count", Long.parseLong(row.substring(0, space))));
        }
        return rows;
    }

    @Test
    void nothingHasNoWords() throws InvalidJobException {
        Map<String, Object> none = Map.of("total", 0L, "distinct", 0, "top", List.of());
        assertThat(JobRun.of("word-count").result()).isEqualTo(none);
        assertThat(JobRun.of("word-count").over(" \n\t\r\n").result()).isEqualTo(none);
    }

    @Test
    void wordsOfZeroBytesDifferByTheirLength() throws InvalidJobException {
        assertThat(JobRun.of("word-count")
                        .over("\0 \0\0 a a\0 a a\0\0\0\0\0\0\0 a\0\0\0\0\0\0\0\0")
                        .result())
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("distinct", 6)
                .containsEntry("total", 7L);
    }

    @Test
    void inlineValuesAreTexts() throws InvalidJobException {
        assertThat(JobRun.of("word-count")
                        .inline("a b", "b", 1, "1")
                        .with("top", 1)
                        .result())
                .isEqualTo(Map.of("total", 5L, "distinct", 3, "top", List.of(Map.of("word", "1", "count", 2L))));
    }

    @Test
    void refusesToOutgrowItsWorker() {
        byte[] text = RandomText.words(new Random(1), 50_000);
        assertThatThrownBy(() ->
                        JobRun.of("word-count").over(text).limitedTo(100_000).result())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("100000 bytes");
    }

    @Test
    void refusesUnknownParametersAndBounds() {
        assertThatThrownBy(() -> JobRun.of("word-count").with("tops", 1).result())
                .hasMessageContaining("tops: is not a parameter");
        assertThatThrownBy(() -> JobRun.of("word-count").with("top", 10001).result())
                .hasMessageContaining("from 0 to 10000");
    }
}
