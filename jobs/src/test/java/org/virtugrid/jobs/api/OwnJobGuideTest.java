package org.virtugrid.jobs.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job in the guide compiles, is found and answers. */
class OwnJobGuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "guide", "own-job.md");

    @TempDir
    Path folder;

    @Test
    void theJobOfTheGuideWorks() throws Exception {
        Path source = write("src/LongestLine.java", block("java"));
        write("classes/META-INF/services/org.virtugrid.jobs.api.Job", block(""));
        String api = Path.of(Job.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        int exit = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "--release",
                        "17",
                        "-cp",
                        api,
                        "-d",
                        folder.resolve("classes").toString(),
                        source.toString());
        assertThat(exit).isZero();

        URL[] jar = {folder.resolve("classes").toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(jar, getClass().getClassLoader())) {
            JobCatalogue catalogue = new JobCatalogue(loader);
            assertThat(catalogue.problems()).isEmpty();
            assertThat(catalogue.names()).contains("longest-line", "word-count");
            assertThat(JobRun.of("longest-line")
                            .over("a\nlong\nb\n")
                            .foundBy(catalogue)
                            .result())
                    .isEqualTo(4);
        }
    }

    @Test
    void aBrokenJarTakesAwayNoOtherJob() throws Exception {
        write(
                "classes/META-INF/services/org.virtugrid.jobs.api.Job",
                "no.such.Job\norg.virtugrid.jobs.api.TakenName\n");
        URL[] jar = {folder.resolve("classes").toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(jar, getClass().getClassLoader())) {
            JobCatalogue catalogue = new JobCatalogue(loader);
            assertThat(catalogue.names()).contains("count", "word-count");
            assertThat(catalogue.problems())
                    .hasSize(2)
                    .anyMatch(problem -> problem.contains("no.such.Job"))
                    .anyMatch(problem -> problem.contains("the name 'count' is taken"));
        }
    }

    private static String block(String language) throws IOException {
        Matcher block = Pattern.compile("```" + language + "\\n(.*?)\\n```", Pattern.DOTALL)
                .matcher(withoutBlocksOfOtherLanguages(language));
        assertThat(block.find()).isTrue();
        return block.group(1) + "\n";
    }

    private static String withoutBlocksOfOtherLanguages(String language) throws IOException {
        String guide = Files.readString(GUIDE, StandardCharsets.UTF_8);
        return Pattern.compile(
                        "```(?!" + (language.isEmpty() ? "\\n" : language) + ")[a-z]+\\n.*?\\n```", Pattern.DOTALL)
                .matcher(guide)
                .replaceAll("");
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
