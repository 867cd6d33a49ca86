package org.virtugrid.control.vm.libvirt;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.libvirt.Connect;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmDriverException.Kind;
import org.virtugrid.control.vm.VmGpu;

/** The graphics processors of hosts, as each was asked last. Safe for use by several threads. */
final class HostGpus {
    private static final Logger LOG = LoggerFactory.getLogger(HostGpus.class);
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final String PCI = "pci";

    private final Map<String, List<VmGpu>> byHost = new ConcurrentHashMap<>();

    /** Those of all hosts, as they were seen last; does not block. */
    List<VmGpu> known() {
        return byHost.values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing(VmGpu::host).thenComparing(VmGpu::address))
                .toList();
    }

    /** Asks a host anew; one that doesn't answer, or whose libvirt knows no devices, keeps what was known of it. */
    void look(HypervisorHost host) {
        try {
            byHost.put(host.name(), host.call("list its devices", CALL, connection -> read(connection, host.name())));
        } catch (VmDriverException e) {
            LOG.debug("No devices of {}: {}", host.name(), e.toString());
        }
    }

    /**
     * The PCI addresses that a guest with this GPU is given; none without one. FAILED when the GPU is not there any more or
     * can't be handed over.
     */
    List<String> devices(HypervisorHost host, String gpu) {
        if (gpu == null) {
            return List.of();
        }
        look(host);
        VmGpu found = on(host.name(), gpu)
                .orElseThrow(() -> new VmDriverException(
                        Kind.FAILED, "host " + host.name() + " has no GPU " + gpu + "; see virtugrid host gpus"));
        if (found.iommuGroup() == null) {
            throw new VmDriverException(
                    Kind.FAILED,
                    "GPU " + gpu + " of host " + host.name() + " has no IOMMU group: switch the IOMMU on there"
                            + " (intel_iommu=on or amd_iommu=on on its kernel's command line)");
        }
        return found.group();
    }

    /** Which hosts, by name, can take a new guest with this GPU: those where nobody has it. All can without one. */
    Predicate<String> canServe(String gpu, Map<String, List<LibvirtVm>> guests) {
        return host -> gpu == null
                || on(host, gpu)
                        .filter(found -> guests.getOrDefault(host, List.of()).stream()
                                .noneMatch(vm -> vm.spec().gpu() != null
                                        && found.group().contains(vm.spec().gpu())))
                        .isPresent();
    }

    Optional<VmGpu> on(String host, String gpu) {
        return byHost.getOrDefault(host, List.of()).stream()
                .filter(one -> one.address().equals(gpu))
                .findFirst();
    }

    private static List<VmGpu> read(Connect connection, String host) throws LibvirtException {
        Map<String, PciDevice> devices = new HashMap<>();
        // libvirt's binding fails on a list of none
        if (connection.numOfDevices(PCI) > 0) {
            for (String name : connection.listDevices(PCI)) {
                describe(connection, name)
                        .flatMap(PciDevice::read)
                        .ifPresent(device -> devices.put(device.address(), device));
            }
        }
        List<VmGpu> gpus = new ArrayList<>();
        for (PciDevice device : devices.values()) {
            if (device.isGpu()) {
                gpus.add(gpu(host, device, devices));
            }
        }
        return gpus;
    }

    private static Optional<String> describe(Connect connection, String name) throws LibvirtException {
        try {
            return Optional.of(connection.deviceLookupByName(name).getXMLDescription());
        } catch (LibvirtException e) {
            if (e.getError().getCode() == ErrorNumber.VIR_ERR_NO_NODE_DEVICE) {
                return Optional.empty(); // it was taken out meanwhile
            }
            throw e;
        }
    }

    private static VmGpu gpu(String host, PciDevice device, Map<String, PciDevice> devices) {
        List<String> group = new ArrayList<>(device.groupAddresses());
        group.removeIf(
                address -> devices.containsKey(address) && devices.get(address).isBridge());
        if (!group.contains(device.address())) {
            group.add(device.address());
        }
        group.sort(null);
        return new VmGpu(
                host, device.address(), (device.vendor() + " " + device.product()).strip(), device.iommuGroup(), group);
    }
}
