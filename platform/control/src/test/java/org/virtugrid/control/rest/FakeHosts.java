package org.virtugrid.control.rest;

import java.util.ArrayList;
import java.util.List;
import org.virtugrid.api.GpuView;
import org.virtugrid.api.HostView;
import org.virtugrid.api.Preview;
import org.virtugrid.api.VmActionResult;
import org.virtugrid.api.VmState;
import org.virtugrid.control.coordinator.HostService;
import org.virtugrid.grid.fault.GridException;

/** Two hosts that do at once what they are told. */
final class FakeHosts implements HostService {
    final List<String> maintained = new ArrayList<>();

    @Override
    public List<HostView> hosts() {
        return List.of(view("a"), view("b"));
    }

    @Override
    public List<GpuView> gpus() {
        return List.of(new GpuView("a", "0000:65:00.0", "X", 7, List.of("0000:65:00.0"), "id-w1", "w1"));
    }

    private HostView view(String name) {
        if (!name.equals("a") && !name.equals("b")) {
            throw GridException.notFound("host", name, "see `virtugrid host list`");
        }
        return new HostView(
                name,
                "qemu:///" + name,
                "ANSWERS",
                "libvirt",
                "emulated",
                1,
                null,
                maintained.contains(name),
                "filtered");
    }

    @Override
    public VmActionResult migrate(String vm, String host, boolean wait) {
        view(host);
        return new VmActionResult("id-" + vm, vm, true, true, VmState.READY, "moved to " + host);
    }

    @Override
    public Preview previewMigrate(String vm, String host) {
        return preview("migrate", vm, view(host));
    }

    @Override
    public HostView drain(String host) {
        view(host);
        maintained.add(host);
        return view(host);
    }

    @Override
    public Preview previewDrain(String host) {
        return preview("drain", "w1", view(host));
    }

    private static Preview preview(String action, String vm, HostView host) {
        return new Preview(action, List.of(vm), !host.maintenance(), null, null, 512L << 20, 2, 0, 10, List.of());
    }

    @Override
    public HostView resume(String host) {
        view(host);
        maintained.remove(host);
        return view(host);
    }
}
