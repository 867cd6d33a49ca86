package org.virtugrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the grid answers becomes stdout, stderr and an exit code. */
class AnswersTest {
    private FakeGrid grid;

    @BeforeEach
    void startGrid() throws IOException {
        grid = new FakeGrid();
    }

    @AfterEach
    void stopGrid() {
        grid.close();
    }

    @ParameterizedTest
    @CsvSource({
        "400,invalid-input,2",
        "413,invalid-input,2",
        "422,invalid-input,2",
        "404,not-found,3",
        "409,refused,4",
        "409,conflict,2",
        "503,unavailable,5",
        "500,internal,1",
        "401,unauthorized,2"
    })
    void everyProblemHasItsExitCodeAndOneLineOnStderr(int status, String type, int exitCode) {
        grid.on("GET /api/vms", status, "{\"type\":\"" + type + "\",\"detail\":\"It is so.\",\"fix\":\"do this\"}");
        Run.Result result = Run.against(grid).run("-o", "json", "vm", "list");
        assertThat(result.exitCode()).isEqualTo(exitCode);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("virtugrid: ").hasLineCount(1).contains("do this");
    }

    @Test
    void anAnswerThatIsNoJsonIsNotShownAsOne() {
        grid.on("GET /api/vms", 500, "<html>");
        assertThat(Run.against(grid).run("vm", "list").err())
                .contains("status 500")
                .doesNotContain("<html>");
        grid.on("GET /api/vms", 200, "<html>");
        assertThat(Run.against(grid).run("vm", "list").exitCode()).isEqualTo(1);
    }

    @Test
    void jsonIsPassedOnAsItCameWithFieldsOfTheFutureAndLargeNumbers() {
        grid.on("GET /api/vms/w1", 200, "{\"id\":\"1\",\"name\":\"w1\",\"fromTheFuture\":12345678901234567890.10}");
        Run.Result result = Run.against(grid).run("vm", "show", "w1", "-o", "json");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("\"fromTheFuture\" : 12345678901234567890.10");
    }

    @Test
    void yamlAndTableShowTheSame() {
        grid.on(
                "GET /api/vms",
                200,
                "[{\"id\":\"1\",\"name\":\"w1\",\"state\":\"READY\",\"cpus\":1,\"memoryBytes\":1073741824,\"pid\":7,"
                        + "\"labels\":{\"a\":\"b\"}}]");
        assertThat(Run.against(grid).run("-o", "yaml", "vm", "list").out()).contains("state: \"READY\"");
        assertThat(Run.against(grid).run("vm", "list").out())
                .contains("NAME", "w1", "READY", "1 GiB", "a=b")
                .hasLineCount(2);
    }

    @Test
    void optionsOfAllCommandsStandBeforeOrAfterThem() {
        grid.on("GET /api/nodes", 200, "[]");
        Run run = new Run().with("VIRTUGRID_HOME", "/nonexistent/home");
        assertThat(run.run("--url", grid.url(), "--token", "t", "-o", "json", "node", "list")
                        .out()
                        .strip())
                .isEqualTo("[ ]");
        assertThat(run.run("node", "list", "--url", grid.url(), "--token", "t", "-o", "json")
                        .out()
                        .strip())
                .isEqualTo("[ ]");
        assertThat(grid.lastAsked().authorization()).isEqualTo("Bearer t");
    }

