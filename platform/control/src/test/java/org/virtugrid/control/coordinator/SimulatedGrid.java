package org.virtugrid.control.coordinator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.virtugrid.control.coordinator.GridSnapshot.Copies;
import org.virtugrid.control.coordinator.GridSnapshot.Member;

/**
 * A model of what Ignite does with partitions of two copies: owners, catching up, losing, activation. It remembers the true
 * newest version of each partition, so it notices when an old value would be served.
 */
final class SimulatedGrid {
    static final int PARTITIONS = 12;
    private static final long CATCH_UP_MILLIS = 1_500;

    /** A worker's database: the version it has of each partition, -1 for none. It outlives its process. */
    static final class Disk {
        final long[] versions = new long[PARTITIONS];
        Set<String> lastLive = Set.of();
        long lastLiveVersion;

        Disk() {
            Arrays.fill(versions, -1);
        }

        void wipe() {
            Arrays.fill(versions, -1);
        }
    }

    final Map<String, Disk> disks = new TreeMap<>();
    final long[] truth = new long[PARTITIONS];
    final boolean[] lost = new boolean[PARTITIONS];
    final Set<String> baseline = new TreeSet<>();
    /** Workers in the topology, with the pid of their process. */
    final Map<String, Long> members = new TreeMap<>();

    /** Partitions that a member may serve; others it is still catching up with. */
    private final Map<String, boolean[]> owning = new TreeMap<>();

    boolean controlIn;
    boolean active;
    boolean prepared;
    private Disk controlDisk = new Disk();
    /** Those that have asked the others since they joined. */
    private final Set<Disk> informed = Collections.newSetFromMap(new IdentityHashMap<>());

    private long changedAt;
    private long copiesSeenAt;

    Disk disk(String id) {
        return disks.computeIfAbsent(id, key -> new Disk());
    }

    /** Workers that own data now. */
    private List<String> online() {
        return members.keySet().stream().filter(baseline::contains).toList();
    }

    void joins(String id, long pid, long now) {
        members.put(id, pid);
        informed.remove(disk(id));
        owning.put(id, new boolean[PARTITIONS]);
        changedAt = now;
        activateIfWhole(now);
    }

    void leaves(String id, long now) {
        if (members.remove(id) != null) {
            changedAt = now;
            if (members.isEmpty() && !controlIn) {
                active = false;
            }
            if (active) {
                findLost();
            }
        }
    }

    void controlJoins(long now) {
        controlIn = true;
        informed.remove(controlDisk);
        changedAt = now;
        activateIfWhole(now);
    }

    void controlLeaves() {
        controlIn = false;
        prepared = false;
        if (members.isEmpty()) {
            active = false;
        }
    }

    /** What Ignite does by itself after a cold start. */
    private void activateIfWhole(long now) {
        if (!active && !baseline.isEmpty() && controlIn && members.keySet().containsAll(baseline)) {
            activate(now);
        }
    }

    void activate(long now) {
        if (active) {
            return;
        }
        active = true;
        changedAt = now;
        if (baseline.isEmpty()) {
            baseline.addAll(members.keySet());
            for (String id : baseline) {
                Arrays.fill(disk(id).versions, 0);
            }
        }
        Arrays.fill(lost, false);
        electOwners();
        findLost();
        checkServed();
    }

    /** Whoever has the newest version of those who are there: Ignite compares counters, it can't know of those away. */
    private void electOwners() {
        for (int p = 0; p < PARTITIONS; p++) {
            long newest = newestOnline(p);
            for (String id : online()) {
                owning.get(id)[p] = newest >= 0 && disk(id).versions[p] == newest;
            }
        }
    }

    private void checkServed() {
        for (int p = 0; p < PARTITIONS; p++) {
            for (String id : online()) {
                if (!lost[p] && owning.get(id)[p] && disk(id).versions[p] < truth[p]) {
                    throw new AssertionError(id + " would serve version " + disk(id).versions[p] + " of " + truth[p]
                            + " of partition " + p);
                }
            }
        }
    }

    private List<String> ownersNow(int partition) {
        return online().stream().filter(id -> owning.get(id)[partition]).toList();
    }

    private long newestOnline(int partition) {
        return online().stream()
                .mapToLong(id -> disk(id).versions[partition])
                .max()
                .orElse(-1);
    }

    private void findLost() {
        for (int p = 0; p < PARTITIONS; p++) {
            if (ownersNow(p).isEmpty()) {
                lost[p] = true;
            }
        }
    }

    void resetLost() {
        Arrays.fill(lost, false);
        electOwners();
        findLost();
        checkServed();
    }

