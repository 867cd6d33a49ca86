package org.virtugrid.jobs.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JobCatalogueTest {
    private final JobCatalogue catalogue = new JobCatalogue(getClass().getClassLoader());

    @Test
    void knowsAllBuiltInOperations() {
        assertThat(catalogue.names())
                .containsExactly(
                        "count",
                        "distinct",
                        "filter",
                        "histogram",
                        "max",
                        "mean",
                        "min",
                        "sort",
                        "sum",
                        "top-k",
                        "word-count");
        assertThat(catalogue.problems()).isEmpty();
    }

    @Test
    void makesANewInstanceEachTime() throws InvalidJobException {
        assertThat(catalogue.create("sum")).isNotSameAs(catalogue.create("sum"));
    }

    @Test
    void listsWhatItKnowsForAnUnknownOperation() {
        assertThatThrownBy(() -> catalogue.create("sun"))
                .isInstanceOfSatisfying(
                        InvalidJobException.class, e -> assertThat(e.field()).isEqualTo("operation"))
                .hasMessageContaining("'sun' is not known; use one of count, distinct,");
    }
}
