package org.virtugrid.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.cli.Run;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.home.Home;
import org.virtugrid.cli.home.ProcessIdentity;

/** Real processes, started and stopped as a user does it; only what they are is made up. */
class UpDownTest {
    @TempDir
    private Path folder;

    private Home home;
    private int port;

    @BeforeEach
    void installFakeControl() throws IOException {
        Path jar = folder.resolve("my clone/platform/control/target/virtugrid-control.jar");
        Files.createDirectories(jar.getParent());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeControl.class.getName());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            String name = FakeControl.class.getName().replace('.', '/') + ".class";
            out.putNextEntry(new JarEntry(name));
            try (var bytes = FakeControl.class.getClassLoader().getResourceAsStream(name)) {
                bytes.transferTo(out);
            }
        }
        System.setProperty("virtugrid.install", folder.resolve("my clone").toString());
        home = new Home(folder.resolve("my home"));
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    @AfterEach
    void endWhatIsLeft() {
        System.clearProperty("virtugrid.install");
        home.liveControl().ifPresent(control -> control.signal(true));
        home.liveWorkers().forEach(worker -> worker.process().signal(true));
    }

    @Test
    void upMakesAHomeStartsControlAndDownStopsIt() throws IOException {
        Run.Result up = up("--port", Integer.toString(port), "--workers", "3");
        assertThat(up.exitCode()).as(up.err()).isZero();
        assertThat(up.json().path("state").stringValue()).isEqualTo("READY");
        assertThat(up.json().path("url").stringValue()).isEqualTo("http://127.0.0.1:" + port);
        assertThat(up.json().path("workers").intValue()).isEqualTo(3);
        assertThat(up.err()).contains("1 of 3 READY");
        assertThat(home.liveControl()).isPresent();
        assertThat(home.directory().resolve("environment")).content().doesNotContain("VIRTUGRID_TOKEN");
        assertThat(Json.parse(Files.readString(home.settingsFile()))
                        .at("/ports/http")
                        .intValue())
                .isEqualTo(port);

        Run.Result again = Run.in(home.directory()).run("up");
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).contains("is up already", "vm list").doesNotContain(home.token());
        assertThat(up("--port", "1").exitCode()).isEqualTo(2);
        assertThat(up("--workers", "2").err()).contains("virtugrid scale 2");

        assertThat(Run.in(home.directory())
                        .run("-o", "json", "down")
                        .json()
                        .path("state")
                        .stringValue())
                .isEqualTo("STOPPED");
        assertThat(home.liveControl()).isEmpty();
        assertThat(Run.in(home.directory()).run("down").exitCode()).isZero();
        assertThat(Run.in(home.directory()).run("status").out()).contains("STOPPED");
    }

    @Test
    void upAfterKillOfControlStartsItAgainWithTheSameSecrets() {
        assertThat(up("--port", Integer.toString(port)).exitCode()).isZero();
        String token = home.token();
        ProcessIdentity first = home.liveControl().orElseThrow();
        first.signal(true);
        awaitDeath(first);
        Run.Result again = up();
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(home.token()).isEqualTo(token);
        assertThat(home.liveControl()).isPresent();
    }

    @Test
    void aControlThatEndsShowsItsLastWords() throws IOException {
        Files.createDirectories(home.directory());
        assertThat(up("--port", Integer.toString(port)).exitCode()).isZero();
        Run.in(home.directory()).run("down");
        Files.createFile(home.directory().resolve("fail"));
        Run.Result failed = up();
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err()).contains("last line of trouble", "remedy");
        assertThat(failed.out()).isEmpty();
    }

    @Test
    void aGridThatDoesNotGetReadySaysWhatItWaitsFor() throws IOException {
        assertThat(up("--port", Integer.toString(port)).exitCode()).isZero();
        Files.createFile(home.directory().resolve("stuck"));
        Run.Result late = up("--timeout", "1s");
        assertThat(late.exitCode()).isEqualTo(1);
        assertThat(late.err()).contains("waiting for members: w2");
    }

    @Test
    void aBusyPortIsRefusedWithARemedyAndNothingStarts() throws IOException {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Run.Result result = up("--port", Integer.toString(busy.getLocalPort()));
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("is taken by", "virtugrid up --port ");
            assertThat(home.liveControl()).isEmpty();
        }
    }

    @Test
    void wrongOptionsAreWrongInput() {
        assertThat(up("--worker-memory", "100MiB").exitCode()).isEqualTo(2);
        assertThat(up("--workers", "0").exitCode()).isEqualTo(2);
        assertThat(up("--driver", "vmware").exitCode()).isEqualTo(2);
        assertThat(up("--backups", "9").exitCode()).isEqualTo(2);
        assertThat(home.directory()).doesNotExist();
    }

    @Test
    void downEndsWorkersThatControlLeftBehind() throws Exception {
        assertThat(up("--port", Integer.toString(port)).exitCode()).isZero();
        Process worker = new ProcessBuilder("sleep", "600").start();
        ProcessIdentity identity = ProcessIdentity.of(worker.pid()).orElseThrow();
        record(identity, "w1");
        record(new ProcessIdentity(ProcessHandle.current().pid(), 1), "w2");
        Run.Result down = Run.in(home.directory()).run("down");
        assertThat(down.exitCode()).as(down.err()).isZero();
        assertThat(worker.waitFor()).isEqualTo(143);
        assertThat(home.liveWorkers()).isEmpty();
    }

    @Test
    void aControlThatDoesNotEndIsEnded() throws IOException {
        assertThat(up("--port", Integer.toString(port)).exitCode()).isZero();
        Files.createFile(home.directory().resolve("deaf"));
        Run.Result down = Run.in(home.directory()).run("down", "--timeout", "0s");
        assertThat(down.exitCode()).as(down.err()).isZero();
        assertThat(home.liveControl()).isEmpty();
    }

    @Test
    void destroyWantsTheNameOrYes() {
        assertThat(up("--port", Integer.toString(port)).exitCode()).isZero();
        assertThat(Run.in(home.directory()).run("down", "--destroy").exitCode()).isEqualTo(2);
        assertThat(Run.in(home.directory())
                        .typing("yes\n")
                        .run("down", "--destroy")
                        .exitCode())
                .isEqualTo(1);
        assertThat(home.liveControl()).isPresent();
        Run.Result destroyed =
                Run.in(home.directory()).typing(home.directory() + "\n").run("down", "--destroy");
        assertThat(destroyed.exitCode()).as(destroyed.err()).isZero();
        assertThat(home.directory()).doesNotExist();
        assertThat(Run.in(home.directory()).run("down", "--destroy", "--yes").exitCode())
                .isZero();
        assertThat(Run.in(folder).run("down", "--destroy", "--yes").exitCode()).isEqualTo(4);
        assertThat(folder).isNotEmptyDirectory();
    }

    @Test
    void a_wrong_control_yaml_is_wrong_input_and_leaves_no_home() throws IOException {
        Path wrong = Files.writeString(folder.resolve("wrong.yaml"), "wrong: yes");
        Files.createDirectories(home.directory().resolve("images/one"));

        Run.Result first = up("--port", Integer.toString(port), "--config", wrong.toString(), "--driver", "libvirt");

        assertThat(first.exitCode()).as(first.err()).isEqualTo(2);
        assertThat(first.err()).contains("control.yaml: wrong; mend it").doesNotContain("a line of the log");
        assertThat(home.directory().toFile().list()).containsExactly("images");

        Path right = Files.writeString(folder.resolve("right.yaml"), "right: yes");
        assertThat(up("--port", Integer.toString(port), "--config", right.toString(), "--driver", "libvirt")
                        .exitCode())
                .isZero();
        Files.writeString(home.directory().resolve("report"), "{\"outcome\":\"DESTROYED\"}");
        assertThat(Run.in(home.directory()).run("down").exitCode()).isZero();
        assertThat(up("--config", wrong.toString()).exitCode()).isEqualTo(2);
        assertThat(home.controlYaml()).content().isEqualTo("right: yes");
        assertThat(Run.in(home.directory()).run("down", "--destroy", "--yes").exitCode())
                .isZero();
        assertThat(home.directory()).doesNotExist();
    }

    @Test
    void down_tells_which_guests_it_left_and_keeps_the_home() throws IOException {
        Path config = Files.writeString(folder.resolve("right.yaml"), "right: yes");
        String[] asked = {"--port", Integer.toString(port), "--config", config.toString(), "--driver", "libvirt"};
        assertThat(up(asked).exitCode()).isZero();
        Files.createDirectories(home.vms().resolve("known/b"));
        Files.writeString(
                home.directory().resolve("report"),
                "{\"outcome\":\"INCOMPLETE\",\"left\":[{\"name\":\"w2\",\"host\":\"b\",\"reason\":\"no answer\"}]}");

        Run.Result left = Run.in(home.directory()).run("down");
        assertThat(left.exitCode()).isEqualTo(1);
        assertThat(left.err()).contains("w2 on b (no answer)", "virtugrid up");
        assertThat(home.liveControl()).isEmpty();
        assertThat(Run.in(home.directory()).run("down", "--destroy", "--yes").exitCode())
                .isEqualTo(4);

        assertThat(up().exitCode()).isZero();
        Files.delete(home.shutdownReport());
        Run.Result crashed = Run.in(home.directory()).run("down", "--destroy", "--yes");
        assertThat(crashed.exitCode()).isEqualTo(1);
        assertThat(crashed.err()).contains("may run on", "down --destroy again");

        assertThat(up().exitCode()).isZero();
        Path silent = Files.createFile(home.directory().resolve("silent-host"));
        Run.Result refused = Run.in(home.directory()).run("down", "--destroy", "--yes");
        assertThat(refused.exitCode()).isEqualTo(5);
        assertThat(refused.err()).contains("host b does not answer");
        assertThat(home.liveControl()).isPresent();

        Files.delete(silent);
        Files.writeString(home.directory().resolve("report"), "{\"outcome\":\"DESTROYED\"}");
        Run.Result gone = Run.in(home.directory()).run("down", "--destroy", "--yes");
        assertThat(gone.exitCode()).as(gone.err()).isZero();
        assertThat(home.directory()).doesNotExist();
    }

    private Run.Result up(String... options) {
        String[] args = new String[options.length + 5];
        System.arraycopy(new String[] {"-o", "json", "up", "--worker-memory", "512MiB"}, 0, args, 0, 5);
        System.arraycopy(options, 0, args, 5, options.length);
        return Run.in(home.directory()).with("VIRTUGRID_TOKEN", "not this one").run(args);
    }

    private void record(ProcessIdentity process, String name) throws IOException {
        Path file = home.vms().resolve(name).resolve("vm.json");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                "{\"name\":\"" + name + "\",\"process\":{\"pid\":" + process.pid() + ",\"startTicks\":"
                        + process.startTicks() + "}}");
    }

    private static void awaitDeath(ProcessIdentity process) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (process.isAlive() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }
}
