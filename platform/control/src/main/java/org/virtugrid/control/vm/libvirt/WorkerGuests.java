package org.virtugrid.control.vm.libvirt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.virtugrid.control.vm.WorkerJvm;
import org.virtugrid.grid.node.NodeSettings;
import org.virtugrid.grid.topology.NodeRole;

/** Guests that run a worker from the guest image. */
final class WorkerGuests implements GuestMaker {
    /** What the guest's kernel, its few other processes and their files in memory take. */
    private static final long SYSTEM_BYTES = 112L << 20;

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
    public Path seed(LibvirtVm vm, HostVms host, List<String> peers) throws IOException {
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
                        node(vm, host, peers, jvm),
                        around.authority().folderOf(vm.id()),
                        settings.sshKeys(),
                        around.jobs()),
                around.folder().resolve("seeds").resolve(vm.id()));
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
            options.add("-XX:TieredStopAtLevel=1");
            options.add("-XX:CompileThresholdScaling=20");
        }
        // Nobody reaches them in a guest, and making them takes a tenth of the start
        options.add("-DIGNITE_MBEANS_DISABLED=true");
        return options;
    }

    private NodeSettings node(LibvirtVm vm, HostVms host, List<String> peers, WorkerJvm jvm) {
        List<String> addresses =
                new ArrayList<>(List.of(around.controlAddress(), vm.address() + ":" + LibvirtVm.DISCOVERY_PORT));
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
