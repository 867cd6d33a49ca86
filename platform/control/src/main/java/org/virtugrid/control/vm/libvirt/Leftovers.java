package org.virtugrid.control.vm.libvirt;

import java.time.Duration;
import java.util.List;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmDriverException.Kind;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmProbe.Life;

/**
 * What hosts still have of guests that live on another one: control may have died between a guest's arrival there and its
 * removal here, or somebody moved it by hand. Refused where a guest may run on two hosts, as these would share an identity.
 * Callers let one call at a time act on a guest.
 */
final class Leftovers {
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final Hosts hosts;

    Leftovers(Hosts hosts) {
        this.hosts = hosts;
    }

    /**
     * Removes them from all hosts but this one. A host that can't be asked is left for later, where the guest's record says that its
     * move from there was completed, so that it can't run there any more; its name is in the answer.
     */
    List<String> remove(String id, HostVms home) {
        return hosts.all().stream()
                .filter(other -> !other.equals(home) && other.records().containsKey(id))
                .filter(other -> !remove(id, other, home))
                .map(HostVms::name)
                .toList();
    }

    /** The same; UNREACHABLE when a host is left for later. */
    void removeAll(String id, HostVms home) {
        List<String> left = remove(id, home);
        if (!left.isEmpty()) {
            throw new VmDriverException(
                    Kind.UNREACHABLE,
                    "host " + left.get(0) + " has a disk of "
                            + home.find(id).spec().name()
                            + " from before it moved, and does not answer; take the host out of control.yaml if it is gone for good");
        }
    }

    private static boolean remove(String id, HostVms other, HostVms home) {
        LibvirtVm vm = other.find(id);
        String name = vm.spec().name();
        if (other.moves(id) > home.moves(id)) {
            throw new VmDriverException(
                    Kind.FAILED,
                    "%s runs on %s, though it had moved to %s, where its newer disk is: end it on %s by hand (virsh destroy)"
                            .formatted(name, home.name(), other.name(), home.name()));
        }
        other.look(PATIENCE);
        VmProbe probe = other.probeLeftover(id);
        if (probe.gone()) {
            GuestLifecycle.removeFrom(other, vm);
            other.forget(id);
            return true;
        }
        boolean unknown = probe.life() == Life.UNKNOWN;
        if (unknown && home.moves(id) > other.moves(id)) {
            return false;
        }
        throw new VmDriverException(
                unknown ? Kind.UNREACHABLE : Kind.FAILED,
                name + " is recorded on two hosts, and may run on " + other.name() + ": " + probe.detail());
    }
}
