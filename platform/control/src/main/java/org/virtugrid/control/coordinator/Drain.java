package org.virtugrid.control.coordinator;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmHost;

/**
 * Empties hosts in maintenance, one VM at a time; lives for one decision. Moving a VM that runs takes nothing away from the
 * grid, but if the move fails the VM may, so it waits until every copy is there. Whatever a VM needs more urgently than a
 * move comes first.
 */
final class Drain {
    private final List<VmHost> hosts;
    private final Set<String> maintained;
    private boolean moving;

    Drain(Observation seen) {
        this.hosts = seen.hosts();
        this.maintained =
                hosts.stream().filter(VmHost::maintained).map(VmHost::name).collect(Collectors.toSet());
        this.moving = seen.vms().stream().anyMatch(vm -> vm.busy() && maintained.contains(hostOf(vm)));
    }

    private static String hostOf(VmObservation vm) {
        return String.valueOf(vm.record().host());
    }

    /** What the VM needs now when it may also have to move; otherwise what it needed before. */
    Optional<Action> insteadOf(Optional<Action> action, VmRules.Case now) {
        boolean startsOrRests = action.isEmpty() || action.get() instanceof Action.Start;
        boolean leaves = maintained.contains(hostOf(now.vm()))
                && now.record().desired() != Desired.DESTROYED
                && !now.record().suspect()
                && !now.vm().busy()
                && now.seen().nowMillis() >= now.memory().nextMove();
        if (moving || !leaves || !startsOrRests || !canMove(now)) {
            return action;
        }
        Optional<String> target = target(hosts, now.record().host());
        if (target.isEmpty()) {
            return action;
        }
        moving = true;
        return Optional.of(new Action.Migrate(
                now.record().id(), target.get(), "host " + now.record().host() + " is in maintenance"));
    }

    private static boolean canMove(VmRules.Case now) {
        GridSnapshot.Copies copies = now.grid().copies();
        return switch (now.verdict().kind()) {
            case ALIVE -> now.grid().active() && now.serves() && copies.complete() && copies.lossless();
            case OFF, CRASHED, STOPPED -> true;
            case STARTING, LEAVING, HUNG, UNKNOWN -> false;
        };
    }

    /** The host that a VM goes to: with the fewest VMs, of those that answer and take any; empty when there is none. */
    static Optional<String> target(List<VmHost> hosts, String from) {
        return hosts.stream()
                .filter(host -> host.failure() == null
                        && !host.maintained()
                        && !host.name().equals(from))
                .min(Comparator.comparingInt(VmHost::vms).thenComparing(VmHost::name))
                .map(VmHost::name);
    }
}
