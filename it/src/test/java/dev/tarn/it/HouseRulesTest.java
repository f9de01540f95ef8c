package dev.tarn.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrows lead down. Each rule says why it is there. */
final class HouseRulesTest {
    private static final JavaClasses PRODUCTION =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .withImportOption(place -> !place.contains("-tests.jar"))
                    .importPackages("dev.tarn");

    private static final List<String> CAPABILITIES =
            List.of("project", "run", "ingest", "refs", "upkeep", "schedule", "alert", "demo");
    private static final List<String> ADAPTERS =
            List.of(
                    "state",
                    "duckdb",
                    "iceberg",
                    "delta",
                    "storage",
                    "formats",
                    "jdbc",
                    "kafka",
                    "http",
                    "taps",
                    "mqtt",
                    "otlp",
                    "containers");

    /** A program of its own beside the command line; nothing may depend on it. */
    private static final String BENCH = "dev.tarn.bench..";

    @Test
    void nothingDependsOnTheBenchmarks() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BENCH)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BENCH)
                .because("what measures the product is not part of it")
                .check(PRODUCTION);
    }

    @Test
    void theModelKnowsOnlyTheJdk() {
        classes()
                .that()
                .resideInAPackage("dev.tarn.model..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.tarn.model..", "java..", "org.jspecify..")
                .because("the model is what every module speaks; a library in it would be in all")
                .check(PRODUCTION);
    }

    @Test
    void thePortsKnowOnlyTheModel() {
        classes()
                .that()
                .resideInAPackage("dev.tarn.spi..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.tarn.spi..", "dev.tarn.model..", "java..", "org.jspecify..")
                .because("whoever implements a port must not inherit somebody else's library")
                .check(PRODUCTION);
    }

    @Test
    void plansKnowOnlyTheModel() {
        classes()
                .that()
                .resideInAPackage("dev.tarn.sql..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.tarn.sql..", "dev.tarn.model..", "java..", "org.jspecify..")
                .because("what is told from a plan must not depend on the engine that made it")
                .check(PRODUCTION);
    }

    @Test
    void jinjaStandsAlone() {
        noClasses()
                .that()
                .resideInAPackage("dev.tarn.jinja..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others("jinja"))
                .because("a template language has no business with tables")
                .check(PRODUCTION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"project", "run", "ingest", "refs", "upkeep", "schedule", "alert", "demo"})
    void aCapabilityKnowsNoOther(String capability) {
        List<String> forbidden = new ArrayList<>(CAPABILITIES);
        forbidden.remove(capability);
        forbidden.addAll(ADAPTERS);
        forbidden.addAll(List.of("app", "server", "pages", "cli"));
        noClasses()
                .that()
                .resideInAPackage("dev.tarn." + capability + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages(forbidden))
                .because("what capabilities do together is a use case, and use cases live in app")
                .check(PRODUCTION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state",
                "duckdb",
                "iceberg",
                "delta",
                "storage",
                "formats",
                "kafka",
                "http",
                "taps",
                "mqtt",
                "otlp",
                "containers"
            })
    void anAdapterKnowsNoOtherAndNothingAbove(String adapter) {
        noClasses()
                .that()
                .resideInAPackage("dev.tarn." + adapter + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others(adapter))
                .because("adapters meet at ports, so that each can be replaced alone")
                .allowEmptyShould(true)
                .check(PRODUCTION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.duckdb..=duckdb,bench",
                "org.apache.arrow..=duckdb,http",
                "org.apache.iceberg..=iceberg",
                "org.apache.parquet..=iceberg",
                "org.postgresql..=state,jdbc,bench",
                "org.mariadb..=jdbc",
                "com.github.shyiko..=jdbc",
                "org.sqlite..=state",
                "software.amazon..=storage",
                "com.jcraft..=storage",
                "org.apache.avro..=formats,iceberg,kafka,bench",
                "org.apache.kafka..=kafka,bench",
                "org.jsoup..=http",
                "org.apache.orc..=formats",
                "org.dhatim..=formats",
                "io.javalin..=server",
                "org.eclipse.jetty..=server",
                "picocli..=cli",
                "org.jline..=cli"
            })
    void aLibraryStaysInItsModule(String rule) {
        // Benchmarks measure Tarn beside the bare engine, which they therefore have to call.
        String[] parts = rule.split("=", 2);
        noClasses()
                .that()
                .resideOutsideOfPackages(packages(List.of(parts[1].split(","))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(parts[0])
                .because("a module exists to keep its library out of the others")
                .check(PRODUCTION);
    }

    @Test
    void nothingBelowTheCommandLinePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.tarn.cli..", BENCH)
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .because("what a person sees is decided in one place")
                .check(PRODUCTION);
    }

    @Test
    void timeIsInjected() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.tarn.cli..", "dev.tarn.app..")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .because("logic that reads the wall clock cannot be tested")
                .check(PRODUCTION);
    }

    private static String[] others(String module) {
        List<String> all = new ArrayList<>(CAPABILITIES);
        all.addAll(ADAPTERS);
        all.addAll(List.of("jinja", "app", "server", "pages", "cli"));
        all.remove(module);
        return packages(all);
    }

    private static String[] packages(List<String> modules) {
        return modules.stream().map(m -> "dev.tarn." + m + "..").toArray(String[]::new);
    }

    static {
        // The rules above name every module; a new one must be placed here to be judged.
        List<String> known =
                new ArrayList<>(
                        List.of(
                                "model", "spi", "sql", "jinja", "app", "server", "pages", "cli",
                                "bench"));
        known.addAll(CAPABILITIES);
        known.addAll(ADAPTERS);
        PRODUCTION.stream()
                .map(c -> c.getPackageName().split("\\.")[2])
                .distinct()
                .filter(m -> !known.contains(m))
                .forEach(m -> {
                    throw new IllegalStateException(
                            "No rule knows where module '%s' belongs; known are %s"
                                    .formatted(m, Arrays.toString(known.toArray())));
                });
    }
}
