package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.spi.Engine;
import dev.tarn.spi.Engine.SessionOptions;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine leaves out for statements over thousands of columns, and only for these. */
final class WideStatementsTest {
    private static final String LEFT_OUT = "SELECT current_setting('disabled_optimizers')";

    @TempDir private Path folder;

    private static String first(EngineSession session, String sql) {
        try (QueryResult result = session.query(SqlText.of(sql))) {
            assertThat(result.next()).isTrue();
            return String.valueOf(result.value(0));
        }
    }

    /** A statement with so many expressions that differ only in their columns. */
    private static String wide(int columns, String last) {
        String texts =
                IntStream.range(0, columns)
                        .mapToObj(i -> "'" + (i % 3 == 0 ? "" : i) + "' AS a_text_" + i)
                        .collect(Collectors.joining(", "));
        String numbers =
                IntStream.range(0, columns)
                        .mapToObj(i -> "CAST(nullif(a_text_%d, '') AS BIGINT)".formatted(i))
                        .collect(Collectors.joining(", "));
        return "SELECT " + last + ", " + numbers + " FROM (SELECT " + texts + ")";
    }

    @Test
    void nothingIsLeftOutBeforeAndBehindThem() {
        try (Engine engine = DuckDbEngine.open(DuckDbConfig.defaults(folder));
                EngineSession session = engine.open(SessionOptions.TRUSTED);
                EngineSession other = engine.open(SessionOptions.TRUSTED)) {
            String setting = "current_setting('disabled_optimizers')";

            assertThat(first(session, LEFT_OUT)).isEmpty();
            assertThat(first(session, wide(3, setting))).isEmpty();
            assertThat(first(session, wide(2500, setting))).isEqualTo("common_subexpressions");
            assertThat(first(session, LEFT_OUT)).isEmpty();
            assertThatThrownBy(() -> first(session, wide(2500, "CAST('x' AS BIGINT)")))
                    .isInstanceOf(TarnException.class);
            assertThat(first(other, LEFT_OUT)).isEmpty();
        }
    }
}