    void setBaseline(Set<String> ids, long now) {
        Set<String> workers = new TreeSet<>(ids);
        workers.remove("control-1");
        for (String id : baseline) {
            if (!workers.contains(id) && members.containsKey(id)) {
                throw new AssertionError(id + " is online and can't leave the baseline");
            }
        }
        baseline.clear();
        baseline.addAll(workers);
        changedAt = now;
    }

    /** Writes, catching up, and the record of the last live topology. */
    void step(long now) {
        if (!active) {
            return;
        }
        List<String> online = online();
        for (int p = 0; p < PARTITIONS; p++) {
            if (lost[p] || online.isEmpty()) {
                continue;
            }
            // the majority rule of worker caches
            boolean writable = online.size() * 2 > baseline.size();
            if (writable) {
                truth[p]++;
                for (String id : ownersNow(p)) {
                    disk(id).versions[p] = truth[p];
                }
            }
        }
        if (now - changedAt > CATCH_UP_MILLIS) {
            catchUp(online);
            copiesSeenAt = changedAt;
        }
        keepLastLive(now, online);
    }

    private void catchUp(List<String> online) {
        for (int p = 0; p < PARTITIONS; p++) {
            if (lost[p] || online.isEmpty()) {
                continue;
            }
            Set<String> owners = owners(p, online);
            for (String id : online) {
                disk(id).versions[p] = owners.contains(id) ? truth[p] : -1;
                owning.get(id)[p] = owners.contains(id);
            }
        }
    }

    private static Set<String> owners(int partition, List<String> online) {
        Set<String> owners = new HashSet<>();
        for (int copy = 0; copy < Math.min(2, online.size()); copy++) {
            owners.add(online.get((partition + copy) % online.size()));
        }
        return owners;
    }

    private void keepLastLive(long now, List<String> online) {
        if (online.isEmpty()) {
            return;
        }
        boolean whole = true;
        for (boolean one : lost) {
            whole &= !one;
        }
        List<Disk> files = new ArrayList<>(online.stream().map(this::disk).toList());
        if (controlIn) {
            files.add(controlDisk);
        }
        Disk newest = files.stream()
                .max(Comparator.comparingLong(file -> file.lastLiveVersion))
                .orElseThrow();
        for (Disk file : files) {
            if (informed.add(file)) {
                file.lastLive = newest.lastLive;
                file.lastLiveVersion = newest.lastLiveVersion;
            }
            Set<String> needed = new TreeSet<>(online);
            if (!whole) {
                needed.addAll(file.lastLive);
            }
            if (!needed.equals(file.lastLive)) {
                file.lastLive = needed;
                file.lastLiveVersion = now;
            }
        }
    }

    /** What control reads: the newest record of those who are there and of its own. */
    private Set<String> lastLive() {
        Disk newest = controlDisk;
        for (String id : members.keySet()) {
            if (disk(id).lastLiveVersion > newest.lastLiveVersion) {
                newest = disk(id);
            }
        }
        return newest.lastLive;
    }

    boolean complete() {
        long living = baseline.stream().filter(members::containsKey).count();
        for (int p = 0; p < PARTITIONS; p++) {
            long good = ownersNow(p).size();
            if (good < Math.min(2, living)) {
                return false;
            }
        }
        return true;
    }

    /** Whether these hold the newest version of anything alone. */
    boolean soleHolders(Set<String> ids) {
        for (int p = 0; p < PARTITIONS; p++) {
            List<String> good = ownersNow(p);
            if (!good.isEmpty() && ids.containsAll(good)) {
                return true;
            }
        }
        return false;
    }

    boolean lossy() {
        for (boolean one : lost) {
            if (one) {
                return true;
            }
        }
        return false;
    }

    GridSnapshot snapshot(long joinedMillis) {
        if (!controlIn) {
            return GridSnapshot.ABSENT;
        }
        List<Member> all = new ArrayList<>(List.of(Scenes.control()));
        members.forEach((id, pid) -> all.add(new Member(nodeId(id), id, id, Long.toString(pid), false, true)));
        Set<String> ids = new TreeSet<>(baseline);
        if (!baseline.isEmpty()) {
            ids.add("control-1");
        }
        boolean known = active && prepared && copiesSeenAt == changedAt;
        Copies copies = known
                ? new Copies(true, complete(), complete() ? 0 : 1, lossy() ? Set.of("data") : Set.of())
                : Copies.UNKNOWN;
        return new GridSnapshot(true, joinedMillis, active, active && prepared, all, ids, lastLive(), copies);
    }

    static String nodeId(String id) {
        return "node-of-" + id;
    }
}
