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

/** Opens the driver that a home is set to. */
final class Drivers {
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
        ControlNode.Place place = ControlNode.Place.LOOPBACK;
        return new Choice(
                ProcessDriver.open(
                        home.vms(),
                        home.logs(),
                        new WorkerCommand(install, home.jobs(), place.discovery(home), host, failureDetection),
                        home.settings().ports().workerBase()),
                place);
    }

    private static Choice libvirt(Home home, Duration failureDetection) {
        LibvirtSettings settings =
                LibvirtSettings.read(home.controlYaml(), home.images().resolve("current"));
        NodeAuthority authority = new NodeAuthority(home.authority(), Clock.systemUTC());
        ControlNode.Place place = new ControlNode.Place(settings.network().address(), authority.folderOf("control-1"));
        LibvirtDriver driver = LibvirtDriver.open(
                settings,
                new Surroundings(
                        home.vms(),
                        home.jobs(),
                        home.control().resolve("platform-id"),
                        place.discovery(home),
                        failureDetection,
                        authority));
        return new Choice(driver, place);
    }
}
