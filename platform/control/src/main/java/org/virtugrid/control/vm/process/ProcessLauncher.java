package org.virtugrid.control.vm.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.local.ProcessTable;

/** Starts a VM's process so that it outlives this one, and finds one whose start was not recorded in time. */
final class ProcessLauncher {
    private static final long MIN_FREE_BYTES = 256L << 20;

    private final Path logs;
    private final ProcessCommand command;
    private final Clock clock;

    ProcessLauncher(Path logs, ProcessCommand command, Clock clock) {
        this.logs = logs;
        this.command = command;
        this.clock = clock;
    }

    /** The live process of the VM in this folder that no record knows of. */
    Optional<ProcessIdentity> findUnrecorded(Path folder) {
        try {
            return ProcessTable.findByLastArgument(command.lastArgument(folder)).map(this::identity);
        } catch (IOException e) {
            throw new VmDriverException(
                    VmDriverException.Kind.OUTCOME_UNKNOWN, "cannot read the table of processes: " + e, e);
        }
    }

    ProcessIdentity launch(ProcessVm vm, Path folder, List<String> addresses) {
        try {
            long usable = folder.toFile().getUsableSpace();
            if (usable < MIN_FREE_BYTES) {
                throw new VmDriverException(
                        VmDriverException.Kind.FAILED,
                        "only " + (usable >> 20) + " MiB are free on the disk of " + folder + "; free at least "
                                + (MIN_FREE_BYTES >> 20) + " MiB");
            }
            return start(vm, folder, addresses);
        } catch (IOException e) {
            throw new VmDriverException(
                    VmDriverException.Kind.FAILED, "cannot start " + vm.name() + ": " + e.getMessage(), e);
        }
    }

    private ProcessIdentity start(ProcessVm vm, Path folder, List<String> addresses) throws IOException {
        Path log = logs.resolve(vm.name() + ".log");
        LogFile.rotate(log);
        List<String> line = new ArrayList<>();
        // a session of its own: signals to our terminal don't reach it. setsid replaces itself, so the pid is the
        // JVM's.
        line.add("setsid");
        line.addAll(command.prepare(new ProcessCommand.Launch(
                vm.id(),
                vm.consistentId(),
                folder,
                vm.cpus(),
                vm.memoryBytes(),
                vm.discoveryPort(),
                vm.communicationPort(),
                addresses)));
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("VIRTUGRID_"));
        // Each of glibc's arenas keeps what its threads have freed; Java allocates little there
        builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "2");
        Process process = builder.start();
        return ProcessTable.find(process.pid())
                .map(this::identity)
                .orElseGet(() -> new ProcessIdentity(process.pid(), -1, clock.instant()));
    }

    private ProcessIdentity identity(ProcessTable.Entry entry) {
        return new ProcessIdentity(
                entry.pid(),
                entry.startTicks(),
                ProcessHandle.of(entry.pid())
                        .flatMap(handle -> handle.info().startInstant())
                        .orElseGet(clock::instant));
    }
}
