package org.virtugrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script in a clone of nothing but stand-ins: when it builds, with what, and from where it can be called. */
class ScriptTest {
    @TempDir
    private Path folder;

    private Path clone;
    private Path tools;

    /** Stands in for the command line: prints what it was given. */
    static final class Echo {
        private Echo() {}

        public static void main(String[] args) {
            System.out.println(System.getProperty("virtugrid.install") + " " + String.join("|", args));
        }
    }

    private record Result(int exitCode, String out, String err) {}

    @BeforeEach
    void makeClone() throws IOException {
        clone = folder.resolve("my clone");
        tools = folder.resolve("tools");
        Files.createDirectories(clone.resolve("scripts"));
        Files.copy(Path.of("../../scripts/virtugrid"), clone.resolve("scripts/virtugrid"));
        Files.createDirectories(clone.resolve("platform/cli/src/main/java"));
        Files.createDirectories(clone.resolve("docs"));
        Files.writeString(clone.resolve("pom.xml"), "<project/>");
        Files.writeString(clone.resolve("platform/cli/src/main/java/A.java"), "class A {}");
        Path jar = folder.resolve("echo.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Echo.class.getName());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            String name = Echo.class.getName().replace('.', '/') + ".class";
            out.putNextEntry(new JarEntry(name));
            try (var bytes = Echo.class.getClassLoader().getResourceAsStream(name)) {
                bytes.transferTo(out);
            }
        }
        maven("3.9.0");
    }

    @Test
    void itBuildsOnceAndAgainOnlyWhenTheContentOfASourceHasChanged() throws Exception {
        Result first = run(clone.resolve("scripts/virtugrid"), "status", "two words");
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out()).isEqualTo(clone.toRealPath() + " status|two words\n");
        assertThat(first.err()).contains("building");
        assertThat(run(clone.resolve("scripts/virtugrid")).err()).isEmpty();

        Files.writeString(clone.resolve("docs/new.md"), "words");
        Files.setLastModifiedTime(
                clone.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(run(clone.resolve("scripts/virtugrid")).err()).isEmpty();
        assertThat(builds()).isEqualTo(1);

        Files.writeString(clone.resolve("platform/cli/src/main/java/A.java"), "class A { int a; }");
        assertThat(run(clone.resolve("scripts/virtugrid")).exitCode()).isZero();
        Files.delete(clone.resolve("platform/cli/src/main/java/A.java"));
        assertThat(run(clone.resolve("scripts/virtugrid")).exitCode()).isZero();
        assertThat(builds()).isEqualTo(3);
    }

    @Test
    void itIsCalledThroughALinkOfALinkFromAnywhere() throws Exception {
        Path first = Files.createSymbolicLink(folder.resolve("link one"), Path.of("my clone/scripts/virtugrid"));
        Path second = Files.createSymbolicLink(tools.resolve("virtugrid"), first);
        assertThat(run(second, "x").out()).isEqualTo(clone.toRealPath() + " x\n");
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        Process first = start(clone.resolve("scripts/virtugrid"));
        Process second = start(clone.resolve("scripts/virtugrid"));
        assertThat(first.waitFor()).isZero();
        assertThat(second.waitFor()).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void aBuildThatFailsShowsItsLogAndIsTriedAgain() throws Exception {
        Files.createFile(folder.resolve("break"));
        Result failed = run(clone.resolve("scripts/virtugrid"));
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err()).contains("trouble in the build", "build.log");
        Files.delete(folder.resolve("break"));
        assertThat(run(clone.resolve("scripts/virtugrid")).exitCode()).isZero();
    }

    @Test
    void aMavenThatIsTooOldIsNamed() throws Exception {
        maven("3.6.3");
        Result result = run(clone.resolve("scripts/virtugrid"));
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("3.8.7", "3.6.3");
    }

    @Test
    void aJavaThatIsTooOldIsPassedOver() throws Exception {
        Path old = Files.createDirectories(folder.resolve("old/bin"));
        executable(old.resolve("java"), "exit 1");
        Files.writeString(folder.resolve("old/release"), "JAVA_VERSION=\"11.0.2\"\n");
        ProcessBuilder builder = builder(clone.resolve("scripts/virtugrid"), "x");
        builder.environment().put("JAVA_HOME", folder.resolve("old").toString());
        Process process = builder.start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .endsWith(" x\n");
        assertThat(process.waitFor()).isZero();
    }

    private long builds() throws IOException {
        return Files.readAllLines(folder.resolve("builds")).size();
    }

    private void maven(String version) throws IOException {
        Files.createDirectories(tools);
        executable(
                tools.resolve("mvn"),
                """
                if [ "$1" = -v ]; then echo "Apache Maven %s"; exit 0; fi
                if [ -e '%2$s/break' ]; then echo "trouble in the build"; exit 1; fi
                echo build >>'%2$s/builds'
                for module in cli grid control; do
                  mkdir -p '%3$s'/platform/$module/target
                  cp '%2$s/echo.jar' '%3$s'/platform/$module/target/virtugrid-$module.jar
                done
                """
                        .replace("%s", version)
                        .replace("%2$s", folder.toString())
                        .replace("%3$s", clone.toString()));
    }

    private static void executable(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Result run(Path script, String... args) throws Exception {
        ProcessBuilder builder = builder(script, args);
        Path err = folder.resolve("err");
        builder.redirectError(err.toFile());
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, Files.readString(err));
    }

    private Process start(Path script) throws IOException {
        return builder(script)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private ProcessBuilder builder(Path script, String... args) {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }
}
