package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.spi.Engine.SessionOptions;
import dev.tarn.spi.Relation;
import dev.tarn.sql.Operator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The golden trees pin the version of DuckDB: another one writes other JSON, and whoever upgrades
 * must look at each difference.
 */
final class PlanReaderTest {
    @TempDir Path directory;
    private DuckDbEngine engine;
    private DuckDbSession session;

    @BeforeEach
    void open() {
        engine = DuckDbEngine.open(DuckDbConfig.defaults(directory.resolve("spill")));
        session = (DuckDbSession) engine.open(SessionOptions.TRUSTED);
        session.define(
                TableName.parse("m.t"),
                new Relation.Shape(
                        session.describe(
                                SqlText.of(
                                        "select 1 as a, 'x' as b, 1.5::decimal(7,2) as c, [1] as l,"
                                                + " {'x': 1, 'y': 'x'} as s, timestamp '2024-01-01'"
                                                + " as d"))));
        session.describe(SqlText.of("from m.t"));
    }

    @AfterEach
    void close() {
        session.close();
        engine.close();
    }

    /** A query and its plan. */
    record Golden(String query, String plan) {
        @Override
        public String toString() {
            return query;
        }
    }

    static List<Golden> golden() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(PlanReaderTest.class.getResourceAsStream("plans.txt"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("\n\n"))
                    .map(block -> block.strip().split("\n", 2))
                    .filter(block -> block.length == 2)
                    .map(block -> new Golden(block[0].substring(2), block[1]))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("golden")
    void readsPlans(Golden golden) {
        String plan =
                switch (session.plan(SqlText.of(golden.query()))) {
                    case BoundPlan.Known known -> PlanPrinter.print(known.root());
                    case BoundPlan.Untold untold -> "UNTOLD " + untold.reason();
                };
        assertThat(plan.strip()).isEqualTo(golden.plan().strip());
    }

    @Test
    void makesAnOperatorUnknownThatHasExpressionsInAFieldOfItsOwn() throws IOException {
        assertThat(
                        plan(
                                """
                                {"type": "LOGICAL_SAMPLE", "children": [{"type":
                                "LOGICAL_DUMMY_SCAN"}], "novelty": {"deep": [{"expression_class":
                                "BOUND_FUNCTION", "qname": {"path": ["system", "main",
                                "getenv"]}}]}}
                                """))
                .isEqualTo("UNKNOWN sample (getenv())\n  ready 1\n");
    }

    @Test
    void makesUnknownWhatItHasNoWordFor() throws IOException {
        assertThat(
                        plan(
                                """
                                {"type": "LOGICAL_PROJECTION", "children": [{"type":
                                "LOGICAL_NEW"}], "expressions": [{"expression_class": "BOUND_NEW",
                                "type": "NEW", "child": {"expression_class": "BOUND_REF"}}]}
                                """))
                .isEqualTo("project (UNKNOWN new(#0))\n  UNKNOWN new\n");
        assertThat(
                        plan(
                                """
                                {"type": "LOGICAL_COMPARISON_JOIN", "join_type": "SIDEWAYS",
                                "children": [{"type": "LOGICAL_DUMMY_SCAN"}, {"type":
                                "LOGICAL_DUMMY_SCAN"}]}
                                """))
                .startsWith("UNKNOWN comparison_join");
    }

    @Test
    void mendsBareNanOutsideOfStrings() {
        assertThat(PlanText.mended("{\"a\":NAN,\"b\":\"NAN \\\" NAN\",\"c\":-NAN}"))
                .isEqualTo("{\"a\":NaN,\"b\":\"NAN \\\" NAN\",\"c\": NaN}");
    }

    private static String plan(String json) throws IOException {
        Operator root = PlanReader.read(JsonMapper.builder().build().readTree(json));
        return PlanPrinter.print(root);
    }
}
