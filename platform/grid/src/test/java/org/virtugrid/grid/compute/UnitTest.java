package org.virtugrid.grid.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnitTest {
    private static final ClassLoader LOADER = UnitTest.class.getClassLoader();

    private static Unit ended(boolean leaderHere, Serializable result) {
        Unit unit = new Unit(new UnitKey("task", "fold-0", "1.1"), new int[] {1, 2}, leaderHere);
        unit.execute(null, new UnitWork() {
            private static final long serialVersionUID = 1L;

            @Override
            Serializable run(WorkerRuntime worker, Unit self) {
                return result;
            }
        });
        return unit;
    }

    @Test
    void aLeaderInTheSameProcessTakesTheResultItselfOnce() throws Exception {
        long[] result = {1, 2, 3};
        Unit unit = ended(true, result);
        assertThat(unit.status().outcome()).isEqualTo(UnitStatus.Outcome.SUCCEEDED);
        assertThat(unit.take(LOADER)).isSameAs(result);
        assertThat(unit.take(LOADER)).isNull();
        assertThat(unit.status().outcome()).isEqualTo(UnitStatus.Outcome.MOVED);
        assertThat(unit.statusForAnother().outcome()).isEqualTo(UnitStatus.Outcome.MOVED);
    }

    @Test
    void aLeaderElsewhereGetsBytesAsOftenAsItAsks() throws Exception {
        Unit unit = ended(false, "counts");
        assertThat(Partials.read(unit.statusForAnother().result(), LOADER)).isEqualTo("counts");
        assertThat(Partials.read(unit.statusForAnother().result(), LOADER)).isEqualTo("counts");
    }

    @Test
    void aSuccessorGetsWhatWasKeptForTheLeaderBefore() throws Exception {
        Unit taken = ended(true, "counts");
        assertThat(Partials.read(taken.statusForAnother().result(), LOADER)).isEqualTo("counts");
        assertThat(taken.take(LOADER)).isEqualTo("counts");
        assertThat(ended(false, "counts").take(LOADER)).isEqualTo("counts");
    }

    @Test
    void whatCannotTravelIsToldToWhoeverIsElsewhere() throws Exception {
        Serializable stuck = (Serializable) List.of(new Object());
        assertThat(ended(false, stuck).status().outcome()).isEqualTo(UnitStatus.Outcome.INVALID);
        assertThat(ended(true, stuck).statusForAnother().outcome()).isEqualTo(UnitStatus.Outcome.INVALID);
        assertThat(ended(true, stuck).take(LOADER)).isSameAs(stuck);
    }

    @Test
    void aCancelledUnitKeepsNothing() throws Exception {
        Unit unit = new Unit(new UnitKey("task", "fold-0", "1.1"), new int[] {1}, true);
        unit.cancel();
        unit.execute(null, new UnitWork() {
            private static final long serialVersionUID = 1L;

            @Override
            Serializable run(WorkerRuntime worker, Unit self) {
                return "counts";
            }
        });
        assertThat(unit.take(LOADER)).isNull();
        assertThat(unit.status().outcome()).isEqualTo(UnitStatus.Outcome.MOVED);
    }
}
