package org.virtugrid.control.coordinator;

import java.util.List;
import java.util.Optional;
import org.virtugrid.api.GpuView;
import org.virtugrid.api.StatusView;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmGpu;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;
import org.virtugrid.grid.fault.GridException;

/** Which GPUs there are and which VMs have them. A VM has its GPU from its creation until it is destroyed. */
final class Gpus {
    private final VmDriver driver;

    Gpus(VmDriver driver) {
        this.driver = driver;
    }

    /** All, asked anew. */
    List<GpuView> list() {
        driver.lookForGpus();
        return driver.gpus().stream().map(this::view).toList();
    }

    /** How many there are and how many are free, as they were seen last. */
    StatusView.Amount amount() {
        List<VmGpu> all = driver.gpus();
        return new StatusView.Amount(
                all.size(), all.stream().filter(gpu -> holder(gpu).isEmpty()).count());
    }

    private GpuView view(VmGpu gpu) {
        Optional<VmRecord> holder = holder(gpu);
        return new GpuView(
                gpu.host(),
                gpu.address(),
                gpu.product(),
                gpu.iommuGroup(),
                gpu.group(),
                holder.map(VmRecord::id).orElse(null),
                holder.map(VmRecord::name).orElse(null));
    }

    /** The VM that has the GPU, or another one of its group, which is handed over as a whole. */
    private Optional<VmRecord> holder(VmGpu gpu) {
        return driver.list().stream()
                .filter(vm -> vm.spec().gpu() != null && gpu.host().equals(vm.host()))
                .filter(vm -> gpu.group().contains(vm.spec().gpu()))
                .findFirst();
    }

    /** Fails with NOT_FOUND or REFUSED unless a host has the wanted GPU, can hand it over, and it is free. */
    void require(VmSpec spec) {
        if (spec.gpu() == null) {
            return;
        }
        driver.lookForGpus();
        List<VmGpu> there = driver.gpus().stream()
                .filter(gpu -> gpu.address().equals(spec.gpu()))
                .toList();
        if (there.isEmpty()) {
            throw GridException.notFound("gpu", spec.gpu(), "see `virtugrid host gpus`");
        }
        List<VmGpu> usable =
                there.stream().filter(gpu -> gpu.iommuGroup() != null).toList();
        if (usable.isEmpty()) {
            throw GridException.refused(
                    "GPU " + spec.gpu() + " of host " + there.get(0).host()
                            + " has no IOMMU group, so it cannot be handed to a VM",
                    "switch the IOMMU on: intel_iommu=on or amd_iommu=on on the host's kernel command line");
        }
        List<VmRecord> holders =
                usable.stream().map(this::holder).flatMap(Optional::stream).toList();
        if (holders.size() == usable.size()) {
            throw GridException.refused(
                    "GPU " + spec.gpu() + " is in use by VM "
                            + String.join(
                                    ", ", holders.stream().map(VmRecord::name).toList()),
                    "destroy that VM first, or take another one of `virtugrid host gpus`");
        }
    }
}
