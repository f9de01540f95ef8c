package dev.tarn.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CertainTextTest {
    private static final String[] PARTS = {
        "0",
        "1",
        "9",
        "007",
        "-",
        "+",
        ".",
        "5",
        "12",
        "123456789",
        "e",
        "true",
        "FALSE",
        "T",
        " ",
        "2024-02-29",
        "2023-02-29",
        "2024-12-31",
        "1900-02-29",
        "0000-01-01",
        "9999-12-31",
        "2024-13-01",
        "10:11:12",
        "23:59:60",
        "24:00:00",
        ".123456",
        ".1234567",
        "Z",
        "+01",
        "-13:59",
        "+14:00",
        "",
    };

    @TempDir Path folder;

    static List<Type> types() {
        return List.of(
                Primitive.BOOLEAN,
                Primitive.INTEGER,
                Primitive.BIGINT,
                Primitive.FLOAT,
                Primitive.DOUBLE,
                Primitive.DATE,
                Primitive.TIME,
                Primitive.TIMESTAMP,
                Primitive.TIMESTAMPTZ,
                new Type.Decimal(12, 2),
                new Type.Decimal(3, 1),
                new Type.Decimal(38, 0));
    }

    @ParameterizedTest
    @MethodSource("types")
    void theEngineCastsWhatIsCertain(Type type) {
        CertainText certain = CertainText.of(type).orElseThrow();
        Random random = new Random(7);
        List<List<?>> matching = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int part = 0; part <= random.nextInt(4); part++) {
                text.append(PARTS[random.nextInt(PARTS.length)]);
            }
            byte[] bytes = ("[" + text + "]").getBytes(StandardCharsets.UTF_8);
            if (!text.isEmpty() && certain.matches(bytes, 1, bytes.length - 1)) {
                matching.add(List.of(text.toString()));
            }
        }
        assertThat(matching).hasSizeGreaterThan(20);
        assertThat(refused(matching, type)).isEmpty();
    }

    @Test
    void ofTypesWhoseTextsAreNotKnownNothingIsCertain() {
        assertThat(CertainText.of(Primitive.VARCHAR)).isEmpty();
        assertThat(CertainText.of(Primitive.UUID)).isEmpty();
        assertThat(CertainText.of(Type.ListOf.of(Primitive.BIGINT))).isEmpty();
        assertThat(CertainText.of(new Type.Decimal(2, 2))).isEmpty();
    }

    private List<Object> refused(List<? extends List<?>> texts, Type type) {
        TableName table = TableName.parse("checks.texts");
        List<Object> refused = new ArrayList<>();
        try (Engine engine = DuckDbEngine.open(DuckDbConfig.defaults(folder));
                EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            List<List<?>> rows = new ArrayList<>(texts);
            session.stage(table, new Schema(List.of(Field.of("x", Primitive.VARCHAR))), rows);
            String query =
                    "SELECT x FROM checks.texts WHERE TRY_CAST(x AS %s) IS NULL"
                            .formatted(type.sql());
            try (QueryResult result = session.query(SqlText.of(query))) {
                while (result.next()) {
                    refused.add(result.value(0));
                }
            }
        }
        return refused;
    }
}
