package org.virtugrid.cli.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.virtugrid.api.StatusView;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.format.ByteSize;
import org.virtugrid.cli.format.ShellWord;
import org.virtugrid.cli.format.TimeSpan;
import org.virtugrid.cli.launch.GridStart;
import org.virtugrid.cli.launch.UpRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the grid of a home and returns when it is READY. */
@Command(
        name = "up",
        description = "Start control and workers, and return when they are READY.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  virtugrid up",
            "  virtugrid up --workers 2 --worker-memory 512MiB",
            "  virtugrid --home ~/other up --port 3001",
            "  virtugrid up --driver libvirt --config control.yaml"
        })
final class UpCommand extends Action {

    @Option(names = "--workers", paramLabel = "N", description = "Number of workers (3 at first).")
    private Integer workers;

    @Option(names = "--port", paramLabel = "PORT", description = "Port of dashboard and REST (3000 at first).")
    private Integer port;

    @Option(
            names = "--thin-port",
            paramLabel = "PORT",
            description = "Port for thin clients (10800 at first, else the next free one).")
    private Integer thinPort;

    @Option(names = "--driver", paramLabel = "DRIVER", description = "What a VM is: process (at first) or libvirt.")
    private String driver;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Take this file as the home's control.yaml: hosts and network for libvirt, several control nodes.")
    private Path config;

    @Option(
            names = "--backups",
            paramLabel = "N",
            description = "Copies of new data beside the first one, on other workers (1 at first).")
    private Integer backups;

    @Option(
            names = "--worker-memory",
            paramLabel = "SIZE",
            description =
                    "Memory of each new worker, at least 512MiB (at first together half of the free memory, up to 2GiB each).")
    private ByteSize workerMemory;

    @Option(
            names = "--join",
            paramLabel = "FILE",
            description = "Make this new home a control node of the grid whose `control invite` wrote this file.")
    private Path join;

    @Option(
            names = "--control-id",
            paramLabel = "ID",
            description = "Which control node this new home is: control-2, control-3, ...")
    private String controlId;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long to wait for READY (120s; with driver libvirt 300s, as guests may be emulated).")
    private TimeSpan timeout;

    @Override
    public Integer call() {
        if (session().isElsewhere()) {
            throw wrong("up starts a grid on this machine: leave out --url and VIRTUGRID_URL");
        }
        GridStart start = new GridStart(
                session().home(),
                session().machine(),
                output(),
                session().install().orElse(null));
        UpRequest request = new UpRequest(
                workers,
                port,
                thinPort,
                driver,
                config,
                backups,
                workerMemory == null ? null : workerMemory.bytes(),
                timeout == null ? null : timeout.duration(),
                join,
                controlId);
        GridStart.Started started;
        double seconds;
        try (Progress progress = session().progress()) {
            started = start.start(request, progress);
            seconds = progress.elapsedSeconds();
        }
        print(started, seconds);
        return done();
    }

    private void print(GridStart.Started started, double seconds) {
        StatusView status = started.status();
        String url = "http://127.0.0.1:" + started.settings().httpPort();
        Path token = session().home().tokenFile();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("state", status.state());
        answer.put("url", url);
        answer.put("workers", status.vms().total());
        answer.put("wasUp", started.wasUp());
        answer.put("home", session().home().directory().toString());
        answer.put("tokenFile", token.toString());
        answer.put("ports", status.ports() == null ? started.settings().ports() : status.ports());
        answer.put("reason", status.reason());
        output().data(
                        answer,
                        () -> (started.wasUp() ? "The grid is up already: " : "The grid is up: ")
                                + status.state() + " with " + status.vms().ready() + " of "
                                + status.vms().total() + " workers"
                                + (started.wasUp() ? "" : " after " + TimeSpan.human(seconds))
                                + (status.reason() == null ? "" : " (" + status.reason() + ")")
                                + "\n  dashboard  " + url + "\n  token      in " + token
                                + "\n\nTry next:" + String.join("", next()));
    }

    /** Three commands that can be copied as they are. */
    private List<String> next() {
        String command = "\n  " + session().commandAsTyped();
        String text = session()
                .install()
                .map(root -> root.resolve("LICENSE").toString())
                .orElse("FILE");
        return List.of(
                command + " dataset put licence " + ShellWord.quoted(text),
                command + " run process --operation word-count --dataset licence",
                command + " vm list");
    }
}
