package org.virtugrid.control.coordinator;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.virtugrid.control.coordinator.GridSnapshot.Member;
import org.virtugrid.grid.topology.CopyMap;

/**
 * A grid for {@link GridContract}: what a subclass gives, and words for telling what happens in it. Workers have numbers from
 * 1 on; three of them, and one copy beside each value, are a whole grid.
 */
public abstract class GridStage {
    static final int WORKERS = 3;

    final Set<Integer> running = new TreeSet<>();
    private boolean begun;

    /** As control sees it before its node has joined. */
    protected abstract Grid notJoined();

    /** As control sees it; another one after {@link #startControl}. */
    protected abstract Grid grid();

    /** Consistent id of control's node. */
    protected abstract String controlId();

    /** Id and consistent id of the worker's VM. */
    protected abstract String id(int worker);

    /** The life that its driver sees. */
    protected abstract String lifeId(int worker);

    /** Starts control's node, which joins soon; in a grid that was active, once a worker is there. */
    protected abstract void startControl();

    /** Ends control's process as a fault would. */
    protected abstract void killControl();

    /** Starts the worker's process, with the disk that it has; it joins soon. */
    protected abstract void start(int worker);

    /** Ends the workers' processes as a fault would, all in the same moment. */
    protected abstract void kill(int... workers);

    /** Whether the worker's process has ended by itself. */
    protected abstract boolean ended(int worker);

    /** Empties the worker's database. */
    protected abstract void wipe(int worker);

    /** Puts something into every partition of a cache of users', with one copy beside it. */
    protected abstract void write();

    /** Waits until this is so; fails when it takes longer than two minutes. */
    protected abstract void await(String what, BooleanSupplier so);

    /** Ends everything. */
    protected abstract void close();

    @AfterAll
    final void endAll() {
        close();
    }

    final GridSnapshot seen() {
        return grid().snapshot();
    }

    final CopyMap copies() {
        return grid().copies().orElseThrow();
    }

    final Set<String> ids(int... workers) {
        return Arrays.stream(workers).mapToObj(this::id).collect(Collectors.toSet());
    }

    final Set<String> withControl(Set<String> workers) {
        Set<String> all = new TreeSet<>(workers);
        all.add(controlId());
        return all;
    }

    final Member member(int worker) {
        return seen().members().stream()
                .filter(member -> member.consistentId().equals(id(worker)))
                .findFirst()
                .orElseThrow();
    }

    final Set<UUID> nodes(int... workers) {
        return Arrays.stream(workers)
                .mapToObj(worker -> UUID.fromString(member(worker).nodeId()))
                .collect(Collectors.toSet());
    }

    final void run(int worker) {
        start(worker);
        running.add(worker);
    }

    final void end(int... workers) {
        kill(workers);
        Arrays.stream(workers).forEach(running::remove);
    }

    final void until(String what, BooleanSupplier so) {
        try {
            await(what, so);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("not in time: " + what + ", but " + seen(), e);
        }
    }

    /** These workers and control are the topology; in an active grid it is agreed who owns what. */
    final void awaitTopology(int... workers) {
        Set<String> expected = withControl(ids(workers));
        until("the topology is " + expected, () -> {
            GridSnapshot now = seen();
            return now.members().size() == expected.size()
                    && now.members().stream().map(Member::consistentId).allMatch(expected::contains)
                    && (!now.active() || now.members().stream().allMatch(Member::settled));
        });
    }

    /** Every copy is there, and a cold start would need these. */
    final void awaitWhole(int... workers) {
        awaitTopology(workers);
        until("all copies are there, on " + ids(workers), () -> {
            GridSnapshot now = seen();
            return now.copies().known()
                    && now.copies().complete()
                    && now.copies().missing() == 0
                    && now.copies().lossyCaches().isEmpty()
                    && now.lastLive().equals(ids(workers));
        });
    }

    /** Nothing is lost, but some copies are missing, and nobody makes them while the baseline has the one who left. */
    final void awaitMissing(int... workers) {
        awaitTopology(workers);
        until("copies are missing on " + ids(workers), () -> {
            GridSnapshot now = seen();
            return now.copies().lossless()
                    && !now.copies().complete()
                    && now.copies().missing() > 0
                    && now.lastLive().equals(ids(workers));
        });
    }

    final void begin() {
        begun = true;
        startControl();
        IntStream.rangeClosed(1, WORKERS).forEach(this::run);
        awaitTopology(1, 2, 3);
    }

    /** Three workers, active, prepared, with data and all copies, whatever was before. */
    final void whole() {
        if (!begun) {
            begin();
        }
        // Another test may have failed in the middle
        running.removeIf(this::ended);
        List.copyOf(running).stream().filter(worker -> worker > WORKERS).forEach(this::end);
        IntStream.rangeClosed(1, WORKERS)
                .filter(worker -> !running.contains(worker))
                .forEach(this::run);
        awaitTopology(1, 2, 3);
        if (!seen().active()) {
            grid().activate();
        }
        if (!seen().prepared()) {
            grid().prepare();
            write();
        }
        if (!seen().copies().lossyCaches().isEmpty()) {
            grid().resetLost();
        }
        awaitWhole(1, 2, 3);
    }
}
