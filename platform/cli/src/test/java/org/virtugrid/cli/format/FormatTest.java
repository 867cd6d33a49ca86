package org.virtugrid.cli.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes, times and tables. */
class FormatTest {

    @ParameterizedTest
    @CsvSource({
        "1048576,1048576",
        "1MiB,1048576",
        "1 mib,1048576",
        "512M,536870912",
        "2GiB,2147483648",
        "1.5KiB,1536",
        "1MB,1000000",
        "0,0"
    })
    void sizesAreRead(String text, long bytes) {
        assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "much", "-1", "1XiB", "99999999TiB", "1e9", "1.MiB"})
    void whatIsNoSizeIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ByteSize.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "1536,1.5 KiB", "1048576,1 MiB", "1073741823,1.0 GiB", "157286400,150 MiB"})
    void sizesAreShown(long bytes, String text) {
        assertThat(ByteSize.human(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"30s,30", "5m,300", "1h,3600", "2d,172800", "45,45"})
    void timesAreRead(String text, long seconds) {
        assertThat(TimeSpan.parse(text).duration()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void whatIsNoTimeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> TimeSpan.parse("soon"));
        assertThatIllegalArgumentException().isThrownBy(() -> TimeSpan.parse("-5s"));
    }

    @Test
    void sinceIsASpanBackFromNowOrAnInstant() {
        Clock clock = Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);
        assertThat(TimeSpan.parseSince("1h", clock)).isEqualTo("2026-01-31T11:00:00Z");
        assertThat(TimeSpan.parseSince("2026-01-30T01:00:00+01:00", clock)).isEqualTo("2026-01-30T00:00:00Z");
        assertThatIllegalArgumentException().isThrownBy(() -> TimeSpan.parseSince("yesterday", clock));
    }

    @Test
    void tablesAlignTextToTheLeftAndNumbersToTheRight() {
        assertThat(new Table("NAME", "N").row("a", 5).row("long", 1000).toString())
                .isEqualTo("NAME     N\na        5\nlong  1000\n");
        assertThat(new Table("T").row("1 h 5 m").row("12 s").toString()).isEqualTo("      T\n1 h 5 m\n   12 s\n");
        assertThat(new Table("ID").row("0a11").row("7d9ca81").toString()).isEqualTo("ID\n0a11\n7d9ca81\n");
        assertThat(new Table("A", "B").row("x\u001by", null).toString()).isEqualTo("A    B\nx\uFFFDy  -\n");
    }

    @Test
    void wordsForAShellAreQuotedWhereTheyMustBe() {
        assertThat(ShellWord.quoted("/a/b.txt")).isEqualTo("/a/b.txt");
        assertThat(ShellWord.quoted("it's $HOME")).isEqualTo("'it'\\''s $HOME'");
    }
}
