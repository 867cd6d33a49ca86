package org.virtugrid.control.coordinator;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.virtugrid.control.coordinator.VmRequests.Verb;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.CopyMap;
import org.virtugrid.grid.topology.CopyMap.Holding;

/** Guards the last copy: asked before VMs are taken away, it allows that only when it knows that nothing is lost. */
final class Interlock {
    private static final int SHOWN = 5;

    private final VmDriver driver;
    private final Grid grid;

    Interlock(VmDriver driver, Grid grid) {
        this.driver = driver;
        this.grid = grid;
    }

    /**
     * Allows that the VMs go away together, besides those that are down or going already. Fails with REFUSED, which says
     * what they hold, or with UNAVAILABLE when that can't be told.
     *
     * @param verb what is going to be done to them: RESTART, STOP or DESTROY
     */
    void check(Collection<VmRecord> targets, Verb verb) {
        GridSnapshot snapshot = grid.snapshot();
        CopyMap copies = grid.copies()
                .orElseThrow(() -> GridException.unavailable(
                        "the grid is not active, so it cannot be told what only these VMs hold",
                        "wait until `virtugrid status` says READY"));
        Set<String> going = new HashSet<>();
        Set<UUID> nodes = new HashSet<>();
        targets.forEach(vm -> going.add(vm.id()));
        List<VmRecord> all = driver.list();
        all.stream().filter(vm -> vm.desired() != Desired.RUNNING).forEach(vm -> going.add(vm.id()));
        snapshot.members().stream()
                .filter(member -> going.contains(member.vmId()))
                .forEach(member -> nodes.add(UUID.fromString(member.nodeId())));
        List<Holding> holdings;
        Set<String> lossy;
        try {
            holdings = nodes.isEmpty() ? List.of() : copies.soleHoldings(nodes);
            lossy = copies.lossyCaches();
        } catch (RuntimeException e) {
            throw new GridException(
                    GridException.Kind.UNAVAILABLE,
                    null,
                    "it cannot be told now what only these VMs hold: " + e.getMessage(),
                    "try again in some seconds",
                    e);
        }
        String names = targets.stream().map(VmRecord::name).sorted().collect(Collectors.joining(", "));
        if (!holdings.isEmpty()) {
            throw GridException.refused(
                    names + (targets.size() == 1 ? " holds" : " together hold") + " the only copy of "
                            + describe(holdings),
                    targets.size() > 1 && snapshot.copies().complete()
                            ? "take fewer at once; datasets that were put with more --backups let more go"
                            : "wait until every copy is there (`virtugrid status` says READY), start the VMs that are"
                                    + " stopped, or put datasets that have no copies again with --backups 1");
        }
        Set<String> alive = snapshot.members().stream()
                .map(GridSnapshot.Member::consistentId)
                .collect(Collectors.toSet());
        List<String> dead = targets.stream()
                .filter(vm -> snapshot.baseline().contains(vm.consistentId()) && !alive.contains(vm.consistentId()))
                .map(VmRecord::name)
                .toList();
        if (verb == Verb.STOP && !nodes.isEmpty()) {
            requireReadable(names, copies.unreadableWithout(nodes));
        }
        if (verb != Verb.RESTART && !dead.isEmpty() && !lossy.isEmpty()) {
            throw GridException.refused(
                    "no living copy is left of some of " + String.join(", ", Set.copyOf(lossy)) + "; "
                            + String.join(", ", dead) + " may hold the last one on disk",
                    "start it and let it join, so that its copies are read");
        }
        if (verb == Verb.DESTROY) {
            requireMajority(targets, all, snapshot);
        }
    }

    private static void requireReadable(String names, List<Holding> holdings) {
        if (!holdings.isEmpty()) {
            throw GridException.refused(
                    "without " + names + " nothing of "
                            + holdings.stream().map(Holding::what).collect(Collectors.joining(", "))
                            + " can be read, which has no copies",
                    "put it again with --backups 1 at least, or delete it");
        }
    }

    /** What users would notice of that besides; empty when nothing, or when it can't be told. */
    List<String> effects(Collection<VmRecord> targets, Verb verb) {
        if (verb != Verb.STOP && verb != Verb.RESTART) {
            return List.of();
        }
        GridSnapshot snapshot = grid.snapshot();
        Set<String> workers = snapshot.workers();
        Set<String> going = targets.stream().map(VmRecord::consistentId).collect(Collectors.toSet());
        long here = workers.stream().filter(snapshot::hasJoined).count();
        long stay = workers.stream()
                .filter(worker -> snapshot.hasJoined(worker) && !going.contains(worker))
                .count();
        if (here * 2 <= workers.size() || stay * 2 > workers.size()) {
            return List.of();
        }
        return List.of("the grid takes no writes " + (verb == Verb.STOP ? "until another worker is back" : "meanwhile")
                + ": " + stay + " of " + workers.size() + " workers would be there, which is not more than half");
    }

    /** Who is destroyed leaves the baseline, and of those who stay in it more than half must be here for writes to go on. */
    private static void requireMajority(Collection<VmRecord> targets, List<VmRecord> all, GridSnapshot snapshot) {
        Set<String> gone = Stream.concat(targets.stream(), all.stream().filter(vm -> vm.desired() == Desired.DESTROYED))
                .map(VmRecord::consistentId)
                .collect(Collectors.toSet());
        Set<String> staying = snapshot.workers();
        staying.removeAll(gone);
        List<String> away = all.stream()
                .filter(vm -> staying.contains(vm.consistentId()) && !snapshot.hasJoined(vm.consistentId()))
                .map(VmRecord::name)
                .sorted()
                .toList();
        if (!away.isEmpty() && !snapshot.hasMajorityOf(staying)) {
            throw GridException.refused(
                    "only " + (staying.size() - away.size()) + " of the " + staying.size()
                            + " workers that stay would be running, and the grid would take no more writes",
                    "first start or destroy " + String.join(", ", away));
        }
    }

    private static String describe(List<Holding> holdings) {
        String text = holdings.stream()
                .limit(SHOWN)
                .map(holding -> holding.what() + " (" + holding.partitions() + " partitions, " + holding.entries() + " "
                        + (holding.what().startsWith("dataset ") ? "chunks" : "entries") + ")")
                .collect(Collectors.joining(", "));
        return holdings.size() > SHOWN ? text + " and " + (holdings.size() - SHOWN) + " more" : text;
    }
}
