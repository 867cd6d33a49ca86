package org.virtugrid.jobs.histogram;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BinsTest {

    @Test
    void aBoundLiesInTheBinThatItBegins() {
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            double from = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(12));
            Bins bins = new Bins(from, from + random.nextDouble() * Math.pow(10, random.nextInt(6)), 37);
            for (int bin = 0; bin < bins.count(); bin++) {
                assertThat(bins.of(bins.from(bin))).isEqualTo(bin);
                if (bin > 0) {
                    assertThat(bins.of(Math.nextDown(bins.from(bin)))).isEqualTo(bin - 1);
                }
            }
            assertThat(bins.of(bins.to(36))).isEqualTo(36);
            assertThat(bins.of(Math.nextUp(bins.to(36)))).isEqualTo(-1);
            assertThat(bins.of(Math.nextDown(bins.from(0)))).isEqualTo(-1);
        }
    }
}
