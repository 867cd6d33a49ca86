package org.virtugrid.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.virtugrid.e2e.harness.Grid;

/** The arrows: control uses grid, grid uses jobs, and the command line knows nothing but the records of the API. */
class ArchitectureTest {
    private static final String JOBS = "org.virtugrid.jobs..";
    private static final String API = "org.virtugrid.api..";
    private static final String GRID = "org.virtugrid.grid..";
    private static final String CONTROL = "org.virtugrid.control..";
    private static final String CLI = "org.virtugrid.cli..";

    private static JavaClasses product;

    @BeforeAll
    static void readTheProduct() {
        List<Path> modules = List.of(
                Grid.INSTALL.resolve("jobs/target/classes"),
                Grid.INSTALL.resolve("platform/api/target/classes"),
                Grid.INSTALL.resolve("platform/grid/target/classes"),
                Grid.INSTALL.resolve("platform/control/target/classes"),
                Grid.INSTALL.resolve("platform/cli/target/classes"));
        product = new ClassFileImporter().importPaths(modules);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jobs", "api", "grid", "control", "cli"})
    void everyModuleIsLookedAt(String module) {
        assertThat(product.stream()
                        .filter(type -> type.getPackageName().startsWith("org.virtugrid." + module))
                        .count())
                .isGreaterThan(5);
    }

    @Test
    void jobsKnowNothingOfThePlatform() {
        noClasses()
                .that()
                .resideInAPackage(JOBS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(API, GRID, CONTROL, CLI, "org.apache.ignite..", "org.springframework..")
                .check(product);
    }

    @Test
    void theApiIsRecordsAndKnowsNobody() {
        noClasses()
                .that()
                .resideInAPackage(API)
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(API, "java..")
                .check(product);
    }

    @Test
    void theGridUsesJobsAlone() {
        noClasses()
                .that()
                .resideInAPackage(GRID)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(API, CONTROL, CLI)
                .check(product);
    }

    @Test
    void controlReachesJobsThroughTheGrid() {
        noClasses()
                .that()
                .resideInAPackage(CONTROL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(JOBS, CLI)
                .check(product);
    }

    @Test
    void theCommandLineKnowsTheApiAlone() {
        noClasses()
                .that()
                .resideInAPackage(CLI)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(JOBS, GRID, CONTROL, "org.apache.ignite..", "org.springframework..")
                .check(product);
    }

    @Test
    void onlyTheCoordinatorAndTheWiringDriveVms() {
        noClasses()
                .that()
                .resideInAPackage("org.virtugrid.control.rest..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.virtugrid.control.vm.process..")
                .check(product);
    }

    @Test
    void packagesOfJobsHaveNoCycles() {
        slices().matching("org.virtugrid.jobs.(**)").should().beFreeOfCycles().check(product);
    }

    @Test
    void packagesOfTheGridHaveNoCycles() {
        slices().matching("org.virtugrid.grid.(**)").should().beFreeOfCycles().check(product);
    }

    @Test
    void packagesOfControlHaveNoCycles() {
        slices().matching("org.virtugrid.control.(**)")
                .should()
                .beFreeOfCycles()
                .check(product);
    }

    @Test
    void packagesOfTheCommandLineHaveNoCycles() {
        slices().matching("org.virtugrid.cli.(**)").should().beFreeOfCycles().check(product);
    }

    @Test
    void foldersAreNamedAfterTheDomain() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..helper..", "..helpers..", "..common..", "..misc..")
                .check(product);
    }
}
