package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.virtugrid.control.vm.Desired;

/**
 * Months of faults in seconds. A failure prints its seed; run it alone with {@code -Dvirtugrid.seeds=SEED-SEED}.
 */
class ReconcilerSimulationTest {
    private static final String SEEDS = System.getProperty("virtugrid.seeds", "1-40");
    private static final int FAULTS = 120;
    private static final long REST_MILLIS = 10 * 60_000;

    @Test
    void whatever_fails_nothing_is_started_twice_no_old_value_is_served_and_all_is_well_in_the_end() {
        long from = Long.parseLong(SEEDS.substring(0, SEEDS.indexOf('-')));
        long to = Long.parseLong(SEEDS.substring(SEEDS.indexOf('-') + 1));
        int fences = 0;
        for (long seed = from; seed <= to; seed++) {
            try {
                fences += simulate(seed);
            } catch (AssertionError | RuntimeException e) {
                fail("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        System.out.println((to - from + 1) + " seeds run, " + fences + " fences");
        assertThat(fences).as("the simulation walks into fences at all").isPositive();
    }

    private static int simulate(long seed) {
        Random random = new Random(seed);
        SimulatedPlatform platform = new SimulatedPlatform(3 + random.nextInt(3), random);
        platform.run(20_000);
        for (int i = 0; i < FAULTS; i++) {
            fault(platform, random, i);
            platform.run(random.nextInt(4) == 0 ? random.nextInt(40_000) : random.nextInt(2_000));
        }
        platform.startControl();
        platform.ids().forEach(platform::thaw);
        platform.ids().forEach(id -> platform.want(id, Desired.RUNNING));
        platform.run(REST_MILLIS);
        assertThat(platform.last().overall().state())
                .as("seed %s ends with %s", seed, platform.last().overall())
                .isEqualTo("READY");
        assertThat(platform.last().actions()).as("seed %s is at rest", seed).isEmpty();
        return platform.fences();
    }

    private static void fault(SimulatedPlatform platform, Random random, int number) {
        List<String> ids = platform.ids();
        String id = ids.get(random.nextInt(ids.size()));
        switch (random.nextInt(12)) {
            case 0, 1 -> platform.kill(id);
            case 2 -> platform.freeze(id);
            case 3, 4 -> ids.forEach(platform::thaw);
            case 5 -> platform.killControl();
            case 6, 7 -> platform.startControl();
            case 8 -> platform.want(id, Desired.STOPPED);
            case 9 -> platform.want(id, Desired.RUNNING);
            case 10 -> {
                if (random.nextInt(4) == 0) {
                    platform.killControl();
                    ids.forEach(platform::kill);
                    platform.startControl();
                }
            }
            default -> {
                if (random.nextInt(3) == 0) {
                    platform.want(id, Desired.DESTROYED);
                    platform.create("vm-" + (10 + number));
                }
            }
        }
    }
}