    @Test
    void nobodyThereIsExitCode5AlsoForStatusWithAnAddress() throws IOException {
        String url;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            url = "http://127.0.0.1:" + socket.getLocalPort();
        }
        Run run = new Run().with("VIRTUGRID_HOME", "/nonexistent/home").with("VIRTUGRID_TOKEN", "t");
        assertThat(run.run("--url", url, "vm", "list").exitCode()).isEqualTo(5);
        assertThat(run.run("--url", url, "status").exitCode()).isEqualTo(5);
        assertThat(run.run("vm", "list").exitCode()).isEqualTo(5);
    }

    @Test
    void whereNothingRunsStatusSaysStoppedInItsFullShape(@TempDir Path folder) {
        Run.Result result = Run.in(folder.resolve("none")).run("-o", "json", "status");
        assertThat(result.exitCode()).isZero();
        assertThat(result.json().path("state").stringValue()).isEqualTo("STOPPED");
        assertThat(result.json().at("/vms/total").isIntegralNumber()).isTrue();
        assertThat(result.json().at("/resources/memoryBytes/free").isIntegralNumber())
                .isTrue();
        assertThat(result.json().at("/tasks/failed").intValue()).isZero();
        assertThat(result.json().path("datasets").intValue()).isZero();
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void theTokenOfAHomeIsNeverSentToAnotherMachine(@TempDir Path home) throws IOException {
        Files.writeString(home.resolve("home.json"), "{\"formatVersion\":1,\"httpPort\":" + grid.port() + "}");
        Files.writeString(home.resolve("token"), "secret-of-home\n");
        grid.on("GET /api/nodes", 200, "[]");
        assertThat(Run.in(home).run("node", "list").exitCode()).isZero();
        assertThat(grid.lastAsked().authorization()).isEqualTo("Bearer secret-of-home");
        Run.Result elsewhere = Run.in(home).run("--url", "http://192.0.2.1:1", "node", "list");
        assertThat(elsewhere.exitCode()).isEqualTo(2);
        assertThat(elsewhere.err()).contains("VIRTUGRID_TOKEN").doesNotContain("secret-of-home");
    }

    @ParameterizedTest
    @CsvSource({"ftp://x", "nonsense", "http://user:word@host", "http://"})
    void anAddressThatIsNoneIsWrongInput(String url) {
        assertThat(new Run()
                        .with("VIRTUGRID_HOME", "/nonexistent/home")
                        .run("--url", url, "status")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void wrongUseIsExitCode2WithAHint() {
        Run run = new Run();
        assertThat(run.run("stauts").err()).contains("did you mean status?");
        assertThat(run.run("vm", "list", "--quite").err()).contains("did you mean --quiet?");
        assertThat(run.run().exitCode()).isEqualTo(2);
        assertThat(run.run("vm").exitCode()).isEqualTo(2);
        assertThat(run.run("dataset", "put").exitCode()).isEqualTo(2);
        assertThat(run.run("-o", "xml", "status").exitCode()).isEqualTo(2);
        assertThat(run.run("packet", "send").exitCode()).isEqualTo(2);
    }

    @Test
    void everyCommandHasHelpAndNothingElseIsOnStdout() {
        Run.Result help = new Run().run("dataset", "put", "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("Examples:", "--resume", "--home");
        assertThat(new Run().run("help", "vm", "stop").out()).contains("virtugrid vm stop");
        assertThat(new Run().run("--version").out()).startsWith("virtugrid ");
    }

    @Test
    void namesFromOutsideStayOneSegmentOfThePath() {
        Run.against(grid).run("task", "show", "../vms?x=1#y");
        assertThat(grid.lastAsked().path()).isEqualTo("/api/tasks/..%2Fvms%3Fx%3D1%23y");
        Run.against(grid).run("task", "show", "..");
        assertThat(grid.lastAsked().path()).isEqualTo("/api/tasks/%2E%2E");
    }

    @Test
    void controlCharactersOfAnAnswerDontSteerTheTerminal() {
        grid.on("GET /api/vms/w1", 400, "{\"detail\":\"bad \\u001b[2J thing\"}");
        assertThat(Run.against(grid).run("vm", "show", "w1").err()).doesNotContain("\u001b");
    }

    @Test
    void completionIsAScriptThatBashUnderstands(@TempDir Path folder) throws Exception {
        Run.Result result = new Run().run("completion");
        assertThat(result.out()).contains("word-count", "dataset", "--resume");
        Path script = Files.writeString(folder.resolve("completion"), result.out());
        Process bash =
                new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
        assertThat(bash.waitFor()).isZero();
    }
}
