package dev.tarn.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.IngestSpec.SchemaPolicy;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.OpenSource.RowPlace;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.RowSink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DocumentsTest {
    private static final Schema BATCH =
            new Schema(
                    List.of(
                            Field.of("_topic", Primitive.VARCHAR),
                            Field.of("_partition", Primitive.INTEGER),
                            Field.of("_offset", Primitive.BIGINT),
                            Field.of("value", Primitive.VARCHAR)));
    private static final RowPlace PLACE = new RowPlace(List.of("_topic", "_partition"), "_offset");
    private static final TableName TOLD = new TableName("tarn_ingest", "told");

    @TempDir private Path folder;

    private SchemaPolicy policy = SchemaPolicy.EVOLVE;
    private Map<String, Type> declared = Map.of();
    private Optional<Schema> table = Optional.empty();
    private List<Schema> members = List.of();

    /** What became of documents. */
    private record Landed(
            Schema columns, List<String> rows, List<String> quarantine, List<String> refused) {}

    private Landed land(String columns, String... documents) {
        try (Engine engine = DuckDbEngine.open(DuckDbConfig.defaults(folder));
                EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            List<String> refused = new ArrayList<>();
            Documents batch =
                    new Documents(
                            BATCH, "value", Optional.of(PLACE), declared, table, () -> members);
            try (RowSink sink =
                    batch.sink(
                            session.sink(TOLD, BATCH),
                            (part, number, reason, raw) ->
                                    refused.add(
                                            part + ":" + number + " " + reason + " <" + raw
                                                    + ">"))) {
                for (int i = 0; i < documents.length; i++) {
                    sink.text("orders");
                    sink.integer(3);
                    sink.integer(100 + i);
                    if (documents[i].isEmpty()) {
                        sink.nothing();
                    } else {
                        sink.bytes(documents[i].getBytes(StandardCharsets.UTF_8));
                    }
                    sink.endRow();
                }
            }
            IngestSpec spec =
                    new IngestSpec(
                            "",
                            Optional.empty(),
                            policy,
                            Map.of(),
                            Map.of(),
                            List.of(),
                            new Place("models/sources.yml", 3, 5));
            SchemaDecision decision =
                    SchemaDecision.of(spec, "raw.orders", table, batch.seen(members), declared);
            Branch branch = batch.branch(TOLD.toString(), 0, decision, members);
            String now = "TIMESTAMPTZ '2026-01-01T00:00:00Z'";
            List<String> rows =
                    read(
                            session,
                            "SELECT "
                                    + columns
                                    + " FROM ("
                                    + branch.rows(decision, now)
                                    + ") ORDER BY _row");
            String quarantine = branch.quarantine(decision, now);
            return new Landed(
                    decision.columns(),
                    rows,
                    quarantine.isEmpty()
                            ? List.of()
                            : read(
                                    session,
                                    "SELECT _file, _row, _column, _reason, _raw FROM ("
                                            + quarantine
                                            + ") ORDER BY _row"),
                    refused);
        }
    }

    private static List<String> read(EngineSession session, String sql) {
        List<String> rows = new ArrayList<>();
        try (QueryResult result = session.query(SqlText.of(sql))) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 0; i < result.schema().fields().size(); i++) {
                    row.add(String.valueOf(result.value(i)));
                }
                rows.add(String.join("|", row));
            }
        }
        return rows;
    }

    private static List<String> types(Schema schema) {
        return schema.fields().stream().map(f -> f.name() + " " + f.type().sql()).toList();
    }

    private static Schema tableWith(Field field) {
        List<Field> fields = new ArrayList<>(List.of(field));
        fields.addAll(BATCH.fields().subList(0, 3));
        return new Schema(fields);
    }

    @Test
    void halvesOfCharactersAreNoReasonToStop() {
        Landed landed =
                land(
                        "*",
                        "{\"id\":1,\"n\":\"a\\ud800\"}",
                        "{\"id\":2,\"n\":\"\\udc00\\ud83d\\ude00\"}",
                        "{\"id\":3,\"b\\ud800\":\"x\"}");

        assertThat(landed.columns().names()).contains("id", "n", "b\uFFFD");
        assertThat(landed.rows()).hasSize(3);
        assertThat(landed.rows().get(0)).contains("a\uFFFD");
        assertThat(landed.rows().get(1)).contains("\uFFFD\uD83D\uDE00");
        assertThat(landed.quarantine()).isEmpty();
        assertThat(landed.refused()).isEmpty();
    }

    @Test
    void membersBecomeColumnsOfTheTypesTheirValuesHave() {
        Landed landed =
                land(
                        "id, seen, price, ok, note, _file, _row",
                        "{\"id\":1,\"seen\":\"2026-03-04T05:06:07Z\",\"price\":2.5,\"ok\":true}",
                        "{\"id\":2,\"note\":\"a \\\"b\\\"\"}",
                        "");

        assertThat(types(landed.columns()))
                .containsExactly(
                        "id BIGINT",
                        "seen TIMESTAMPTZ",
                        "price DOUBLE",
                        "ok BOOLEAN",
                        "note VARCHAR",
                        "_topic VARCHAR",
                        "_partition INTEGER",
                        "_offset BIGINT",
                        "_file VARCHAR",
                        "_row BIGINT",
                        "_ingested_at TIMESTAMPTZ");
        assertThat(landed.rows())
                .containsExactly(
                        "1|2026-03-04T05:06:07Z|2.5|true|null|orders/3|100",
                        "2|null|null|null|a \"b\"|orders/3|101",
                        "null|null|null|null|null|orders/3|102");
        assertThat(landed.refused()).isEmpty();
    }

    @Test
    void valuesAreTheSameWhetherTheEngineReadsThemOrTheirTexts() {
        String[] plain = {
            "{\"whole\":123456789012345678,\"part\":0.1,\"ok\":false}",
            "{\"whole\":-1,\"part\":-0.0,\"ok\":true}",
            "{\"whole\":null,\"part\":123456789012345,\"ok\":null}",
            "{\"part\":9007199254740993}",
            "{\"whole\":0,\"part\":100000.00000000001}"
        };
        String[] odd = Arrays.copyOf(plain, plain.length + 1);
        odd[plain.length] = "{\"whole\":7e0,\"part\":\"2.5\",\"ok\":\"true\"}";
        declared =
                Map.of(
                        "whole",
                        Primitive.BIGINT,
                        "part",
                        Primitive.DOUBLE,
                        "ok",
                        Primitive.BOOLEAN);
        List<String> asTexts = land("whole, part, ok", odd).rows();
        declared = Map.of();

        Landed landed = land("whole, part, ok", plain);

        assertThat(types(landed.columns())).startsWith("whole BIGINT", "part DOUBLE", "ok BOOLEAN");
        assertThat(landed.rows())
                .containsExactly(
                        "123456789012345678|0.1|false",
                        "-1|-0.0|true",
                        "null|1.23456789012345E14|null",
                        "null|9.007199254740992E15|null",
                        "0|100000.00000000001|null")
                .isEqualTo(asTexts.subList(0, plain.length));
    }

    @Test
    void whatIsNoObjectIsRefusedWithItsPlaceAndReason() {
        Landed landed =
                land(
                        "id",
                        "{\"id\":1}",
                        "{\"id\":",
                        "[1,2]",
                        "7",
                        "{\"id\":2,\"ID\":3}",
                        "{\"id\":4}");

        assertThat(landed.rows()).containsExactly("1", "4");
        assertThat(landed.refused())
                .containsExactly(
                        "orders/3:101 is not valid JSON: it has something that is no value at character 7 <{\"id\":>",
                        "orders/3:102 is not an object <[1,2]>",
                        "orders/3:103 is not an object <7>",
                        "orders/3:104 has names that differ only in case from 'ID' <{\"id\":2,\"ID\":3}>");
    }

    @Test
    void valuesThatDoNotFitTheTableGoToQuarantineAndTheOthersLand() {
        table = Optional.of(tableWith(Field.of("id", Primitive.BIGINT)));
        policy = SchemaPolicy.QUARANTINE;

        Landed landed =
                land("id", "{\"id\":1}", "{\"id\":\"x\"}", "{\"id\":2,\"more\":1}", "{\"id\":1.5}");

        assertThat(landed.rows()).containsExactly("1");
        assertThat(landed.quarantine())
                .containsExactly(
                        "orders/3|101|id|'x' is no BIGINT|{\"id\":\"x\"}",
                        "orders/3|102|more|the table has no column 'more'|{\"id\":2,\"more\":1}",
                        "orders/3|103|id|'1.5' is no BIGINT|{\"id\":1.5}");
    }

    @Test
    void theTableEvolvesWithNewMembersAndWiderTypes() {
        table = Optional.of(tableWith(Field.of("id", Primitive.INTEGER)));

        Landed landed = land("id, more", "{\"id\":3000000000,\"more\":{\"a\": [1, 2]}}");

        assertThat(types(landed.columns()))
                .startsWith("id BIGINT", "_topic VARCHAR")
                .contains("more STRUCT(\"a\" BIGINT[])");
        assertThat(landed.rows()).containsExactly("3000000000|{a=[1, 2]}");
    }

    @Test
    void oddObjectsLandAsTheyWouldFromAFile() {
        declared = Map.of("exact", new Type.Decimal(24, 6), "payload", Primitive.VARIANT);

        Landed landed =
                land(
                        "exact, \"a b\", name, CAST(payload AS VARCHAR), _topic_1",
                        "{\n  \"exact\": 123456789012345678.123456,\n  \"a b\": 1,\n \"payload\": {\"x\": \"1\"}\n}",
                        "{\"exact\":1,\"n\\u0061me\":\"\\u00e9\\n\",\"_topic\":\"mine\",\"payload\":null}",
                        "{\"EXACT\":2.5,\"payload\":\"7\"}");

        assertThat(landed.refused()).isEmpty();
        assertThat(landed.rows())
                .containsExactly(
                        "123456789012345678.123456|1|null|{'x': 1}|null",
                        "1.000000|null|é\n|null|mine",
                        "2.500000|null|null|7|null");
    }

    @Test
    void whatTheSourceSaysOfMembersDecidesTheirTypes() {
        members =
                List.of(
                        new Schema(
                                List.of(
                                        Field.of("id", Primitive.INTEGER),
                                        Field.of("price", new Type.Decimal(20, 2)))));

        Landed landed = land("id, price", "{\"id\":1,\"price\":\"12.50\"}");

        assertThat(types(landed.columns())).startsWith("id INTEGER", "price DECIMAL(20,2)");
        assertThat(landed.rows()).containsExactly("1|12.50");
    }

    @Test
    void anObjectWithTooManyNamesIsRefused() {
        StringBuilder wide = new StringBuilder("{\"c0\":0");
        for (int i = 1; i <= 1000; i++) {
            wide.append(",\"c").append(i).append("\":").append(i);
        }

        Landed landed = land("id", "{\"id\":1}", wide + "}", "{\"id\":2}");

        assertThat(landed.rows()).containsExactly("1", "2");
        assertThat(landed.refused())
                .singleElement()
                .asString()
                .startsWith(
                        "orders/3:101 has names that would make more than 1,000 columns; declare a column as VARIANT, or take the document as text <");
    }
}
