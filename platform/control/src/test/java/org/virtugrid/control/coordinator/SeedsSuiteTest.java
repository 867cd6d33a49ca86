package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The coordinator under thousands of lives of faults at random, each from its seed. A failure names its seed and the
 * command that lives through it again.
 */
@Tag("sim")
@ExtendWith(QuietCoordinator.class)
class SeedsSuiteTest {
    private static final Seeds SEEDS = Seeds.parse(System.getProperty("virtugrid.seeds", "1-10000"));
    private static final SimulatedControl.Variant REAL = new SimulatedControl.Variant() {};
    /** So many lives must walk into every kind of situation. */
    private static final int MANY = 1_000;

    private static final Seeds FOR_MUTANTS = new Seeds(1, 1_000);

    /** Without these the lives were not dangerous enough. */
    private static final Set<String> SITUATIONS = new TreeSet<>(Set.of(
            "ACTION_FAILED",
            "BASELINE_CHANGED",
            "DATA_LOST",
            "FENCING_RESUMED",
            "FENCING_STOPPED",
            "GRID_ACTIVATED",
            "LOST_PARTITIONS_RESET",
            "VM_CRASHED",
            "VM_DATABASE_EMPTIED",
            "VM_DATABASE_KEPT",
            "VM_DESTROYED",
            "VM_FENCED",
            "VM_HUNG",
            "VM_READY",
            "VM_STOPPED",
            "VM_UNKNOWN",
            SimulatedFigures.REFUSED,
            "action on a hung hypervisor",
            "control cut off",
            "control died in an action",
            "control frozen",
            "half of all gone at once",
            "power cut",
            "slow boot",
            "takeover",
            "user refused",
            "worker cut off",
            "worker halted by itself"));

    @Test
    void whatever_fails_every_invariant_holds_and_all_is_well_in_the_end() {
        long began = System.nanoTime();

        SimulatedFigures figures = SEEDS.live(REAL);

        figures.all().forEach((what, count) -> System.out.println("  " + count + " " + what));
        System.out.println(SEEDS.count() + " seeds run, " + SEEDS.from() + "-" + SEEDS.to() + ", in "
                + (System.nanoTime() - began) / 1_000_000_000 + " s");
        if (SEEDS.count() >= MANY) {
            assertThat(SITUATIONS)
                    .allSatisfy(what -> assertThat(figures.of(what)).as(what).isPositive());
        }
    }

    /** The coordinator as it is lives through the same seeds, see above. */
    @ParameterizedTest
    @EnumSource
    void a_coordinator_without_a_safeguard_is_caught(Mutant mutant) {
        InvariantViolation caught = null;
        long seed = FOR_MUTANTS.from() - 1;
        while (caught == null && seed < FOR_MUTANTS.to()) {
            seed++;
            try {
                new Mishaps(seed, mutant).live();
            } catch (InvariantViolation e) {
                caught = e;
            }
        }
        assertThat(caught).as("%s lives through %s", mutant, FOR_MUTANTS).isNotNull();
        System.out.println("  " + mutant + " is caught by seed " + seed + ": " + caught.getMessage());
        assertThat(caught.invariant()).isIn(mutant.breaks());
        new Mishaps(seed, REAL).live();
    }

    @Test
    void a_thousand_VMs_on_fifty_hosts_are_looked_after_by_one_coordinator() {
        SimulatedPlatform.Size size = new SimulatedPlatform.Size(1_000, 50, 3, 256);
        Mishaps life = new Mishaps(1, size);

        life.live();

        List<Long> looks = new ArrayList<>(life.platform().figures().lookNanos());
        Collections.sort(looks);
        System.out.println("  1000 VMs on 50 hosts: " + looks.size() + " decisions, median "
                + looks.get(looks.size() / 2) / 1_000 + " us, 99th percentile "
                + looks.get(looks.size() * 99 / 100) / 1_000
                + " us");
        assertThat(life.platform().leader().last().overall().ready()).isGreaterThanOrEqualTo(1_000);
    }
}
