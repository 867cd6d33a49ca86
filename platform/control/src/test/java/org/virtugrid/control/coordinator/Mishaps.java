package org.virtugrid.control.coordinator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.virtugrid.control.vm.Desired;

/** A life of faults, from a seed alone. */
final class Mishaps {
    static final int PARTITIONS = 8;
    private static final long REST_MILLIS = 30 * 60_000;
    private static final int FEWEST_FAULTS = 6;
    private static final int MORE_FAULTS = 18;

    private final Random random;
    private final SimulatedPlatform platform;
    private int names = 10_000;

    /** A small platform, whose size the seed chooses. */
    Mishaps(long seed, SimulatedControl.Variant variant) {
        this.random = randomOf(seed);
        int workers = 3 + random.nextInt(3);
        int hosts = 1 + random.nextInt(3);
        int controls = random.nextInt(5) < 2 ? 1 : random.nextInt(4) == 0 ? 2 : 3;
        this.platform = new SimulatedPlatform(
                new SimulatedPlatform.Size(workers, hosts, controls, PARTITIONS), random, variant);
    }

    /** A platform of the given size. */
    Mishaps(long seed, SimulatedPlatform.Size size) {
        this.random = randomOf(seed);
        this.platform = new SimulatedPlatform(size, random, new SimulatedControl.Variant() {});
    }

    private static Random randomOf(long seed) {
        // Neighbouring seeds alone give neighbouring first numbers
        return new Random(seed * 0x9E3779B97F4A7C15L);
    }

    SimulatedPlatform platform() {
        return platform;
    }

    /** Lives through the seed; fails with an {@link InvariantViolation}. */
    void live() {
        platform.run(12_000);
        int faults = FEWEST_FAULTS + random.nextInt(MORE_FAULTS);
        for (int i = 0; i < faults; i++) {
            befall();
            platform.run(random.nextInt(4) == 0 ? random.nextInt(40_000) : random.nextInt(2_000));
        }
        platform.cease();
        for (SimulatedMachines.Guest guest : platform.machines().guests()) {
            if (guest.record().desired() == Desired.STOPPED) {
                platform.machines().want(guest, Desired.RUNNING);
            }
        }
        boolean rests = platform.comesToRest(REST_MILLIS);
        SimulatedControl leader = platform.leader();
        Invariants.check(
                Invariants.Name.DESIRED_STATE_REACHED,
                rests,
                leader == null
                        ? "nobody leads"
                        : leader.last().overall() + ", " + leader.last().actions());
    }

    private void befall() {
        List<String> ids = platform.ids();
        String id = ids.get(random.nextInt(ids.size()));
        switch (random.nextInt(26)) {
            case 0, 1, 2 -> platform.kill(id);
            case 3, 4 -> platform.freeze(id);
            case 5, 6 -> ids.forEach(platform::thaw);
            case 7 -> {
                platform.figures().count("worker cut off");
                platform.cut(id);
            }
            case 8 -> ids.forEach(platform::heal);
            case 9 -> platform.hang(anyHost());
            case 10, 11 -> platform.machines().hosts().forEach(platform::goOn);
            case 12 -> platform.slowBoots(random.nextInt(4) == 0);
            case 13 -> half(ids).forEach(random.nextBoolean() ? platform::kill : platform::freeze);
            case 14, 15 -> befallControl(anyControl());
            case 16, 17 -> {
                platform.controls().forEach(SimulatedControl::thaw);
                platform.controls().forEach(SimulatedControl::start);
            }
            case 18 -> anyControl().dieIn(random.nextInt(8));
            case 19 -> platform.ask("stop", id);
            case 20 -> platform.ask("start", id);
            case 21 -> platform.ask("restart", id);
            case 22 -> {
                if (platform.ask("destroy", id).equals("done")) {
                    platform.define("w" + names++);
                }
            }
            case 23 -> platform.maintain(anyHost(), true);
            case 24 -> platform.machines().hosts().forEach(host -> platform.maintain(host, false));
            default -> powerCut(ids);
        }
    }

    private List<String> half(List<String> ids) {
        List<String> shuffled = new ArrayList<>(ids);
        Collections.shuffle(shuffled, random);
        platform.figures().count("half of all gone at once");
        return shuffled.subList(0, (ids.size() + 1) / 2);
    }

    private void powerCut(List<String> ids) {
        if (random.nextInt(2) == 0) {
            platform.figures().count("power cut");
            platform.controls().forEach(SimulatedControl::kill);
            ids.forEach(platform::kill);
            platform.controls().forEach(SimulatedControl::start);
        }
    }

    private SimulatedMachines.Host anyHost() {
        List<SimulatedMachines.Host> hosts = platform.machines().hosts();
        return hosts.get(random.nextInt(hosts.size()));
    }

    /** More often than not the one that acts, since that is where the danger is. */
    private SimulatedControl anyControl() {
        SimulatedControl leader = platform.leader();
        List<SimulatedControl> controls = platform.controls();
        return leader != null && random.nextInt(3) > 0 ? leader : controls.get(random.nextInt(controls.size()));
    }

    private void befallControl(SimulatedControl control) {
        switch (random.nextInt(3)) {
            case 0 -> control.kill();
            case 1 -> {
                platform.figures().count("control frozen");
                control.freeze();
            }
            default -> {
                platform.figures().count("control cut off");
                control.cutOff();
            }
        }
    }
}
