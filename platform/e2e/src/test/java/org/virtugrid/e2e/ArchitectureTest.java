package org.virtugrid.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows: control uses grid, grid uses jobs, and the command line knows nothing but the records of the API. */
@AnalyzeClasses(
        packages = "org.virtugrid",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NotThisModule.class})
class ArchitectureTest {
    private static final String JOBS = "org.virtugrid.jobs..";
    private static final String API = "org.virtugrid.api..";
    private static final String GRID = "org.virtugrid.grid..";
    private static final String CONTROL = "org.virtugrid.control..";
    private static final String CLI = "org.virtugrid.cli..";

    /** Tests of the whole may use all there is. */
    static final class NotThisModule implements ImportOption {
        @Override
        public boolean includes(com.tngtech.archunit.core.importer.Location location) {
            return !location.contains("/e2e/");
        }
    }

    @ArchTest
    static final ArchRule jobsKnowNothingOfThePlatform = noClasses()
            .that()
            .resideInAPackage(JOBS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(API, GRID, CONTROL, CLI, "org.apache.ignite..", "org.springframework..");

    @ArchTest
    static final ArchRule theApiIsRecordsAndKnowsNobody = noClasses()
            .that()
            .resideInAPackage(API)
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages(API, "java..");

    @ArchTest
    static final ArchRule theGridUsesJobsAlone = noClasses()
            .that()
            .resideInAPackage(GRID)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(API, CONTROL, CLI);

    @ArchTest
    static final ArchRule controlReachesJobsThroughTheGrid = noClasses()
            .that()
            .resideInAPackage(CONTROL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(JOBS, CLI);

    @ArchTest
    static final ArchRule theCommandLineKnowsTheApiAlone = noClasses()
            .that()
            .resideInAPackage(CLI)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(JOBS, GRID, CONTROL, "org.apache.ignite..", "org.springframework..");

    @ArchTest
    static final ArchRule onlyTheCoordinatorAndTheWiringDriveVms = noClasses()
            .that()
            .resideInAPackage("org.virtugrid.control.rest..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.virtugrid.control.vm.process..");

    @ArchTest
    static final ArchRule packagesOfJobsHaveNoCycles =
            slices().matching("org.virtugrid.jobs.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule packagesOfTheGridHaveNoCycles =
            slices().matching("org.virtugrid.grid.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule packagesOfControlHaveNoCycles =
            slices().matching("org.virtugrid.control.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule packagesOfTheCommandLineHaveNoCycles =
            slices().matching("org.virtugrid.cli.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule foldersAreNamedAfterTheDomain = noClasses()
            .should()
            .resideInAnyPackage("..util..", "..utils..", "..helper..", "..helpers..", "..common..", "..misc..");

    @ArchTest
    static final ArchRule everythingIsOurs = classes().should().resideInAPackage("org.virtugrid..");
}
