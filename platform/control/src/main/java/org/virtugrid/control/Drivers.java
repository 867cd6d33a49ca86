package org.virtugrid.control;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.virtugrid.control.authority.NodeAuthority;
import org.virtugrid.control.home.Home;
import org.virtugrid.control.node.ControlNode;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.libvirt.LibvirtDriver;
import org.virtugrid.control.vm.libvirt.LibvirtSettings;
import org.virtugrid.control.vm.libvirt.Surroundings;
import org.virtugrid.control.vm.process.ProcessDriver;
import org.virtugrid.control.vm.process.WorkerCommand;
import org.virtugrid.grid.topology.LastTopology;

/** Opens the driver that a home is set to. */
final class Drivers {
    private static final String LOOPBACK = "127.0.0.1";

    private Drivers() {}

    /**
     * What a driver needs of control.
     *
     * @param place where its VMs find control's node
     */
    record Choice(VmDriver driver, ControlNode.Place place) {}

    static Choice open(Home home, Path install, String host, Duration failureDetection) {
        return home.settings().driver().equals("libvirt")
                ? libvirt(home, failureDetection)
                : process(home, install, host, failureDetection);
    }

    private static Choice process(Home home, Path install, String host, Duration failureDetection) {
        ControlNode.Place place = ControlNode.Place.of(home, LOOPBACK, null);
        WorkerCommand command = new WorkerCommand(install, home.jobs(), place.discovery(), host, failureDetection);
        int workerBase = home.settings().ports().workerBase();
        VmDriver driver = home.controlNodes().alone()
                ? ProcessDriver.open(home.vms(), home.logs(), command, workerBase)
                : ProcessDriver.openShared(home.vms(), home.logs(), command, workerBase);
        return new Choice(driver, place);
    }

    private static Choice libvirt(Home home, Duration failureDetection) {
        LibvirtSettings settings =
                LibvirtSettings.read(home.controlYaml(), home.images().resolve("current"));
        NodeAuthority authority = new NodeAuthority(home.authority(), Clock.systemUTC());
        ControlNode.Place place = ControlNode.Place.of(
                home,
                settings.network().address(),
                authority.folderOf(home.settings().controlId()));
        LibvirtDriver driver = LibvirtDriver.open(
                settings,
                new Surroundings(
                        home.vms(),
                        home.jobs(),
                        home.control().resolve("platform-id"),
                        place.discovery(),
                        failureDetection,
                        () -> LastTopology.read(LastTopology.fileFor(home.controlDatabase()))
                                .members(),
                        authority));
        return new Choice(driver, place);
    }
}
