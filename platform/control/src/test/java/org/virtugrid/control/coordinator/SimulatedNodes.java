package org.virtugrid.control.coordinator;

import java.util.Random;
import java.util.function.Consumer;
import org.virtugrid.control.coordinator.SimulatedMachines.Guest;
import org.virtugrid.control.coordinator.SimulatedMachines.Life;

/** The nodes of simulated guests in the simulated grid: how they join, fail, are failed out, and halt. */
final class SimulatedNodes implements SimulatedMachines.Watcher {
    private static final long DETECTION = Scenes.LIMITS.failureDetection().toMillis();
    private static final long JOIN_DEADLINE = Scenes.LIMITS.joinDeadline().toMillis();
    /** So long the grid does not notice a death by itself. */
    private static final int LONGEST_SILENCE = 800;

    private static final int RETRY_MILLIS = 500;

    private final SimulatedTime time;
    private final Random random;
    private final SimulatedMachines machines;
    private final SimulatedGrid grid;
    private final SimulatedFigures figures;
    private final Consumer<String> chronicle;
    private boolean slowBoots;

    SimulatedNodes(
            SimulatedTime time,
            Random random,
            SimulatedMachines machines,
            SimulatedGrid grid,
            SimulatedFigures figures,
            Consumer<String> chronicle) {
        this.time = time;
        this.random = random;
        this.machines = machines;
        this.grid = grid;
        this.figures = figures;
        this.chronicle = chronicle;
        grid.onExpelled(this::expelled);
    }

    /** They take longer to boot than is waited for. */
    void slowBoots(boolean slow) {
        slowBoots = slow;
    }

    @Override
    public void started(Guest guest, Life life) {
        long boot = 1_000L + random.nextInt(5_000);
        if (slowBoots) {
            figures.count("slow boot");
            boot = JOIN_DEADLINE + random.nextInt(60_000);
        }
        time.after(boot, () -> join(guest, life));
    }

    @Override
    public void ended(Guest guest, Life life) {
        time.after(random.nextInt(LONGEST_SILENCE), () -> {
            if (grid.isMember(guest.id(), life)) {
                grid.leaves(guest.id());
            }
        });
    }

    private void join(Guest guest, Life life) {
        if (life.ended) {
            return;
        }
        if (!life.answers() || grid.members().contains(guest.id())) {
            time.after(RETRY_MILLIS, () -> join(guest, life));
            return;
        }
        life.joined = true;
        grid.joins(guest.id(), life);
        chronicle.accept(guest.id() + " joins");
    }

    void freeze(Guest guest) {
        Life life = guest.life();
        if (life != null && !life.frozen()) {
            machines.freeze(life);
            failOut(guest, life);
        }
    }

    void thaw(Guest guest) {
        Life life = guest.life();
        if (life != null && life.frozen()) {
            machines.thaw(life);
            if (life.joined && !grid.isMember(guest.id(), life)) {
                haltAfter(guest, life, random.nextInt(1_000));
            }
        }
    }

    /** Nothing reaches its node any more, while its process goes on. */
    void cut(Guest guest) {
        Life life = guest.life();
        if (life != null && !life.cut) {
            life.cut = true;
            failOut(guest, life);
        }
    }

    void heal(Guest guest) {
        if (guest.life() != null) {
            guest.life().cut = false;
        }
    }

    /** The grid goes on without who does not answer for long enough. */
    private void failOut(Guest guest, Life life) {
        time.after(DETECTION, () -> {
            if (!life.answers() && grid.isMember(guest.id(), life)) {
                grid.leaves(guest.id());
                chronicle.accept(guest.id() + " is failed out");
                if (!life.frozen()) {
                    haltAfter(guest, life, random.nextInt(15_000));
                }
            }
        });
    }

    private void expelled(String id, Life life) {
        Guest guest = machines.guest(id);
        if (!life.ended && !life.frozen()) {
            haltAfter(guest, life, random.nextInt(1_000));
        }
    }

    /** A node that learns that the grid went on without it marks its database and ends. */
    private void haltAfter(Guest guest, Life life, long millis) {
        time.after(millis, () -> {
            if (!life.ended && !life.frozen()) {
                figures.count("worker halted by itself");
                chronicle.accept(guest.id() + " halts");
                machines.suspect(guest, true);
                machines.end(guest);
            }
        });
    }
}
