package org.virtugrid.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.virtugrid.e2e.harness.Commands;
import org.virtugrid.e2e.harness.Grid;
import org.virtugrid.e2e.harness.Texts;
import org.virtugrid.e2e.harness.WithGrid;
import tools.jackson.databind.JsonNode;

/** Each operation answers what the programs of coreutils answer on the same file. */
@WithGrid
@Order(21)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperationsTest {
    private static final String PACKAGES = "packages";
    private static final String SOURCES = "sources";

    private final Grid grid;
    private Path packages;
    private Path sources;

    OperationsTest(Grid grid) {
        this.grid = grid;
    }

    @BeforeAll
    void putTheFiles() {
        packages = Texts.packages();
        sources = Texts.sources();
        // Small chunks, so that lines are cut and every worker has some
        grid.put(PACKAGES, packages, "--chunk-size", "4KiB", "--strategy", "round-robin");
        grid.put(SOURCES, sources, "--chunk-size", "256KiB");
    }

    private static String shell(String script, Object... arguments) {
        return Commands.shell(script, arguments).strip();
    }

    /** "count value" lines, as {@code uniq -c} prints them, of an array of objects. */
    private static String counted(JsonNode array, String value) {
        List<String> lines = new ArrayList<>();
        array.forEach(row ->
                lines.add(row.path("count").asLong(-1) + " " + row.path(value).asString("")));
        return String.join("\n", lines);
    }

    private static final String COUNTED = " | sort | uniq -c | sort -s -k1,1nr | sed 's/^ *//'";

    @Test
    void countIsTheNumberOfLines() {
        assertThat(grid.process("count", SOURCES).toString()).isEqualTo(shell("wc -l <\"$1\"", sources));
        assertThat(grid.process("count", PACKAGES, "--param", "column=4").toString())
                .isEqualTo(shell("cut -s -f4 \"$1\" | wc -l", packages));
    }

    @Test
    void wordCountIsThatOfTrSortAndUniq() {
        JsonNode words = grid.process("word-count", SOURCES, "--param", "top=50");
        String split = "tr -s '[:space:]' '\\n' <\"$1\" | grep -a . ";
        // wc -w would leave out a word without any printable character
        assertThat(words.path("total").toString()).isEqualTo(shell(split + "| wc -l", sources));
        assertThat(words.path("distinct").toString()).isEqualTo(shell(split + "| sort -u | wc -l", sources));
        assertThat(counted(words.path("top"), "word")).isEqualTo(shell(split + COUNTED + " | sed -n 1,50p", sources));
    }

    @Test
    void distinctAndTopKAreThoseOfSortAndUniq() {
        assertThat(grid.process("distinct", SOURCES).toString()).isEqualTo(shell("sort -u \"$1\" | wc -l", sources));
        assertThat(grid.process("distinct", PACKAGES, "--param", "column=2").toString())
                .isEqualTo(shell("cut -f2 \"$1\" | sort -u | wc -l", packages));
        assertThat(counted(grid.process("top-k", PACKAGES, "--param", "column=3"), "value"))
                .isEqualTo(shell("cut -f3 \"$1\"" + COUNTED + " | sed -n 1,10p", packages));
        assertThat(counted(grid.process("top-k", PACKAGES, "--param", "column=2", "--param", "k=25"), "value"))
                .isEqualTo(shell("cut -f2 \"$1\"" + COUNTED + " | sed -n 1,25p", packages));
    }

    @Test
    void numbersOfAColumnAreThoseOfAwk() {
        String column = "cut -f4 \"$1\" | grep . ";
        assertThat(number("sum")).isEqualTo(shell(column + "| awk '{s+=$1} END {printf \"%d\", s}'", packages));
        assertThat(number("min")).isEqualTo(shell(column + "| sort -n | sed -n 1p", packages));
        assertThat(number("max")).isEqualTo(shell(column + "| sort -n | tail -n 1", packages));
        assertThat(Double.parseDouble(number("mean")))
                .isCloseTo(
                        Double.parseDouble(shell(column + "| awk '{s+=$1} END {printf \"%.17g\", s/NR}'", packages)),
                        within(1e-6));
    }

    private String number(String operation) {
        return grid.process(operation, PACKAGES, "--param", "column=4").toString();
    }

    @Test
    void histogramCountsEveryNumberOnce() {
        JsonNode bins = grid.process(
                "histogram",
                PACKAGES,
                "--param",
                "column=4",
                "--param",
                "bins=4",
                "--param",
                "from=0",
                "--param",
                "to=1000");
        assertThat(bins).hasSize(4);
        for (int i = 0; i < 4; i++) {
            String upper = i == 3 ? "<=" : "<";
            assertThat(bins.path(i).path("from").asInt(-1)).isEqualTo(250 * i);
            assertThat(bins.path(i).path("to").asInt(-1)).isEqualTo(250 * (i + 1));
            assertThat(bins.path(i).path("count").toString())
                    .isEqualTo(shell(
                            "cut -f4 \"$1\" | grep . | awk -v from=$2 -v to=$3 '$1 >= from && $1 " + upper
                                    + " to {n++} END {print n+0}'",
                            packages,
                            250 * i,
                            250 * (i + 1)));
        }
    }

    @Test
    void filterIsGrep() {
        JsonNode matched = grid.process("filter", SOURCES, "--param", "pattern=^import .*util", "--save-as", "imports");
        assertThat(matched.path("lines").toString()).isEqualTo(shell("wc -l <\"$1\"", sources));
        assertThat(matched.path("matched").toString()).isEqualTo(shell("grep -aEc '^import .*util' \"$1\"", sources));
        shell("grep -aE '^import .*util' \"$1\" | cmp - \"$2\"", sources, grid.get("imports"));
        assertThat(grid.process("filter", PACKAGES, "--param", "column=3", "--param", "pattern=^all$")
                        .path("matched")
                        .toString())
                .isEqualTo(shell("cut -f3 \"$1\" | grep -c '^all$'", packages));
    }

    @Test
    void sortIsThatOfTheCLocale() {
        sorted(SOURCES, sources, "sort");
        sorted(PACKAGES, packages, "sort -t '\t' -k2,2", "column=2");
        sorted(PACKAGES, packages, "sort -t '\t' -k4,4n", "column=4", "numeric=true");
        sorted(PACKAGES, packages, "sort -r -t '\t' -k4,4nr", "column=4", "numeric=true", "descending=true");
    }

    private void sorted(String dataset, Path file, String command, String... parameters) {
        String name = "sorted-" + dataset + parameters.length + "-" + System.nanoTime();
        List<String> options = new ArrayList<>(List.of("--save-as", name));
        for (String parameter : parameters) {
            options.addAll(List.of("--param", parameter));
        }
        JsonNode result = grid.process("sort", dataset, options.toArray(String[]::new));
        assertThat(result.path("dataset").asString("")).isEqualTo(name);
        Path got = grid.get(name);
        shell(command + " \"$1\" | cmp - \"$2\"", file, got);
        assertThat(grid.json("dataset", "check", name).path("consistent").asBoolean(false))
                .isTrue();
    }

    @Test
    void aSortOfMoreThanAWorkersHeapWorks() {
        Path large = Texts.large();
        grid.put("larger-than-a-heap", large);
        long heap = Long.parseLong(shell(
                        "tr '\\0' '\\n' </proc/$1/cmdline | sed -n 's/^-Xmx\\([0-9]*\\)m$/\\1/p'",
                        grid.workerPids().values().iterator().next()))
                << 20;
        assertThat(large.toFile().length()).isGreaterThan(heap);
        grid.process("sort", "larger-than-a-heap", "--save-as", "larger-sorted");
        Path got = grid.get("larger-sorted");
        shell("sort -c \"$1\"", got);
        shell("sort \"$1\" | cmp - \"$2\"", large, got);
        grid.virtugrid("dataset", "delete", "larger-than-a-heap", "--yes").expect(0);
        grid.virtugrid("dataset", "delete", "larger-sorted", "--yes").expect(0);
    }

    @Test
    void linesOfAllKindsAreCountedAsTheyAre() throws IOException {
        Path file = grid.scratch().resolve("all kinds of lines");
        byte[] bytes = "b\n\na \tc\r\n\u00e4\u00e4 z\n\n#\n".repeat(5000).getBytes(StandardCharsets.ISO_8859_1);
        bytes = java.util.Arrays.copyOf(bytes, bytes.length - 1); // no final newline
        Files.write(file, bytes);
        grid.put("all-kinds", file, "--chunk-size", "4KiB");
        assertThat(grid.process("count", "all-kinds").toString()).isEqualTo(shell("grep -ac '' \"$1\"", file));
        assertThat(grid.process("distinct", "all-kinds").toString()).isEqualTo(shell("sort -u \"$1\" | wc -l", file));
        JsonNode words = grid.process("word-count", "all-kinds");
        assertThat(words.path("total").asLong(0)).isEqualTo(5000 * 6);
        assertThat(words.path("top").toString()).contains("{\"word\":\"\\\\xE4\\\\xE4\",\"count\":5000}");
        grid.process("sort", "all-kinds", "--save-as", "all-kinds-sorted");
        shell("sort \"$1\" | cmp - \"$2\"", file, grid.get("all-kinds-sorted"));

        Path nothing = Files.createFile(grid.scratch().resolve("nothing"));
        grid.put("nothing", nothing);
        assertThat(grid.process("count", "nothing").toString()).isEqualTo("0");
        assertThat(grid.process("min", "nothing").isNull()).isTrue();
        assertThat(grid.process("word-count", "nothing").path("top")).isEmpty();
        grid.process("sort", "nothing", "--save-as", "nothing-sorted");
        assertThat(grid.get("nothing-sorted")).isEmptyFile();
    }

    @Test
    void inlineInputComesFromAnArgumentAFileOrStandardInput() throws IOException {
        assertThat(grid.inline("sort", "[3, 1.0, 2, 10]").toString()).isEqualTo("[1.0,2,3,10]");
        assertThat(grid.inline("sort", "[\"b\",\"a\",\"\u00e4\",\"B\"]").toString())
                .isEqualTo("[\"B\",\"a\",\"b\",\"\u00e4\"]");
        assertThat(grid.inline("sum", "[9007199254740993, 0.1, 0.2]").toString())
                .isEqualTo("9007199254740993.3");
        assertThat(grid.inline("count", "[]").toString()).isEqualTo("0");
        assertThat(grid.inline("mean", "[1,2,4]").asDouble(0)).isCloseTo(7 / 3.0, within(1e-15));

        StringBuilder many = new StringBuilder("[0");
        for (int i = 1; i <= 100_000; i++) {
            many.append(',').append(i);
        }
        Path file = Files.writeString(grid.scratch().resolve("many numbers.json"), many.append(']'));
        assertThat(grid.inline("sum", "@" + file).toString()).isEqualTo("5000050000");
        JsonNode fromStdin = grid.run(file, null, "-o", "json", "run", "process", "--operation", "max", "--input", "-")
                .expect(0)
                .json();
        assertThat(fromStdin.path("result").toString()).isEqualTo("100000");
    }

    @Test
    void delimitersAreTaken() throws IOException {
        Path file = Files.writeString(grid.scratch().resolve("table.csv"), "a,1,x y\nb,2,y  z\nc,40,z\n");
        grid.put("table", file);
        assertThat(grid.process("sum", "table", "--param", "column=2", "--param", "delimiter=comma")
                        .toString())
                .isEqualTo("43");
        assertThat(grid.process("sum", "table", "--param", "column=2", "--param", "delimiter=,")
                        .toString())
                .isEqualTo("43");
        assertThat(grid.process(
                                "distinct",
                                "table",
                                "--param",
                                "column=2",
                                "--param",
                                "delimiter=whitespace",
                                "--param",
                                "missing=skip")
                        .toString())
                .isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--operation nonsense --dataset packages|nonsense",
                "--operation filter --dataset packages --param pattern=[|pattern",
                "--operation filter --dataset packages|pattern",
                "--operation sum --dataset packages --param column=0|column",
                "--operation sum --dataset packages --param column=x|column",
                "--operation sum --dataset packages --param colum=1|colum",
                "--operation top-k --dataset packages --param k=0|k",
                "--operation histogram --dataset packages --param bins=-1|bins",
                "--operation count --dataset packages --param delimiter=ab --param column=1|delimiter",
                "--operation sort --dataset packages|save",
                "--operation sort --dataset packages --save-as ../x|../x",
                "--operation sort --dataset packages --save-as packages|packages",
                "--operation sum --input [1,|JSON",
                "--operation sum --input {\"a\":1}|array",
                "--operation sum --input @/not/there|/not/there",
                "--operation sum|--dataset",
                "--operation sum --input [1] --dataset packages|--dataset",
                "--operation sum --input [1] --param x|--param",
            })
    void wrongInputIsRefusedAtOnce(String wrong) {
        List<String> words = new ArrayList<>(List.of("run", "process"));
        words.addAll(List.of(wrong.substring(0, wrong.indexOf('|')).split(" ", -1)));
        long tasks = grid.rest("/api/tasks?limit=10000").size();
        grid.virtugrid(words.toArray(String[]::new)).refused(2, wrong.substring(wrong.indexOf('|') + 1));
        assertThat(grid.rest("/api/tasks?limit=10000")).as("no task was made").hasSize((int) tasks);
    }

    @Test
    void anUnknownDatasetIsNotFound() {
        grid.virtugrid("run", "process", "--operation", "count", "--dataset", "not-there")
                .refused(3, "not-there");
    }

    @Test
    void inputThatIsNoNumberFailsTheTaskAndSaysWhich() {
        JsonNode task = grid.virtugrid(
                        "-o",
                        "json",
                        "run",
                        "process",
                        "--operation",
                        "sum",
                        "--dataset",
                        PACKAGES,
                        "--param",
                        "column=3")
                .expect(1)
                .json();
        assertThat(task.path("state").asString("")).isEqualTo("FAILED");
        assertThat(task.path("error").asString(""))
                .containsAnyOf("amd64", "all", "arm64")
                .doesNotContain("Exception");
        grid.virtugrid("run", "process", "--operation", "sum", "--input", "[1,\"x\"]")
                .expect(1);
    }
}
