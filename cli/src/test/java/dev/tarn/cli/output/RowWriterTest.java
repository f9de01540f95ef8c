package dev.tarn.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RowWriterTest {
    private static final Schema SCHEMA =
            new Schema(
                    List.of(
                            Field.of("id", Type.Primitive.BIGINT),
                            Field.of("name", Type.Primitive.VARCHAR),
                            Field.of("price", new Type.Decimal(10, 2))));

    private static final List<List<? extends @Nullable Object>> ROWS =
            List.of(
                    List.of(1L, "Anna", new BigDecimal("9.50")),
                    Arrays.asList(20L, null, new BigDecimal("120.00")),
                    List.of(300L, "日本, \"東\"", new BigDecimal("0.05")));

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void aTableHasNumbersToTheRightAndMindsWideCharacters() {
        long rows =
                RowWriter.table(
                        new RowsOf(SCHEMA, ROWS),
                        out,
                        new RowWriter.TableStyle(Paint.PLAIN, 100, 0, false));

        assertThat(text())
                .isEqualTo(
                        """
                        ┌─────┬────────────┬────────┐
                        │  id │ name       │  price │
                        ├─────┼────────────┼────────┤
                        │   1 │ Anna       │   9.50 │
                        │  20 │ NULL       │ 120.00 │
                        │ 300 │ 日本, "東" │   0.05 │
                        └─────┴────────────┴────────┘
                        3 rows
                        """);
        assertThat(rows).isEqualTo(3);
    }

    @Test
    void rowsBeyondTheLimitAreCounted() {
        RowWriter.table(
                new RowsOf(SCHEMA, ROWS), out, new RowWriter.TableStyle(Paint.PLAIN, 1, 0, false));

        assertThat(text())
                .isEqualTo(
                        """
                        ┌────┬──────┬───────┐
                        │ id │ name │ price │
                        ├────┼──────┼───────┤
                        │  1 │ Anna │  9.50 │
                        └────┴──────┴───────┘
                        3 rows, … 2 more
                        """);
    }

    @Test
    void aNarrowTerminalCutsTheWidestColumns() {
        Schema schema = new Schema(List.of(Field.of("text", Type.Primitive.VARCHAR)));

        RowWriter.table(
                new RowsOf(schema, List.of(List.of("a rather long text\nof two lines"))),
                out,
                new RowWriter.TableStyle(Paint.PLAIN, 100, 20, false));

        assertThat(text())
                .isEqualTo(
                        """
                        ┌──────────────────┐
                        │ text             │
                        ├──────────────────┤
                        │ a rather long t… │
                        └──────────────────┘
                        1 row
                        """);
    }

    @Test
    void expandedRowsHaveOneValueALine() {
        RowWriter.table(
                new RowsOf(SCHEMA, ROWS.subList(1, 2)),
                out,
                new RowWriter.TableStyle(Paint.PLAIN, 100, 20, true));

        assertThat(text())
                .isEqualTo(
                        """
                        ─── row 1 ───
                        id     20
                        name   NULL
                        price  120.00
                        1 row
                        """);
    }

    @Test
    void charactersThatMoveTheCursorAreShownAsEscapes() {
        Schema schema = new Schema(List.of(Field.of("t", Type.Primitive.VARCHAR)));

        RowWriter.table(
                new RowsOf(schema, List.of(List.of("\u001b[2Jgone\ttab\u009b"))),
                out,
                new RowWriter.TableStyle(Paint.PLAIN, 100, 0, false));

        assertThat(text()).contains("│ \\u001b[2Jgone\\ttab\\u009b │");
    }

    @Test
    void csvQuotesWhatNeedsItAndTellsNullFromEmpty() throws IOException {
        long rows =
                RowWriter.csv(
                        new RowsOf(
                                SCHEMA,
                                List.of(
                                        List.of(1L, "", new BigDecimal("9.50")),
                                        ROWS.get(1),
                                        ROWS.get(2),
                                        List.of(4L, "two\nlines", new BigDecimal("1E+2")))),
                        out);

        assertThat(text())
                .isEqualTo(
                        """
                        id,name,price
                        1,"",9.50
                        20,,120.00
                        300,"日本, ""東\""",0.05
                        4,"two
                        lines",100
                        """);
        assertThat(rows).isEqualTo(4);
    }

    @Test
    void jsonIsOneArrayAndNdjsonOneObjectALine() throws IOException {
        RowWriter.json(new RowsOf(SCHEMA, ROWS.subList(0, 2)), out);
        assertThat(text())
                .isEqualTo(
                        """
                        [
                        {"id":1,"name":"Anna","price":9.50},
                        {"id":20,"name":null,"price":120.00}
                        ]
                        """);

        out.reset();
        RowWriter.ndjson(new RowsOf(SCHEMA, ROWS.subList(0, 2)), out);
        assertThat(text())
                .isEqualTo(
                        """
                        {"id":1,"name":"Anna","price":9.50}
                        {"id":20,"name":null,"price":120.00}
                        """);
    }

    @Test
    void noRowsAreStillWellFormed() throws IOException {
        RowWriter.json(new RowsOf(SCHEMA, List.of()), out);
        assertThat(text()).isEqualTo("[]\n");

        out.reset();
        RowWriter.ndjson(new RowsOf(SCHEMA, List.of()), out);
        assertThat(text()).isEmpty();

        out.reset();
        RowWriter.csv(new RowsOf(SCHEMA, List.of()), out);
        assertThat(text()).isEqualTo("id,name,price\n");
    }

    @Test
    void everyKindOfValueHasATextAndAJsonForm() throws IOException {
        List<@Nullable Object> values =
                Arrays.asList(
                        true,
                        LocalDate.parse("2026-11-01"),
                        LocalDateTime.parse("2026-11-01T10:00:00.5"),
                        Instant.parse("2026-11-01T10:00:00Z"),
                        new byte[] {1, (byte) 0xff},
                        Double.POSITIVE_INFINITY,
                        Arrays.asList(1, null),
                        Map.of("k", List.of(BigDecimal.ONE)));
        Schema schema =
                new Schema(
                        List.of("a", "b", "c", "d", "e", "f", "g", "h").stream()
                                .map(name -> Field.of(name, Type.Primitive.VARCHAR))
                                .toList());

        RowWriter.csv(new RowsOf(schema, List.of(values)), out);
        assertThat(text().lines().skip(1))
                .containsExactly(
                        "true,2026-11-01,2026-11-01 10:00:00.5,2026-11-01 10:00:00Z,\\x01ff,"
                                + "Infinity,\"[1, NULL]\",{k: [1]}");

        out.reset();
        RowWriter.ndjson(new RowsOf(schema, List.of(values)), out);
        assertThat(text())
                .isEqualTo(
                        "{\"a\":true,\"b\":\"2026-11-01\",\"c\":\"2026-11-01T10:00:00.500\","
                                + "\"d\":\"2026-11-01T10:00:00Z\",\"e\":\"Af8=\",\"f\":\"Infinity\","
                                + "\"g\":[1,null],\"h\":{\"k\":[1]}}\n");
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
