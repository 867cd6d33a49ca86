package org.virtugrid.jobs.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.virtugrid.jobs.api.Coreutils;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.JobRun;
import org.virtugrid.jobs.api.LineRecords;
import org.virtugrid.jobs.api.LineSelector;
import org.virtugrid.jobs.api.RandomText;

class FilterJobTest {

    @ParameterizedTest
    @ValueSource(strings = {"ab", "a.b", "^p+a", "c$", "(a|b){2}c", "^$", "pppa", "[^a-c]"})
    void selectsWhatGrepSelects(String pattern) throws InvalidJobException {
        byte[] lines = Coreutils.run("tr -d '\\000'", RandomText.lines(new Random(3), 4000));
        byte[] expected = Coreutils.run("grep -aE '" + pattern + "' || true", lines);
        byte[] others = Coreutils.run("grep -avE '" + pattern + "' || true", lines);
        assertThat(selected(JobRun.of("filter").with("pattern", pattern), lines))
                .isEqualTo(expected);
        assertThat(selected(JobRun.of("filter").with("pattern", pattern).with("invert", true), lines))
                .isEqualTo(others);
        long matched = expected.length == 0 ? 0 : lineCount(expected);
        assertThat(JobRun.of("filter")
                        .with("pattern", pattern)
                        .over(lines)
                        .scattered(new Random(4))
                        .result())
                .isEqualTo(Map.of("lines", lineCount(lines), "matched", matched));
    }

    private static byte[] selected(JobRun run, byte[] text) throws InvalidJobException {
        LineSelector selector = new FilterJob().selector(run.context());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LineRecords lines = new LineRecords(text, 0, text.length);
        while (lines.next()) {
            if (selector.keep(lines.array(), lines.offset(), lines.length())) {
                out.write(lines.array(), lines.offset(), lines.length());
                out.write('\n');
            }
        }
        return out.toByteArray();
    }

    private static long lineCount(byte[] text) {
        return Long.parseLong(new String(Coreutils.run("grep -ac ''", text), StandardCharsets.US_ASCII).trim());
    }

    @Test
    void matchesCharactersOfUtf8AndSingleOtherBytes() throws InvalidJobException {
        byte[] lines = "é\n\u00e9\u00e9\n😀\n".getBytes(StandardCharsets.UTF_8);
        assertThat(matched("^.$", lines)).isEqualTo(2L);
        assertThat(matched("[à-ü]", lines)).isEqualTo(2L);
        byte[] broken = {
            (byte) 0xe9, 'x', '\n', (byte) 0xc3, '\n', 'a', (byte) 0xff, (byte) 0xed, (byte) 0xa0, 'b', '\n'
        };
        assertThat(matched("^.x$", broken)).isEqualTo(1L);
        assertThat(matched("a...b", broken)).isEqualTo(1L);
        assertThat(matched("é", broken)).isEqualTo(0L);
        assertThat(matched("x$", "x\r\n".getBytes(StandardCharsets.UTF_8))).isEqualTo(0L);
    }

    private static Object matched(String pattern, byte[] lines) throws InvalidJobException {
        return ((Map<?, ?>)
                        JobRun.of("filter").with("pattern", pattern).over(lines).result())
                .get("matched");
    }

    @Test
    void appliesToAColumn() throws InvalidJobException {
        assertThat(JobRun.of("filter")
                        .with("pattern", "^b$")
                        .with("column", 2)
                        .over("a\tb\nb\ta\nb\n")
                        .with("missing", "skip")
                        .result())
                .isEqualTo(Map.of("lines", 3L, "matched", 1L));
    }

    @Test
    void aRunawayMatchEndsWithItsTask() throws InvalidJobException {
        byte[] line = ("a".repeat(60) + "!").getBytes(StandardCharsets.UTF_8);
        assertThat(JobRun.of("filter")
                        .with("pattern", "^(a|a)*$")
                        .over(line)
                        .cancelled()
                        .result())
                .isEqualTo(Map.of("lines", 1L, "matched", 0L));
    }

    @Test
    void tooDeepAMatchIsAnErrorOfThePattern() {
        byte[] line = "ab".repeat(500_000).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> JobRun.of("filter")
                        .with("pattern", "^(a|b)*$")
                        .over(line)
                        .result())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("too deep");
    }

    @Test
    void refusesBadPatternsWithTheirPosition() {
        assertThatThrownBy(() -> JobRun.of("filter").with("pattern", "a(b").result())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("'a(b' is not a regular expression: Unclosed group at character 4");
        assertThatThrownBy(() -> JobRun.of("filter").result()).hasMessageContaining("pattern: is missing");
    }
}
