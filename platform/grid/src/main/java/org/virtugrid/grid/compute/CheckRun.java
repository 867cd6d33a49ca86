package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.ignite.Ignite;
import org.apache.ignite.cluster.ClusterNode;
import org.virtugrid.grid.dataset.ChunkRepair;
import org.virtugrid.grid.dataset.ChunkRow;
import org.virtugrid.grid.dataset.DatasetCatalogue;
import org.virtugrid.grid.dataset.DatasetInfo;

/** Compares every copy of every chunk with its checksum, each on the worker it lies on, and mends what differs. */
final class CheckRun {
    private final WorkerRuntime worker;
    private final Ignite ignite;
    private final Attempt attempt;
    private final DatasetInfo dataset;
    private final boolean repair;
    private final List<ChunkRow> table;

    CheckRun(WorkerRuntime worker, Attempt attempt, DatasetInfo dataset, boolean repair) {
        this.worker = worker;
        this.ignite = worker.ignite();
        this.attempt = attempt;
        this.dataset = dataset;
        this.repair = repair;
        this.table = new DatasetCatalogue(ignite).table(dataset);
    }

    /** What one look at all copies found: good copies by chunk, and chunks with a copy that differs. */
    private static final class Findings {
        private final int[] good;
        private final TreeSet<Integer> different = new TreeSet<>();
        private int differentCopies;

        Findings(int chunks) {
            good = new int[chunks];
        }

        void add(Seen seen) {
            seen.good.forEach(chunk -> good[chunk]++);
            different.addAll(seen.different);
            differentCopies += seen.different.size();
        }
    }

    Map<String, Object> run() throws Exception {
        Findings before = look("look", 0, 0.9);
        long repaired = 0;
        Findings after = before;
        if (repair && !needsMending(before).isEmpty()) {
            ChunkRepair mender = new ChunkRepair(ignite, dataset);
            for (int chunk : needsMending(before)) {
                attempt.checkStopped();
                repaired += mender.repair(table.get(chunk)) ? 1 : 0;
            }
            after = look("look-again", 0.9, 1);
        }
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("chunks", table.size());
        view.put("copies", IntStream.of(before.good).sum() + before.differentCopies);
        view.put("missing", missing(before));
        view.put("different", before.differentCopies);
        view.put("lost", IntStream.of(after.good).filter(good -> good == 0).count());
        view.put("repaired", repaired);
        view.put("consistent", missing(after) == 0 && after.different.isEmpty());
        return view;
    }

    /** Chunks with a bad or a missing copy and at least one good one. */
    private List<Integer> needsMending(Findings found) {
        return IntStream.range(0, table.size())
                .filter(chunk -> found.good[chunk] > 0
                        && (found.different.contains(chunk) || found.good[chunk] < dataset.backups() + 1))
                .boxed()
                .toList();
    }

    private long missing(Findings found) {
        long wanted = (long) table.size() * (dataset.backups() + 1);
        return wanted - IntStream.of(found.good).sum() - found.differentCopies;
    }

    private Findings look(String phase, double from, double to) throws Exception {
        Findings found = new Findings(table.size());
        List<ClusterNode> nodes = Workers.of(ignite);
        new PartsRun(
                        worker,
                        attempt,
                        phase,
                        parts -> byNode(nodes, parts),
                        parts -> new Look(dataset),
                        (node, unit, parts, seen) -> found.add((Seen) seen),
                        from,
                        to)
                .run(IntStream.range(0, nodes.size()).boxed().toList());
        return found;
    }

    /** Part n is the n-th worker; what a worker that died meanwhile had counts as missing. */
    private Map<ClusterNode, List<Integer>> byNode(List<ClusterNode> nodes, Iterable<Integer> parts) {
        Map<ClusterNode, List<Integer>> byNode = new HashMap<>();
        for (int part : parts) {
            ClusterNode node = nodes.get(part);
            if (ignite.cluster().node(node.id()) == null) {
                throw new IllegalStateException("a worker died during the check");
            }
            byNode.put(node, List.of(part));
        }
        return byNode;
    }

    /** Which copies a worker has, and how they are. */
    private static final class Seen implements Serializable {
        private static final long serialVersionUID = 1L;

        private final ArrayList<Integer> good = new ArrayList<>();
        private final ArrayList<Integer> different = new ArrayList<>();
    }

    /** Looks at all copies on one worker. */
    private static final class Look extends UnitWork {
        private static final long serialVersionUID = 1L;

        private final DatasetInfo dataset;

        Look(DatasetInfo dataset) {
            this.dataset = dataset;
        }

        @Override
        Serializable run(WorkerRuntime worker, Unit unit) throws Exception {
            List<ChunkRow> table = new DatasetCatalogue(worker.ignite()).table(dataset);
            ChunkRepair copies = new ChunkRepair(worker.ignite(), dataset);
            Seen seen = new Seen();
            unit.total(table.size());
            for (int chunk = 0; chunk < table.size() && !unit.cancelled(); chunk++) {
                switch (copies.look(table.get(chunk))) {
                    case GOOD -> seen.good.add(chunk);
                    case DIFFERENT -> seen.different.add(chunk);
                    case ABSENT -> {}
                }
                unit.advance(1);
            }
            return seen;
        }
    }
}
