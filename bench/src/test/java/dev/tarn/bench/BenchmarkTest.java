package dev.tarn.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Benchmarks on little data: they compare results themselves and throw where these differ. */
final class BenchmarkTest {
    private static final Machine MACHINE = new Machine(2, 8L << 30, "Some \"CPU\"", "Linux", 0.1);

    @TempDir Path directory;

    private Setup setup(double scale) {
        return new Setup(
                OptionalDouble.of(scale),
                OptionalInt.of(1),
                directory,
                Optional.empty(),
                text -> {});
    }

    @Test
    void theMedallionBuildMakesWhatPlainDuckDbMakes() throws Exception {
        Outcome outcome = new MedallionBenchmark().run(setup(0.02));

        assertThat(outcome.lines())
                .extracting(Outcome.Line::label)
                .containsExactly("Tarn", "DuckDB");
        assertThat(outcome.ratio()).isPositive();
    }

    @Test
    void allQueriesOfTpchAnswerWhatPlainDuckDbAnswers() throws Exception {
        Outcome outcome = new TpchBenchmark().run(setup(0.01));

        assertThat(outcome.lines()).hasSize(2 + 2 * 22);
    }

    @Test
    void smallFilesLandAllHoweverManyComeAtOnce() throws Exception {
        Outcome outcome = new SmallFilesBenchmark().run(setup(0.02));

        assertThat(outcome.what()).startsWith("40 files of 50 rows; per file ");
    }

    @Test
    void tablesAreTheSameHoweverTheyAreMeasured() throws Exception {
        for (Benchmark benchmark :
                List.of(
                        new DeletesBenchmark(),
                        new PlanningBenchmark(),
                        new BranchBenchmark(),
                        new CommitsBenchmark())) {
            Outcome outcome = benchmark.run(setup(0.01));

            assertThat(outcome.lines()).as(benchmark.name()).hasSizeGreaterThanOrEqualTo(4);
            assertThat(outcome.ratio()).as(benchmark.name()).isPositive();
        }
    }

    @Test
    void everyValueOfTopicsAndDatabasesLands() throws Exception {
        for (Benchmark benchmark :
                List.of(
                        new KafkaBenchmark(Events.Form.JSON),
                        new KafkaBenchmark(Events.Form.AVRO),
                        new PostgresBenchmark())) {
            Outcome outcome = benchmark.run(setup(0.002));

            assertThat(outcome.lines()).as(benchmark.name()).hasSize(2);
        }
    }

    @Test
    void startsAreMeasuredFromTheLauncherOnly() {
        List<Benchmark> ofProcesses = List.of(new ColdStartBenchmark(), new CompileBenchmark());

        assertThat(ofProcesses)
                .allSatisfy(benchmark ->
                        assertThatThrownBy(() -> benchmark.run(setup(1)))
                                .hasMessage("Start with ./tarn bench"));
    }

    @Test
    void sparkIsStartedFromTheSourceTreeOnly() {
        List<Benchmark> withSpark = List.of(new MergeSparkBenchmark(), new KafkaSparkBenchmark());

        assertThat(withSpark)
                .allSatisfy(benchmark ->
                        assertThatThrownBy(() -> benchmark.run(setup(1)))
                                .hasMessage(
                                        "Spark is started from the source tree: use its ./tarn."));
    }

    @Test
    void theRatioIsTheLastThingInJson() {
        Outcome outcome =
                new Outcome(
                        "little",
                        List.of(new Outcome.Line("Tarn", new Timing(1.5, 2))),
                        "Tarn ÷ DuckDB",
                        1.25,
                        1.5,
                        Optional.of(1.15));

        assertThat(
                        new OutcomePrinter(new TpchBenchmark(), MACHINE, LocalDate.of(2026, 1, 2))
                                .json(outcome))
                .isEqualTo(
                        "{\"name\":\"tpch\",\"what\":\"little\",\"day\":\"2026-01-02\","
                                + "\"machine\":\"2 × Some \\\"CPU\\\", 8 GiB, Linux, load 0.1 before\","
                                + "\"busy\":false,"
                                + "\"lines\":[{\"label\":\"Tarn\",\"wall\":1.5000,\"cpu\":2.0000}],"
                                + "\"compared\":\"Tarn ÷ DuckDB\",\"target\":1.1500,"
                                + "\"cpuRatio\":1.5000,\"ratio\":1.2500}");
    }
}
