package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.Engine.SessionOptions;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.RowSink;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Rows that are told value by value. */
class SinkTest extends Fixture {
    private static final TableName ROWS = new TableName("tarn_ingest", "rows");
    private static final Schema ALL =
            schema(
                    field(0, "yes", Primitive.BOOLEAN),
                    field(0, "small", Primitive.INTEGER),
                    field(0, "big", Primitive.BIGINT),
                    field(0, "half", Primitive.FLOAT),
                    field(0, "double", Primitive.DOUBLE),
                    field(0, "money", new Type.Decimal(38, 4)),
                    field(0, "day", Primitive.DATE),
                    field(0, "clock", Primitive.TIME),
                    field(0, "local", Primitive.TIMESTAMP),
                    field(0, "moment", Primitive.TIMESTAMPTZ),
                    field(0, "word", Primitive.VARCHAR),
                    field(0, "utf", Primitive.VARCHAR),
                    field(0, "id", Primitive.UUID),
                    field(0, "blob", Primitive.BINARY),
                    field(0, "list", Type.ListOf.of(Primitive.INTEGER)),
                    field(0, "free", Primitive.VARIANT));

    @Test
    void everyTypeIsTakenAsItIsTold() {
        try (RowSink sink = session.sink(ROWS, ALL)) {
            tell(sink);
            for (int i = 0; i < ALL.fields().size(); i++) {
                sink.nothing();
            }
            sink.endRow();
            assertThat(sink.rows()).isEqualTo(2);
        }

        assertThat(shown("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM tarn_ingest.rows ORDER BY big"))
                .containsExactly(
                        "true|-7|9000000000|1.5|2.25|123456789012345678901234567890.5000|2026-11-21"
                                + "|01:02:03.000004|1969-12-31 23:59:59.999999"
                                + "|2026-11-21 11:50:27.5+00|straße|größe 🦆"
                                + "|00112233-4455-6677-8899-aabbccddeeff|\\x00\\xFF|[1, NULL, 3]"
                                + "|{'a': 1}",
                        "null|null|null|null|null|null|null|null|null|null|null|null|null|null|null"
                                + "|null");
    }

    private static void tell(RowSink sink) {
        sink.truth(true);
        sink.integer(-7);
        sink.integer(9_000_000_000L);
        sink.number(1.5);
        sink.number(2.25);
        sink.decimal(new BigDecimal("123456789012345678901234567890.5"));
        sink.date(20_778);
        sink.time(3_723_000_004L);
        sink.timestamp(-1);
        sink.timestamp(1_795_261_827_500_000L);
        sink.text("straße");
        sink.bytes("größe 🦆".getBytes(StandardCharsets.UTF_8));
        sink.uuid(0x0011223344556677L, 0x8899aabbccddeeffL);
        sink.bytes(new byte[] {0, (byte) 255});
        sink.json("[1, null, 3]");
        sink.json("{\"a\": 1}");
        sink.endRow();
    }

    @Test
    void decimalsOfEveryWidthAreTakenByTheirDigits() {
        Schema decimals =
                schema(
                        field(0, "a", new Type.Decimal(4, 1)),
                        field(0, "b", new Type.Decimal(9, 2)),
                        field(0, "c", new Type.Decimal(18, 0)),
                        field(0, "d", new Type.Decimal(38, 2)),
                        field(0, "e", new Type.Decimal(18, 3)),
                        field(0, "f", Primitive.VARCHAR));
        try (RowSink sink = session.sink(ROWS, decimals)) {
            sink.decimal(-9999, 1);
            sink.decimal(999_999_999, 2);
            sink.decimal(-999_999_999_999_999_999L, 0);
            sink.decimal(Long.MIN_VALUE, 2);
            sink.decimal(15, 1);
            sink.decimal(25, 1);
            sink.endRow();
            sink.decimal(new BigDecimal("-0.1"));
            sink.decimal(new BigDecimal("7"));
            sink.integer(-1);
            sink.decimal(new BigDecimal("-123456789012345678901234567890.5"));
            sink.integer(-2);
            sink.nothing();
            sink.endRow();
        }

        assertThat(shown("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM tarn_ingest.rows"))
                .containsExactly(
                        "-999.9|9999999.99|-999999999999999999|-92233720368547758.08|1.500|2.5",
                        "-0.1|7.00|-1|-123456789012345678901234567890.50|-2.000|null");
    }

