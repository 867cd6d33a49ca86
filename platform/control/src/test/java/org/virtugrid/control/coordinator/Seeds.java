package org.virtugrid.control.coordinator;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;

/** A range of seeds, and living through all of them. */
record Seeds(long from, long to) {
    private static final int SHOWN = 60;

    /** From FROM-TO. */
    static Seeds parse(String words) {
        int dash = words.indexOf('-');
        Seeds seeds = new Seeds(Long.parseLong(words.substring(0, dash)), Long.parseLong(words.substring(dash + 1)));
        if (seeds.count() < 1) {
            throw new IllegalArgumentException("'" + words + "' holds no seeds; give FROM-TO");
        }
        return seeds;
    }

    long count() {
        return to - from + 1;
    }

    /** Fails at the first seed that breaks an invariant: with its story, and how to live through it again. */
    SimulatedFigures live(SimulatedControl.Variant variant) {
        SimulatedFigures figures = new SimulatedFigures();
        for (long seed = from; seed <= to; seed++) {
            Mishaps life = new Mishaps(seed, variant);
            try {
                life.live();
            } catch (AssertionError | RuntimeException e) {
                List<String> chronicle = life.platform().chronicle();
                fail(
                        "seed " + seed + ": " + e.getMessage() + "\nreplay: scripts/check --only sim --seeds " + seed
                                + "-"
                                + seed + "\n"
                                + String.join(
                                        "\n",
                                        chronicle.subList(Math.max(0, chronicle.size() - SHOWN), chronicle.size())),
                        e);
            }
            figures.add(life.platform().figures());
        }
        return figures;
    }
}
