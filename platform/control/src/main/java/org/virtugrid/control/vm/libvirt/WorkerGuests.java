package org.virtugrid.control.vm.libvirt;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.virtugrid.control.authority.NodeAuthority;
import org.virtugrid.control.vm.WorkerJvm;
import org.virtugrid.grid.node.NodeSettings;
import org.virtugrid.grid.node.NodeTls;
import org.virtugrid.grid.topology.NodeRole;

/** Guests that run a worker from the guest image. */
final class WorkerGuests implements GuestMaker {
    /** What the guest's kernel, its few other processes and their files in memory take. */
    private static final long SYSTEM_BYTES = 112L << 20;

    private static final String WAITING = "waiting";

    private final LibvirtSettings settings;
    private final Surroundings around;

    WorkerGuests(LibvirtSettings settings, Surroundings around) {
        this.settings = settings;
        this.around = around;
    }

    @Override
    public GuestImage image() {
        return GuestImage.open(settings.image());
    }

    @Override
    public Path seed(LibvirtVm vm, HostVms host, GridHints hints) throws IOException {
        WorkerJvm jvm =
                new WorkerJvm(vm.spec().memoryBytes() - SYSTEM_BYTES, vm.spec().cpus());
        return GuestSeed.write(
                new GuestSeed.Contents(
                        vm.spec().name(),
                        vm.id() + "-" + vm.life(),
                        vm.mac(),
                        vm.address(),
                        settings.network().prefix(),
                        settings.network().gateway(),
                        options(jvm, host.hardware()),
                        node(vm, host, hints.peers(), jvm),
                        hints.caches(),
                        around.authority().folderOf(vm.id()),
                        settings.sshKeys(),
                        around.jobs()),
                around.folder().resolve("seeds").resolve(vm.id()));
    }

    @Override
    public Optional<Path> waitingSeed(LibvirtVm vm, HostVms host) throws IOException {
        if (!settings.warm()) {
            return Optional.empty();
        }
        WorkerJvm jvm =
                new WorkerJvm(vm.spec().memoryBytes() - SYSTEM_BYTES, vm.spec().cpus());
        // A key that nobody trusts: only the worker itself is talked to before it knows who it is
        NodeAuthority nobody = new NodeAuthority(around.folder().resolve("waiting"), Clock.systemUTC());
        return Optional.of(GuestSeed.write(
                new GuestSeed.Contents(
                        WAITING,
                        WAITING,
                        vm.mac(),
                        vm.address(),
                        settings.network().prefix(),
                        null,
                        waitingOptions(jvm, host.hardware()),
                        null,
                        Optional.empty(),
                        nobody.folderOf(WAITING),
                        List.of(),
                        around.folder().resolve("none")),
                around.folder().resolve("seeds").resolve(WAITING + "-" + host.name())));
    }

    /** There is time to compile what a start needs before it has to be fast. */
    private static List<String> waitingOptions(WorkerJvm jvm, boolean hardware) {
        List<String> options = jvm.options();
        guestOptions(options, hardware);
        return options;
    }

    @Override
    public void forget(String id) throws IOException {
        around.authority().forget(id);
        GuestSeed.delete(around.folder().resolve("seeds").resolve(id));
    }

    /** Under emulation compiled code has to be translated once more, so that compiling early costs more than it gains. */
    private static List<String> options(WorkerJvm jvm, boolean hardware) {
        List<String> options = jvm.options();
        if (!hardware) {
            options.add("-XX:CompileThresholdScaling=20");
            // but not of what is nothing but long loops: the curves of TLS
            options.add("-XX:CompileCommand=quiet");
            options.add("-XX:CompileCommand=CompileThresholdScaling,sun.security.util.math.intpoly.*::*,0.1");
        }
        guestOptions(options, hardware);
        return options;
    }

    /** What saves time while a guest starts and while it is idle. */
    private static void guestOptions(List<String> options, boolean hardware) {
        if (!hardware) {
            options.add("-XX:TieredStopAtLevel=1");
            options.add("-D" + NodeTls.WITHOUT_AES + "=true");
        }
        // It wakes up twenty times a second
        options.add("-DIGNITE_JVM_PAUSE_DETECTOR_DISABLED=true");
        // Nobody reaches them in a guest, and making them takes a tenth of the start
        options.add("-DIGNITE_MBEANS_DISABLED=true");
        // A constructor that is called some times while a node starts is not worth a class of its own
        options.add("-Dsun.reflect.inflationThreshold=1000");
        // The archive of classes is read where it was made for; else every page of it becomes the JVM's own
        options.add("-XX:+UnlockDiagnosticVMOptions");
        options.add("-XX:ArchiveRelocationMode=0");
    }

    private NodeSettings node(LibvirtVm vm, HostVms host, List<String> peers, WorkerJvm jvm) {
        List<String> addresses = new ArrayList<>(around.controlAddresses());
        addresses.add(vm.address() + ":" + LibvirtVm.DISCOVERY_PORT);
        addresses.addAll(peers);
        return new NodeSettings(
                NodeRole.WORKER,
                vm.id(),
                vm.id(),
                vm.life(),
                host.name(),
                Path.of("/data/work/db"),
                vm.address(),
                LibvirtVm.DISCOVERY_PORT,
                LibvirtVm.COMMUNICATION_PORT,
                addresses,
                jvm.regionBytes(),
                true,
                around.failureDetection(),
                vm.spec().cpus(),
                0,
                0,
                0,
                Path.of("/run/worker/tls"));
    }
}