    @Test
    void whatHasMoreDigitsThanItsColumnIsRefused() {
        Schema decimal = new Schema(List.of(Field.of("n", new Type.Decimal(4, 1))));
        try (RowSink sink = session.sink(ROWS, decimal)) {
            assertThatThrownBy(() -> sink.decimal(10_000, 1)).hasMessageContaining("1000.0");
            sink.dropRow();
            assertThatThrownBy(() -> sink.decimal(1, 2)).hasMessageContaining("0.01");
        }
    }

    @Test
    void identitiesComeAsTextsToo() {
        Schema ids = new Schema(List.of(Field.of("id", Primitive.UUID)));
        try (RowSink sink = session.sink(ROWS, ids)) {
            sink.text("ffeeddcc-bbaa-9988-7766-554433221100");
            sink.endRow();
            assertThatThrownBy(() -> sink.text("somebody")).hasMessageContaining("somebody");
            sink.dropRow();
        }

        assertThat(shown("SELECT CAST(id AS VARCHAR) FROM tarn_ingest.rows"))
                .containsExactly("ffeeddcc-bbaa-9988-7766-554433221100");
    }

    @Test
    void valuesAndNoneTakeTurnsInWhatComesAgainAndAgain() {
        int many = 200_003;
        Schema two =
                schema(field(0, "n", Primitive.INTEGER), field(0, "moment", Primitive.TIMESTAMP));
        try (RowSink sink = session.sink(ROWS, two)) {
            for (int i = 0; i < many; i++) {
                if (i % 3 == 0) {
                    sink.nothing();
                    sink.timestamp(i);
                } else {
                    sink.integer(i);
                    sink.nothing();
                }
                sink.endRow();
            }
        }

        assertThat(
                        shown(
                                "SELECT count(*), count(n), count(moment), sum(n),"
                                        + " sum(epoch_us(moment)) FROM tarn_ingest.rows"))
                .containsExactly("200003|133335|66668|13333666669|6666833334");
    }

    @Test
    void aRowThatWasDroppedIsForgotten() {
        try (RowSink sink = session.sink(ROWS, one())) {
            sink.integer(1);
            sink.dropRow();
            sink.integer(2);
            sink.endRow();
        }

        assertThat(shown("SELECT * FROM tarn_ingest.rows")).containsExactly("2");
    }

    @Test
    void aRowOfAnotherWidthIsRefused() {
        try (RowSink sink = session.sink(ROWS, one())) {
            assertThatThrownBy(sink::endRow)
                    .hasMessageContaining("A row has 0 values, and the table 1 columns.");
            sink.integer(1);
            assertThatThrownBy(sink::nothing)
                    .hasMessageContaining("A row has 2 values, and the table 1 columns.");
        }
    }

