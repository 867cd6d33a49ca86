package org.virtugrid.control.rest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.virtugrid.api.SnapshotView;
import org.virtugrid.api.VmActionResult;
import org.virtugrid.api.VmState;
import org.virtugrid.control.coordinator.SnapshotService;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.grid.fault.GridException;

/** Snapshots of one VM, w1; the one named kept cannot be gone back to, broken breaks, and silent gets no answer. */
final class FakeSnapshots implements SnapshotService {
    private final List<SnapshotView> all = new ArrayList<>();

    @Override
    public synchronized List<SnapshotView> list(String vm) {
        if (!vm.equals("w1")) {
            throw GridException.notFound("vm", vm, "list them");
        }
        return List.copyOf(all);
    }

    @Override
    public synchronized SnapshotView create(String vm, String name) {
        SnapshotView made = new SnapshotView("id-w1", vm, name == null ? "s-1" : name, Instant.EPOCH, false, null);
        all.add(made);
        return made;
    }

    @Override
    public synchronized VmActionResult revert(String vm, String name, boolean wait) {
        if (name.equals("kept")) {
            throw GridException.refused("it holds the only copy of x", "wait");
        }
        if (name.equals("silent")) {
            throw new VmDriverException(VmDriverException.Kind.OUTCOME_UNKNOWN, "host a did not answer");
        }
        if (name.equals("broken")) {
            throw new VmDriverException(VmDriverException.Kind.FAILED, "host a refuses");
        }
        return result(vm, find(vm, name).name());
    }

    @Override
    public synchronized VmActionResult delete(String vm, String name) {
        all.remove(find(vm, name));
        return result(vm, name);
    }

    private SnapshotView find(String vm, String name) {
        return list(vm).stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> GridException.notFound("snapshot", name, "list them"));
    }

    private static VmActionResult result(String vm, String message) {
        return new VmActionResult("id-" + vm, vm, true, true, VmState.READY, message);
    }
}
