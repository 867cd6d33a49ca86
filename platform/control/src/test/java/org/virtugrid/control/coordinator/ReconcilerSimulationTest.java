package org.virtugrid.control.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A few of the seeds of {@link SeedsSuiteTest}, in every build. */
@ExtendWith(QuietCoordinator.class)
class ReconcilerSimulationTest {
    private static final SimulatedControl.Variant REAL = new SimulatedControl.Variant() {};

    @Test
    void whatever_fails_every_invariant_holds_and_all_is_well_in_the_end() {
        assertThat(new Seeds(1, 200).live(REAL).of("VM_FENCED")).isPositive();
    }

    @Test
    void a_seed_tells_the_same_story_each_time() {
        for (long seed = 1; seed <= 20; seed++) {
            Mishaps once = new Mishaps(seed, REAL);
            Mishaps again = new Mishaps(seed, REAL);
            once.live();
            again.live();
            assertThat(again.platform().chronicle()).isEqualTo(once.platform().chronicle());
        }
    }
}