    @Test
    void severalSinksTakeRowsAtTheSameTime() throws Exception {
        List<RowSink> sinks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sinks.add(session.sink(new TableName("tarn_ingest", "rows_" + i), one()));
        }
        List<Future<?>> tellers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (RowSink sink : sinks) {
                tellers.add(
                        threads.submit(() -> {
                            for (int n = 0; n < 20_000; n++) {
                                sink.integer(n);
                                sink.endRow();
                            }
                            sink.close();
                        }));
            }
        }
        for (Future<?> teller : tellers) {
            teller.get();
        }

        assertThat(
                        shown(
                                "SELECT count(*), sum(n) FROM (SELECT * FROM tarn_ingest.rows_0"
                                        + " UNION ALL FROM tarn_ingest.rows_1 UNION ALL FROM"
                                        + " tarn_ingest.rows_2 UNION ALL FROM tarn_ingest.rows_3)"))
                .containsExactly("80000|799960000");
    }

    @Test
    void aSinkTakesThePlaceOfWhatHadItsName() {
        for (int round = 1; round <= 2; round++) {
            try (RowSink sink = session.sink(ROWS, ALL)) {
                tell(sink);
            }
            try (RowSink sink = session.sink(ROWS, one())) {
                sink.integer(round);
                sink.endRow();
            }
            assertThat(shown("SELECT * FROM tarn_ingest.rows")).containsExactly("" + round);
        }
    }

    @Test
    void textsOfEveryLengthAreTakenAndWhatIsNoTextIsNot() {
        List<String> texts = new ArrayList<>();
        for (int length = 0; length < 40; length++) {
            texts.add("größe 🦆 und noch viel mehr als das, was hier steht".substring(0, length));
        }
        texts.removeIf(t -> !t.isEmpty() && Character.isHighSurrogate(t.charAt(t.length() - 1)));
        texts.add("x".repeat(3 << 20));
        try (RowSink sink = session.sink(ROWS, words())) {
            for (String text : texts) {
                byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
                sink.bytes(bytes, 1, bytes.length - 1);
                sink.endRow();
            }
            for (byte[] none : List.of(new byte[] {'a', -1}, new byte[] {-19, -96, -128})) {
                assertThatThrownBy(() -> sink.bytes(none))
                        .hasMessageContaining(
                                "A value of column 'word' is not UTF-8, and only UTF-8 is text.");
                sink.dropRow();
            }
        }

        assertThat(shown("SELECT word FROM tarn_ingest.rows")).isEqualTo(texts);
        assertThat(shown("SELECT count(*) FROM tarn_ingest.rows WHERE word = 'größe'"))
                .containsExactly("1");
    }

    @Test
    void rowsThatAreHeldAreReadAsOthersAre() {
        try (RowSink sink = session.sink(ROWS, ALL)) {
            sink.hold();
            tell(sink);
        }
        List<String> held = shown("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM tarn_ingest.rows");
        try (RowSink sink = session.sink(ROWS, ALL)) {
            tell(sink);
        }

        assertThat(held)
                .hasSize(1)
                .isEqualTo(shown("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM tarn_ingest.rows"));
        assertThat(held.getFirst()).contains("größe 🦆");
    }

    @Test
    void columnsAreAddedBeforeTheFirstRow() {
        try (RowSink sink = session.sink(ROWS, one())) {
            sink.hold();
            sink.widen(words());
            sink.integer(1);
            sink.text("a");
            sink.endRow();
            assertThatThrownBy(() -> sink.widen(words()))
                    .hasMessageContaining("Rows have been told already.");
        }

        assertThat(shown("SELECT * FROM tarn_ingest.rows")).containsExactly("1|a");
    }

    @Test
    void rowsThatAreTooManyForTheirShareOfMemoryAreThereInTheirOrder() {
        int many = 400;
        String text = "0123456789".repeat(20_000);
        try (DuckDbEngine small = DuckDbEngine.open(config().withMemoryLimitBytes(128 << 20));
                EngineSession session = small.open(SessionOptions.TRUSTED)) {
            for (int round = 0; round < 2; round++) {
                try (RowSink sink =
                        session.sink(
                                ROWS,
                                schema(
                                        field(0, "word", Primitive.VARCHAR),
                                        field(0, "n", Primitive.BIGINT)))) {
                    sink.hold();
                    for (int i = 0; i < many; i++) {
                        sink.text(text);
                        sink.integer(i);
                        sink.endRow();
                    }
                }
                try (QueryResult result =
                        session.query(
                                SqlText.of(
                                        "SELECT count(*) FILTER (n = r), sum(length(word)) FROM (SELECT *, row_number() OVER () - 1 AS r FROM tarn_ingest.rows)"))) {
                    assertThat(result.next()).isTrue();
                    assertThat(String.valueOf(result.value(0))).isEqualTo("400");
                    assertThat(String.valueOf(result.value(1))).isEqualTo("80000000");
                }
            }
        }
    }

    private static Schema words() {
        return new Schema(List.of(Field.of("word", Primitive.VARCHAR)));
    }

    private static Schema one() {
        return new Schema(List.of(Field.of("n", Primitive.BIGINT)));
    }

    private List<String> shown(String sql) {
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
}
