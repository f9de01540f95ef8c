package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.ColumnLineage;
import dev.tarn.model.graph.ColumnLineage.Use;
import dev.tarn.model.graph.QueryLineage;
import dev.tarn.model.graph.SqlText;
import dev.tarn.spi.Engine.SessionOptions;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In the expectations, {@code =} stands before a column that arrives as it is. */
final class LineageTest {
    private static final Path TPCH = Path.of("../bench/src/main/resources/dev/tarn/bench/tpch");

    @TempDir Path directory;
    private DuckDbEngine engine;
    private EngineSession session;

    @BeforeEach
    void open() {
        engine = DuckDbEngine.open(DuckDbConfig.defaults(directory.resolve("spill")));
        session = engine.open(SessionOptions.TRUSTED);
        shape(
                "m.t",
                "1 as a, 'x' as b, 1.5::decimal(7,2) as c, [1] as l, {'x': 1, 'y': 'x'} as s,"
                        + " timestamp '2024-01-01' as d");
        for (String line : Corpus.read("tpch-tables.txt")) {
            int space = line.indexOf(' ');
            shape("tpch." + line.substring(0, space), line.substring(space + 1));
        }
    }

    @AfterEach
    void close() {
        session.close();
        engine.close();
    }

    private void shape(String name, String columns) {
        session.define(
                TableName.parse(name),
                new Relation.Shape(session.describe(SqlText.of("select " + columns))));
    }

    static List<String> queries() {
        return Corpus.read("lineage.txt");
    }

    /** Lines are: query, what its columns come from, what its rows depend on. */
    @ParameterizedTest
    @MethodSource("queries")
    void followsColumns(String line) {
        String[] parts = line.split(" @ ", -1);
        QueryLineage lineage = session.lineage(SqlText.of(parts[0]));
        String columns =
                lineage.columns().stream().map(LineageTest::text).collect(Collectors.joining("; "));
        assertThat(columns + " @ " + text(lineage.rows())).isEqualTo(parts[1] + " @ " + parts[2]);
    }

    @Test
    void followsTheColumnsOfTpch() throws IOException {
        List<String> found = new ArrayList<>();
        for (int i = 1; i <= 22; i++) {
            String name = "q%02d".formatted(i);
            SqlText query = SqlText.of(Files.readString(TPCH.resolve(name + ".sql")));
            List<String> columns = session.describe(query).names();
            QueryLineage lineage = session.lineage(query);
            for (int c = 0; c < columns.size(); c++) {
                found.add(name + " " + columns.get(c) + ": " + text(lineage.columns().get(c)));
            }
            found.add(name + " rows: " + text(lineage.rows()));
        }
        assertThat(found).isEqualTo(Corpus.read("tpch-lineage.txt"));
    }

    @Test
    void goesThroughViewsToWhatTheyRead() {
        session.define(
                TableName.parse("m.v"), new Relation.View("select a + 1 as x, b as y from m.t"));
        assertThat(session.lineage(SqlText.of("select x, y from m.v")).columns())
                .extracting(LineageTest::text)
                .containsExactly("t.a", "=t.b");
    }

    static String text(ColumnLineage lineage) {
        return switch (lineage) {
            case ColumnLineage.Known known ->
                    known.origins().entrySet().stream()
                            .map(e ->
                                    (e.getValue() == Use.AS_IS ? "=" : "")
                                            + e.getKey().table().table()
                                            + "."
                                            + e.getKey().column())
                            .collect(Collectors.joining(", "));
            case ColumnLineage.NotKnown unknown -> "? " + unknown.reason();
        };
    }
}
