package org.virtugrid.control.rest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.virtugrid.api.Preview;
import org.virtugrid.api.VmActionResult;
import org.virtugrid.api.VmActions;
import org.virtugrid.api.VmCreate;
import org.virtugrid.api.VmState;
import org.virtugrid.api.VmView;
import org.virtugrid.control.coordinator.VmService;
import org.virtugrid.grid.fault.GridException;

/** VMs that are ready at once; some hold a last copy. */
final class FakeVms implements VmService {
    private final List<VmView> vms = new ArrayList<>();
    final Set<String> holders = new HashSet<>();

    FakeVms(int workers) {
        for (int i = 1; i <= workers; i++) {
            create(new VmCreate("w" + i, null, null, null, null));
        }
    }

    @Override
    public synchronized List<VmView> list() {
        return List.copyOf(vms);
    }

    @Override
    public synchronized VmView find(String idOrName) {
        return vms.stream()
                .filter(vm -> vm.id().equals(idOrName) || vm.name().equals(idOrName))
                .findFirst()
                .orElseThrow(() -> GridException.notFound("vm", idOrName, "list them"));
    }

    @Override
    public synchronized VmView create(VmCreate request) {
        VmView vm = new VmView(
                "id-" + request.name(),
                request.name(),
                VmState.READY,
                "process",
                "host",
                42L,
                1,
                1L << 30,
                2L << 30,
                "127.0.0.1",
                null,
                5L,
                0.5,
                100L,
                100L,
                1.0,
                0,
                "OK",
                Map.of(),
                request.gpu(),
                null);
        vms.add(vm);
        return vm;
    }

    @Override
    public synchronized List<VmActionResult> act(VmActions request, boolean wait) {
        for (String id : request.ids()) {
            if (holders.contains(find(id).name())) {
                throw GridException.refused(find(id).name() + " holds the last copy of dataset x", "add a backup");
            }
        }
        List<VmActionResult> results = new ArrayList<>();
        for (String id : request.ids()) {
            VmView vm = find(id);
            vms.remove(vm);
            results.add(new VmActionResult(vm.id(), vm.name(), true, true, VmState.STOPPED, "done"));
        }
        return results;
    }

    @Override
    public Preview preview(VmActions request) {
        return new Preview(request.action(), request.ids(), true, null, null, 0, 1, 0, 5, List.of());
    }
}
