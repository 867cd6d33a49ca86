package org.virtugrid.grid.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.Job;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.api.ValueRecords;

class JobsTest {
    private static final String SERVICES = "META-INF/services/org.virtugrid.jobs.api.Job";
    private static final String JOB =
            """
            package example;
            import org.virtugrid.jobs.api.*;
            public final class Odd implements Job<java.util.ArrayList<Object>> {
                public String name() { return "odd"; }
                public void validate(JobParameters parameters) { VALIDATE }
                public java.util.ArrayList<Object> create(JobContext context) { return new java.util.ArrayList<>(); }
                public java.util.ArrayList<Object> fold(
                        JobContext context, java.util.ArrayList<Object> partial, Records records) {
                    FOLD
                    return partial;
                }
                public java.util.ArrayList<Object> reduce(
                        JobContext context, java.util.ArrayList<Object> a, java.util.ArrayList<Object> b) { return a; }
                public JobResult finish(JobContext context, java.util.ArrayList<Object> all) {
                    return new JobResult(FINISH);
                }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void an_error_in_a_job_says_where_it_happened_and_that_no_other_try_helps() throws Exception {
        Job<Serializable> job = odd("", "Object nothing = null; nothing.hashCode();", "1");

        assertThatThrownBy(() -> job.fold(null, job.create(null), new ValueRecords(List.of(), List.of())))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContainingAll("example.Odd failed", "NullPointerException", "example.Odd.fold(Odd.java:9)")
                .hasMessageEndingWith("mend the job, put its jar into the folder jobs, then down and up");
    }

    @Test
    void an_error_while_parameters_are_checked_is_the_jobs_and_not_the_platforms() throws Exception {
        Job<Serializable> job = odd("throw new AssertionError(\"no\");", "", "1");

        assertThatThrownBy(() -> job.validate(new JobParameters(Map.of())))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContainingAll("AssertionError: no", "example.Odd.validate(Odd.java:5)");
    }

    @Test
    void a_full_heap_is_not_the_jobs_own_error() throws Exception {
        Job<Serializable> job = odd("", "if (partial.isEmpty()) throw new OutOfMemoryError(\"full\");", "1");

        assertThatThrownBy(() -> job.fold(null, job.create(null), new ValueRecords(List.of(), List.of())))
                .isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void what_has_no_json_form_is_no_answer() throws Exception {
        assertThatThrownBy(() -> finished("Double.NaN")).hasMessageStartingWith("result: has the number NaN");
        assertThatThrownBy(() -> finished("java.util.List.of(1, Float.POSITIVE_INFINITY)"))
                .hasMessageStartingWith("result: has the number Infinity");
        assertThatThrownBy(() -> finished("new Object()")).hasMessageStartingWith("result: has no JSON form");
        assertThatThrownBy(() -> finished("new java.util.AbstractList<Object>() { public Object get(int i) {"
                        + " throw new IllegalStateException(\"get bang\"); } public int size() { return 1; } }"))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("get bang");
        assertThat(ResultJson.write(finished("null"))).isEqualTo("null");
        assertThat(ResultJson.write(finished("new java.math.BigDecimal(\"1.50\")")))
                .isEqualTo("1.50");
        assertThat(ResultJson.write(finished("java.util.Map.of(\"a\", java.util.List.of(true, \"b\", 12345678901L))")))
                .isEqualTo("{\"a\":[true,\"b\",12345678901]}");
    }

    @Test
    void nothing_is_no_partial_result_and_no_answer() throws Exception {
        Job<Serializable> job = odd("", "if (partial.isEmpty()) return null;", "1");
        assertThatThrownBy(() -> job.fold(null, job.create(null), new ValueRecords(List.of(), List.of())))
                .hasMessageContaining("example.Odd returned null from fold");
    }

    @Test
    void a_job_that_cannot_be_made_takes_away_no_other() throws Exception {
        odd("", "", "1");
        Path services = folder.resolve("classes").resolve(SERVICES);
        for (String thrown : List.of("throw new AssertionError(\"name bang\")", "return null", "return \"Odd Name\"")) {
            compile(
                    "Bad.java",
                    JOB.replace("Odd", "Bad")
                            .replace("return \"odd\";", thrown + ";")
                            .replaceAll("VALIDATE|FOLD", "")
                            .replace("FINISH", "1"));
            Files.writeString(services, "example.Bad\nexample.Odd\n");
            pack(folder.resolve("classes"), folder.resolve("jobs/odd.jar"));
            Jobs jobs = Jobs.from(folder.resolve("jobs"));

            assertThat(jobs.create("odd").name()).as(thrown).isEqualTo("odd");
            assertThatThrownBy(() -> jobs.create("bad"))
                    .as(thrown)
                    .hasMessageContaining("some of the folder jobs cannot");
        }
    }

    @Test
    void a_partial_result_that_cannot_travel_is_told_by_its_class() throws Exception {
        Job<Serializable> job = odd("", "partial.add(new Object());", "1");
        Serializable partial = job.fold(null, job.create(null), new ValueRecords(List.of(), List.of()));

        assertThatThrownBy(() -> Partials.write(partial))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("a java.lang.Object in the job's partial result cannot travel");
    }

    @Test
    void a_file_that_is_no_jar_is_named_when_its_job_is_asked_for() throws Exception {
        odd("", "", "1");
        Files.writeString(folder.resolve("jobs/broken.jar"), "not a jar");
        Jobs jobs = Jobs.from(folder.resolve("jobs"));

        assertThat(jobs.create("odd").name()).isEqualTo("odd");
        assertThatThrownBy(() -> jobs.create("even"))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContainingAll("'even' is not known", "broken.jar: is not a jar");
    }

    private Object finished(String answer) throws Exception {
        Job<Serializable> job = odd("", "", answer);
        return job.finish(null, job.create(null)).value();
    }

    /** A job of a user's own, from a jar in the folder of jobs. */
    private Job<Serializable> odd(String validate, String fold, String finish) throws Exception {
        Path classes = compile(
                "Odd.java",
                JOB.replace("VALIDATE", validate).replace("FOLD", fold).replace("FINISH", finish));
        Path services = classes.resolve(SERVICES);
        Files.createDirectories(services.getParent());
        Files.writeString(services, "example.Odd\n");
        pack(classes, Files.createDirectories(folder.resolve("jobs")).resolve("odd.jar"));
        return Jobs.from(folder.resolve("jobs")).create("odd");
    }

    private Path compile(String file, String text) throws Exception {
        Path source = Files.writeString(folder.resolve(file), text);
        Path classes = Files.createDirectories(folder.resolve("classes"));
        int outcome = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        OutputStream.nullOutputStream(),
                        null,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        source.toString());
        assertThat(outcome).isZero();
        return classes;
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
    }
}
