package org.virtugrid.control.coordinator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.virtugrid.control.coordinator.GridSnapshot.Copies;
import org.virtugrid.control.coordinator.GridSnapshot.Member;
import org.virtugrid.grid.topology.Caches;

/**
 * A model of what Ignite does with partitions of two copies: owners, catching up, losing, activation. It remembers the true
 * newest version of each partition, so it notices when an old value would be served. This is the grid that the majority
 * sees; what one control process sees of it is a {@link SimulatedGridView}.
 */
final class SimulatedGrid {
    static final long CATCH_UP_MILLIS = 1_500;
    private static final int COPIES = 2;

    /** A node's database: the version it has of each partition, -1 for none. It outlives its process. */
    static final class Disk {
        private final long[] versions;
        private Set<String> lastLive = Set.of();
        long lastLiveVersion;

        Disk(int partitions) {
            versions = new long[partitions];
            Arrays.fill(versions, -1);
        }

        void wipe() {
            Arrays.fill(versions, -1);
        }

        /** Something is written to it. */
        void write() {
            versions[0]++;
        }
    }

    private static final class Worker {
        private final SimulatedMachines.Life life;
        private final Disk disk;
        /** Partitions that it may serve; others it is still catching up with. */
        private final boolean[] owns;

        Worker(SimulatedMachines.Life life, Disk disk) {
            this.life = life;
            this.disk = disk;
            this.owns = new boolean[disk.versions.length];
        }
    }

    private final int partitions;
    private final SimulatedTime time;
    private final Map<String, Disk> disks = new TreeMap<>();
    private final long[] truth;
    private final boolean[] lost;
    private final Set<String> baseline = new TreeSet<>();
    private final Set<String> baselineControls = new TreeSet<>();
    /** Workers in the topology. */
    private final Map<String, Worker> members = new TreeMap<>();

    private final Map<String, Disk> controlDisks = new TreeMap<>();
    private final Set<String> controls = new TreeSet<>();
    /** Those that have asked the others since they joined. */
    private final Set<Disk> informed = Collections.newSetFromMap(new IdentityHashMap<>());

    private final List<Runnable> listeners = new ArrayList<>();
    private BiConsumer<String, SimulatedMachines.Life> expelled = (id, life) -> {};

    private List<Worker> online = List.of();
    /** Who serves each partition; null when that has to be found anew. */
    private List<List<Worker>> owners;

    private long checkedAt = -1;
    private Set<String> caches = Set.of();
    private boolean active;
    private boolean settled;
    private long changes;
    private long topologies;

    SimulatedGrid(SimulatedTime time, int partitions) {
        this.time = time;
        this.partitions = partitions;
        this.truth = new long[partitions];
        this.lost = new boolean[partitions];
    }

    Disk disk(String id) {
        return disks.computeIfAbsent(id, key -> new Disk(partitions));
    }

    void removeDisk(String id) {
        disks.remove(id);
    }

    boolean hasData(String id) {
        return disks.containsKey(id) && Arrays.stream(disk(id).versions).anyMatch(version -> version >= 0);
    }

    boolean active() {
        return active;
    }

    Set<String> members() {
        return members.keySet();
    }

    Set<String> controls() {
        return controls;
    }

    boolean isMember(String id, SimulatedMachines.Life life) {
        Worker worker = members.get(id);
        return worker != null && worker.life == life;
    }

    boolean inBaseline(String consistentId) {
        return baseline.contains(consistentId) || baselineControls.contains(consistentId);
    }

    /** Grows with everything that a control node could notice. */
    long changes() {
        return changes;
    }

    // --- topology

    void joins(String id, SimulatedMachines.Life life) {
        Worker worker = new Worker(life, disk(id));
        members.put(id, worker);
        informed.remove(worker.disk);
        changed();
        activateIfWhole();
    }

