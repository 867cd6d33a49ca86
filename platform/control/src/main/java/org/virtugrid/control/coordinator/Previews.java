package org.virtugrid.control.coordinator;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.virtugrid.api.Preview;
import org.virtugrid.api.StatusView;
import org.virtugrid.control.coordinator.VmRequests.Verb;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.grid.compute.VmWork;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.CopyMap;
import org.virtugrid.grid.topology.CopyMap.Holding;
import org.virtugrid.grid.topology.CopyMap.Share;

/** What actions on VMs would do. Changes nothing. */
final class Previews {
    /** Rough, for the estimate only: what making copies and moving guests came to on a small machine. */
    private static final long BYTES_PER_SECOND = 50L << 20;

    private static final long STOP_SECONDS = 5;
    private static final long PROCESS_START_SECONDS = 10;
    private static final long GUEST_START_SECONDS = 60;
    private static final String DATASET = "dataset ";

    private final VmDriver driver;
    private final Grid grid;
    private final Figures figures;

    /** Figures of the grid that the estimates are made from. */
    record Figures(
            Supplier<Map<String, Long>> chunkBytes,
            Supplier<Map<String, VmWork>> workByVm,
            Supplier<StatusView.Tasks> tasks) {}

    Previews(VmDriver driver, Grid grid, Figures figures) {
        this.driver = driver;
        this.grid = grid;
        this.figures = figures;
    }

    /**
     * VMs that stop, restart, or go for good.
     *
     * @param effects what else users would notice
     * @param check fails as the action itself would
     */
    Preview ofAction(Verb verb, List<VmRecord> vms, List<String> effects, Runnable check) {
        Optional<Share> share = share(vms);
        long bytes = verb == Verb.DESTROY ? share.map(this::bytes).orElse(0L) : 0;
        long seconds =
                switch (verb) {
                    case STOP -> STOP_SECONDS;
                    case START -> startSeconds();
                    case RESTART -> STOP_SECONDS + startSeconds();
                    case DESTROY -> STOP_SECONDS + bytes / BYTES_PER_SECOND;
                };
        String word = verb.name().toLowerCase(java.util.Locale.ROOT);
        return preview(word, vms, effects, check, bytes, share, vms.isEmpty() ? 0 : seconds);
    }

    /** VMs that go to other hosts. */
    Preview ofMove(String action, List<VmRecord> vms, Runnable check) {
        long bytes = 0;
        for (VmRecord vm : vms) {
            Long disk = driver.use(vm.id()).diskBytes();
            bytes += driver.probe(vm.id()).gone() ? 0 : vm.spec().memoryBytes();
            bytes += disk == null ? 0 : disk;
        }
        return preview(action, vms, List.of(), check, bytes, share(vms), 3L * vms.size() + bytes / BYTES_PER_SECOND);
    }

    private long startSeconds() {
        return driver.name().equals("process") ? PROCESS_START_SECONDS : GUEST_START_SECONDS;
    }

    private Preview preview(
            String action,
            List<VmRecord> vms,
            List<String> effects,
            Runnable check,
            long bytes,
            Optional<Share> share,
            long seconds) {
        String refusal = null;
        String fix = null;
        try {
            check.run();
        } catch (GridException e) {
            refusal = e.getMessage();
            fix = e.fix();
        }
        Integer copies = share.filter(held -> held.leastCopies() >= 0)
                .map(Share::leastCopies)
                .orElse(null);
        return new Preview(
                action,
                vms.stream().map(VmRecord::name).toList(),
                refusal == null,
                refusal,
                fix,
                bytes,
                copies,
                tasks(vms),
                seconds,
                refusal == null ? effects : List.of());
    }

    private Optional<Share> share(Collection<VmRecord> vms) {
        Set<String> ids = vms.stream().map(VmRecord::id).collect(Collectors.toSet());
        Set<UUID> nodes = grid.snapshot().members().stream()
                .filter(member -> ids.contains(member.vmId()))
                .map(member -> UUID.fromString(member.nodeId()))
                .collect(Collectors.toSet());
        try {
            Optional<CopyMap> copies = nodes.isEmpty() ? Optional.empty() : grid.copies();
            return copies.map(map -> map.shareOf(nodes));
        } catch (RuntimeException e) {
            return Optional.empty(); // whether it is allowed is told by the check itself
        }
    }

    private long bytes(Share share) {
        Map<String, Long> chunkBytes = figures.chunkBytes().get();
        long sum = 0;
        for (Holding holding : share.holdings()) {
            String name = holding.what().startsWith(DATASET) ? holding.what().substring(DATASET.length()) : "";
            sum += holding.entries() * chunkBytes.getOrDefault(name, 0L);
        }
        return sum;
    }

    private long tasks(List<VmRecord> vms) {
        Map<String, VmWork> work = figures.workByVm().get();
        long waiting = vms.stream()
                .mapToLong(vm -> work.getOrDefault(vm.id(), VmWork.NONE).queued())
                .sum();
        return vms.isEmpty() ? 0 : figures.tasks().get().running() + waiting;
    }
}
