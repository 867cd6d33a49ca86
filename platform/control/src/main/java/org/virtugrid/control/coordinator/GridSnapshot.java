package org.virtugrid.control.coordinator;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.virtugrid.control.vm.VmProbe;

/**
 * The grid as control's node sees it at one moment.
 *
 * @param joined control's own node is up; if not, nothing else here says anything
 * @param joinedMillis when it joined
 * @param active data can be used
 * @param prepared system caches and users are in place, so that datasets and tasks can be used
 * @param members nodes in the topology
 * @param baseline consistent ids of the members that data is spread over; empty when nothing was ever activated
 * @param lastLive consistent ids of the workers without which a cold start could serve old values; empty when unknown
 * @param controls consistent ids of the baseline's control nodes, as far as they are known; some may be away
 * @param index the members once more, for finding them
 */
public record GridSnapshot(
        boolean joined,
        long joinedMillis,
        boolean active,
        boolean prepared,
        List<Member> members,
        Set<String> baseline,
        Set<String> lastLive,
        Copies copies,
        Set<String> controls,
        Index index) {

    /** Of a grid whose control nodes are those that are there. */
    public GridSnapshot(
            boolean joined,
            long joinedMillis,
            boolean active,
            boolean prepared,
            List<Member> members,
            Set<String> baseline,
            Set<String> lastLive,
            Copies copies) {
        this(joined, joinedMillis, active, prepared, members, baseline, lastLive, copies, Set.of());
    }

    /** Finds the members' index itself. */
    public GridSnapshot(
            boolean joined,
            long joinedMillis,
            boolean active,
            boolean prepared,
            List<Member> members,
            Set<String> baseline,
            Set<String> lastLive,
            Copies copies,
            Set<String> controls) {
        this(joined, joinedMillis, active, prepared, members, baseline, lastLive, copies, controls, Index.of(members));
    }

    /** The members by VM, and their consistent ids: every rule asks for them, for every VM. */
    record Index(Map<String, List<Member>> byVm, Set<String> consistentIds) {
        static Index of(List<Member> members) {
            Map<String, List<Member>> byVm = new HashMap<>();
            Set<String> consistentIds = new HashSet<>();
            for (Member member : members) {
                // More than one only while a dead one has not been noticed
                byVm.merge(member.vmId(), List.of(member), (some, more) -> Stream.concat(some.stream(), more.stream())
                        .toList());
                consistentIds.add(member.consistentId());
            }
            return new Index(byVm, consistentIds);
        }
    }

    /** Before control's node is up. */
    public static final GridSnapshot ABSENT =
            new GridSnapshot(false, 0, false, false, List.of(), Set.of(), Set.of(), Copies.UNKNOWN);

    /**
     * A node in the topology.
     *
     * @param lifeId the life of its VM, by which a new one is told from the old one
     * @param settled it is agreed which partitions it owns, so it serves
     */
    public record Member(
            String nodeId, String consistentId, String vmId, String lifeId, boolean control, boolean settled) {}

    /**
     * How complete the copies of workers' data are.
     *
     * @param known false while the map of copies can't be read, or is older than the newest topology
     * @param lossyCaches what has partitions of which no copy is left, as users know it
     */
    public record Copies(boolean known, boolean complete, int missing, Set<String> lossyCaches) {
        /** Not known. */
        public static final Copies UNKNOWN = new Copies(false, false, 0, Set.of());

        /** Known, and nothing is lost. */
        boolean lossless() {
            return known && lossyCaches.isEmpty();
        }
    }

    /** The VM's node, of the life that the probe saw. */
    Optional<Member> memberOf(String vmId, VmProbe probe) {
        for (Member member : index.byVm().getOrDefault(vmId, List.of())) {
            if (member.lifeId().equals(probe.lifeId())) {
                return Optional.of(member);
            }
        }
        return Optional.empty();
    }

    /** The same without nodes that are dead, which the grid has not noticed; so what it says of copies is not true either. */
    GridSnapshot without(Set<String> deadNodes) {
        return deadNodes.isEmpty()
                ? this
                : new GridSnapshot(
                        joined,
                        joinedMillis,
                        active,
                        prepared,
                        members.stream()
                                .filter(member -> !deadNodes.contains(member.nodeId()))
                                .toList(),
                        baseline,
                        lastLive,
                        Copies.UNKNOWN,
                        controls);
    }

    /** Consistent ids of the baseline's workers. */
    Set<String> workers() {
        Set<String> workers = new HashSet<>(baseline);
        workers.removeAll(controls);
        members.stream().filter(Member::control).map(Member::consistentId).forEach(workers::remove);
        return workers;
    }

    /** Whether more than half of these workers are here, without which a grid of them takes no writes. */
    boolean hasMajorityOf(Set<String> workers) {
        return workers.stream().filter(this::hasJoined).count() * 2 > workers.size();
    }

    boolean hasJoined(String consistentId) {
        return index.consistentIds().contains(consistentId);
    }

    boolean everActivated() {
        return !baseline.isEmpty() || !lastLive.isEmpty();
    }
}