    void leaves(String id) {
        if (members.remove(id) != null) {
            changed();
            if (members.isEmpty() && controls.isEmpty()) {
                active = false;
            }
            if (active) {
                findLost();
            }
        }
    }

    /** A control process says that this node is dead. If it is not, it learns that it is out, and ends. */
    void expel(String nodeId) {
        for (Map.Entry<String, Worker> member : members.entrySet()) {
            SimulatedMachines.Life life = member.getValue().life;
            if (life.nodeId().equals(nodeId)) {
                String id = member.getKey();
                leaves(id);
                expelled.accept(id, life);
                return;
            }
        }
    }

    /** Told the id and life of each member that was expelled. */
    void onExpelled(BiConsumer<String, SimulatedMachines.Life> listener) {
        expelled = listener;
    }

    /** Told of each change of the topology and of what is known of copies. */
    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    void controlJoins(String id) {
        controls.add(id);
        informed.remove(controlDisks.computeIfAbsent(id, key -> new Disk(partitions)));
        changed();
        activateIfWhole();
    }

    void controlLeaves(String id) {
        if (controls.remove(id)) {
            changed();
            if (members.isEmpty() && controls.isEmpty()) {
                active = false;
            }
        }
    }

    private void changed() {
        settled = false;
        changes++;
        long topology = ++topologies;
        online = members.entrySet().stream()
                .filter(member -> baseline.contains(member.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        owners = null;
        time.after(CATCH_UP_MILLIS, () -> settle(topology));
        listeners.forEach(Runnable::run);
    }

    private void settle(long topology) {
        if (topology != topologies || !active) {
            return;
        }
        if (!writersAnswer()) {
            time.after(CATCH_UP_MILLIS, () -> settle(topology));
            return;
        }
        catchUp();
        settled = true;
        changes++;
        listeners.forEach(Runnable::run);
    }

    // --- data

    /** What Ignite does by itself after a cold start. */
    private void activateIfWhole() {
        if (!active
                && !baseline.isEmpty()
                && members.keySet().containsAll(baseline)
                && controls.containsAll(baselineControls)) {
            activate();
        }
    }

    void activate() {
        if (active) {
            return;
        }
        active = true;
        if (baseline.isEmpty()) {
            baseline.addAll(members.keySet());
            baselineControls.addAll(controls);
            for (String id : baseline) {
                Arrays.fill(disk(id).versions, 0);
            }
        }
        changed();
        Arrays.fill(lost, false);
        electOwners();
        findLost();
        checkServed();
    }

    /** The platform's own caches, which outlive everything. */
    void makeCaches() {
        caches = Set.of(Caches.TASKS);
    }

    Set<String> caches() {
        return caches;
    }

    void deactivate() {
        active = false;
        changed();
    }

    /** Whoever has the newest version of those who are there: Ignite compares counters, it can't know of those away. */
    private void electOwners() {
        owners = null;
        for (int p = 0; p < partitions; p++) {
            long newest = -1;
            for (Worker worker : online) {
                newest = Math.max(newest, worker.disk.versions[p]);
            }
            for (Worker worker : online) {
                worker.owns[p] = newest >= 0 && worker.disk.versions[p] == newest;
            }
        }
    }

    /** Between two changes writes reach all who serve, so that nothing new can be found. */
    void checkServed() {
        if (!active || checkedAt == changes) {
            return;
        }
        for (int p = 0; p < partitions; p++) {
            for (Worker worker : owners(p)) {
                if (!lost[p] && worker.disk.versions[p] < truth[p]) {
                    throw new InvariantViolation(
                            Invariants.Name.NO_OLD_VALUES,
                            "version " + worker.disk.versions[p] + " of " + truth[p] + " of partition " + p
                                    + " would be served by life " + worker.life.id());
                }
            }
        }
        checkedAt = changes;
    }

    private List<Worker> owners(int partition) {
        if (owners == null) {
            owners = new ArrayList<>();
            for (int p = 0; p < partitions; p++) {
                List<Worker> some = new ArrayList<>(COPIES);
                for (Worker worker : online) {
                    if (worker.owns[p]) {
                        some.add(worker);
                    }
                }
                owners.add(some);
            }
        }
        return owners.get(partition);
    }

    private void findLost() {
        for (int p = 0; p < partitions; p++) {
            lost[p] |= owners(p).isEmpty();
        }
    }

    void requireActive() {
        if (!active) {
            throw new IllegalStateException("the grid is not active");
        }
    }

    void resetLost() {
        requireActive();
        Arrays.fill(lost, false);
        electOwners();
        findLost();
        checkServed();
        changed();
    }

    void setBaseline(Set<String> workers, Set<String> newControls) {
        requireActive();
        for (String id : baseline) {
            if (!workers.contains(id) && members.containsKey(id)) {
                throw new IllegalStateException(id + " is online and can't leave the baseline");
            }
        }
        baseline.clear();
        baseline.addAll(workers);
        baselineControls.clear();
        baselineControls.addAll(newControls);
        changed();
    }

    /** A write waits for every member, so one that does not answer holds all of them up. */
    private boolean writersAnswer() {
        for (Worker worker : online) {
            if (!worker.life.answers() || worker.life.ended) {
                return false;
            }
        }
        return true;
    }

    /** Users write to everything that takes writes, between any two events. */
    void live() {
        if (!active) {
            return;
        }
        // the majority rule of worker caches
        if (online.size() * 2 > baseline.size() && writersAnswer()) {
            for (int p = 0; p < partitions; p++) {
                if (!lost[p]) {
                    truth[p]++;
                    for (Worker worker : owners(p)) {
                        worker.disk.versions[p] = truth[p];
                    }
                }
            }
        }
        keepLastLive();
    }

    /** Places are dealt to the baseline, whoever of it is there: nobody else fills the place of one who is away. */
    private void catchUp() {
        owners = null;
        List<Worker> seats = baseline.stream().map(members::get).toList();
        int size = seats.size();
        for (int p = 0; p < partitions; p++) {
            if (lost[p] || nobodySits(seats, p)) {
                continue;
            }
            for (int i = 0; i < size; i++) {
                Worker worker = seats.get(i);
                if (worker != null) {
                    boolean owner = Math.floorMod(i - p, size) < COPIES;
                    worker.disk.versions[p] = owner ? truth[p] : -1;
                    worker.owns[p] = owner;
                }
            }
        }
    }

    private static boolean nobodySits(List<Worker> seats, int partition) {
        for (int copy = 0; copy < COPIES; copy++) {
            if (seats.get((partition + copy) % seats.size()) != null) {
                return false;
            }
        }
        return true;
    }

    // --- the record of the last live topology

    private long keptAt = -1;

    private void keepLastLive() {
        if (online.isEmpty() || keptAt == changes) {
            return;
        }
        keptAt = changes;
        Set<String> living = new TreeSet<>(members.keySet());
        living.retainAll(baseline);
        boolean lossy = lossy();
        List<Disk> files =
                new ArrayList<>(online.stream().map(worker -> worker.disk).toList());
        controls.forEach(id -> files.add(controlDisks.get(id)));
        Disk newest = newest(files);
        Set<String> newestMembers = newest.lastLive;
        long newestVersion = newest.lastLiveVersion;
        // Most have the very same set
        Set<String> before = null;
        Set<String> needed = living;
        boolean differs = false;
        for (Disk file : files) {
            if (informed.add(file)) {
                file.lastLive = newestMembers;
                file.lastLiveVersion = newestVersion;
            }
            if (file.lastLive != before) {
                before = file.lastLive;
                needed = living;
                if (lossy) {
                    needed = new TreeSet<>(living);
                    needed.addAll(before);
                }
                differs = !needed.equals(before);
            }
            if (differs) {
                file.lastLive = needed;
                file.lastLiveVersion = time.now();
                changes++;
            }
        }
        keptAt = changes;
    }

    private static Disk newest(List<Disk> files) {
        Disk newest = files.get(0);
        for (Disk file : files) {
            if (file.lastLiveVersion > newest.lastLiveVersion) {
                newest = file;
            }
        }
        return newest;
    }

    /** The newest record on these workers' disks. */
    Set<String> lastLiveOf(Collection<String> ids) {
        return ids.isEmpty() ? Set.of() : newest(ids.stream().map(this::disk).toList()).lastLive;
    }

    /** What a control node reads: the newest record of those who are there and of its own. */
    private Set<String> lastLive(String control) {
        List<Disk> files = new ArrayList<>(List.of(controlDisks.get(control)));
        members.values().forEach(worker -> files.add(worker.disk));
        return newest(files).lastLive;
    }

    // --- what is asked of it

    boolean complete() {
        for (int p = 0; p < partitions; p++) {
            if (owners(p).size() < Math.min(COPIES, online.size())) {
                return false;
            }
        }
        return true;
    }

    boolean copiesKnown() {
        return active && settled;
    }

    Set<String> workersOf(Set<UUID> nodeIds) {
        Set<String> ids = new HashSet<>();
        members.forEach((id, worker) -> {
            if (nodeIds.contains(UUID.fromString(worker.life.nodeId()))) {
                ids.add(id);
            }
        });
        return ids;
    }

    boolean holdAnything(Set<String> ids) {
        return ids.stream().map(members::get).filter(online::contains).anyMatch(worker -> Arrays.stream(
                        worker.disk.versions)
                .anyMatch(version -> version >= 0));
    }

    /** Whether these hold alone what others can read now, or could after what is lost was reset. */
    boolean soleHolders(Set<String> ids) {
        Set<Worker> going = Collections.newSetFromMap(new IdentityHashMap<>());
        ids.stream().filter(members::containsKey).forEach(id -> going.add(members.get(id)));
        for (int p = 0; active && p < partitions; p++) {
            List<Worker> holders = lost[p] ? holders(p) : owners(p);
            if (!holders.isEmpty() && going.containsAll(holders)) {
                return true;
            }
        }
        return false;
    }

    /** Who has something of a lost partition, and may not serve it. */
    private List<Worker> holders(int partition) {
        return online.stream()
                .filter(worker -> worker.disk.versions[partition] >= 0)
                .toList();
    }

    /** A partition of which no disk has the newest version; -1 for none. */
    int partitionWithoutNewestCopy() {
        for (int p = 0; p < partitions; p++) {
            int partition = p;
            if (!baseline.isEmpty()
                    && disks.values().stream().noneMatch(disk -> disk.versions[partition] >= truth[partition])) {
                return p;
            }
        }
        return -1;
    }

    boolean lossy() {
        for (boolean one : lost) {
            if (one) {
                return true;
            }
        }
        return false;
    }

    /** What this control node sees while it is a member. */
    GridSnapshot snapshot(String control, long joinedMillis, boolean prepared) {
        List<Member> all = new ArrayList<>();
        controls.forEach(id -> all.add(controlMember(id)));
        members.forEach(
                (id, worker) -> all.add(new Member(worker.life.nodeId(), id, id, worker.life.id(), false, true)));
        Set<String> ids = new TreeSet<>(baseline);
        ids.addAll(baselineControls);
        boolean whole = complete();
        Copies copies = copiesKnown() && prepared
                ? new Copies(true, whole, whole ? 0 : 1, lossy() ? Set.of("data") : Set.of())
                : Copies.UNKNOWN;
        return new GridSnapshot(
                true,
                joinedMillis,
                active,
                active && prepared,
                all,
                ids,
                lastLive(control),
                copies,
                Set.copyOf(baselineControls));
    }

    static Member controlMember(String id) {
        return new Member(
                UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString(), id, id, "99", true, true);
    }
}
