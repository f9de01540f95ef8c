package dev.tarn.it;

import static dev.tarn.it.ForeignDelta.PLAIN;
import static dev.tarn.it.ForeignDelta.add;
import static dev.tarn.it.ForeignDelta.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.model.Place;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Explain counts the files that a query's conditions leave out, of tables of our own and others.
 */
final class LeftOutFilesTest {
    private static final int FILES = 12;

    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void open() {
        shop = new Workshop(folder.resolve("shop"));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private void execute(String sql) {
        shop.tarn().execute(SqlText.of(sql), RefName.MAIN, new Cancellation());
    }

    private String files(String query) {
        return shop.tarn()
                .explain(query, At.MAIN, false)
                .lines()
                .filter(line -> line.contains("files read"))
                .reduce((one, other) -> one + "\n" + other)
                .orElse("");
    }

    @Test
    void partsOfStructsLeaveFilesOut() {
        execute(
                "create table b.t (id bigint, s struct(a bigint, inner_part struct(name varchar, day date)), \"odd one\" struct(\"x = 1 AND c0\" bigint))");
        StringBuilder inserts = new StringBuilder();
        for (int i = 0; i < FILES; i++) {
            inserts.append(
                    "insert into b.t values (%1$d, {a: %1$d, inner_part: {name: 'n%2$02d', day: date '2026-01-01' + %1$d}}, {'x = 1 AND c0': %1$d});\n"
                            .formatted(i, i));
        }
        execute(inserts.toString());

        assertThat(files("select id from b.t where s.a = 7"))
                .isEqualTo("b.t: 1 of 12 files read, 11 left out");
        assertThat(files("select id from b.t where s.inner_part.name >= 'n10'"))
                .isEqualTo("b.t: 2 of 12 files read, 10 left out");
        assertThat(files("select id from b.t where s.inner_part.day < date '2026-01-04'"))
                .isEqualTo("b.t: 3 of 12 files read, 9 left out");
        assertThat(
                        files(
                                "select x.id from b.t x join b.t y using (id) where x.s.a > 8 and y.s.a < 10"))
                .startsWith("b.t: ");
        assertThat(files("select id from b.t")).isEqualTo("b.t: 12 of 12 files read");
        assertThat(shop.rows("select id from b.t where s.a = 7")).containsExactly("7");
        assertThat(shop.rows("select id from b.t where s.inner_part.name >= 'n10' order by 1"))
                .containsExactly("10", "11");
        assertThat(shop.rows("select id from b.t where \"odd one\".\"x = 1 AND c0\" > 10"))
                .containsExactly("11");
        assertThat(shop.rows("select id from b.t where s.a is null")).isEmpty();
    }

    @Test
    void explainTellsOfDeletedRows() {
        execute(
                "create table b.t as select range as id from range(10); delete from b.t where id < 4");

        assertThat(files("select id from b.t"))
                .isEqualTo("b.t: 1 of 1 files read; 4 of their rows are deleted");
    }

    /** Twelve files of ten rows in four partitions. */
    private ForeignDelta orders(EngineSession session) {
        ForeignDelta delta = new ForeignDelta(folder.resolve("orders"), session);
        List<String> actions =
                new ArrayList<>(
                        List.of(
                                PLAIN,
                                metadata(
                                        List.of("part"),
                                        "",
                                        "part integer",
                                        "id long",
                                        "name string",
                                        "price decimal(10,2)",
                                        "taken timestamp",
                                        "s {\"type\":\"struct\",\"fields\":[{\"name\":\"a\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}]}")));
        for (int i = 0; i < FILES; i++) {
            delta.parquet(
                    i + ".parquet",
                    "select %1$d + range as id, 'n' || lpad((%1$d + range)::varchar, 4, '0') as name, ((%1$d + range) / 4)::decimal(10,2) as price, timestamptz '2026-01-01 00:00:00.0009+00' + interval (%1$d + range) minute as taken, {a: %1$d + range} as s from range(10)"
                            .formatted(i * 10));
            String stats =
                    "{\"numRecords\":10,\"minValues\":{\"id\":%1$d,\"name\":\"n%1$04d\",\"price\":%3$s,\"taken\":\"%4$s\",\"s\":{\"a\":%1$d}},\"maxValues\":{\"id\":%2$d,\"name\":\"n%2$04d\",\"price\":%5$s,\"taken\":\"%6$s\",\"s\":{\"a\":%2$d}},\"nullCount\":{\"id\":0,\"name\":0,\"price\":0,\"taken\":0,\"s\":{\"a\":0}}}"
                            .formatted(
                                    i * 10,
                                    i * 10 + 9,
                                    i * 10 / 4.0,
                                    minute(i * 10),
                                    (i * 10 + 9) / 4.0,
                                    minute(i * 10 + 9));
            actions.add(
                    add(
                            i + ".parquet",
                            "\"part\":\"%d\"".formatted(i % 4),
                            i == 5 ? "" : ",\"stats\":\"" + stats.replace("\"", "\\\"") + "\""));
        }
        delta.commit(actions.toArray(String[]::new));
        return delta;
    }

    private static String minute(int minute) {
        return "2026-01-01T%02d:%02d:00.000Z".formatted(minute / 60, minute % 60);
    }

    @Test
    void statisticsAndPartitionsOfDeltaLeaveFilesOut() {
        try (Engine engine = DuckDbEngine.open(DuckDbConfig.defaults(folder.resolve("spill")));
                EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            ForeignDelta delta = orders(session);
            shop.tarn()
                    .attach(
                            RefName.MAIN,
                            TableName.parse("lake.orders"),
                            new ExternalSpec(
                                    delta.location(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Place.of("x")));
        }
        // One file has no statistics and is always read.
        leavesOut("id = 77", 10, "77");
        leavesOut("id between 77 and 81", 9, "77", "78", "79", "80", "81");
        leavesOut(
                "part = 2 and id < 30",
                11,
                "20",
                "21",
                "22",
                "23",
                "24",
                "25",
                "26",
                "27",
                "28",
                "29");
        leavesOut("name > 'n0118'", 10, "119");
        leavesOut("price >= 29.75", 10, "119");
        leavesOut("s.a = 3", 10, "3");
        // The log has cut off less than a millisecond.
        leavesOut("taken > timestamptz '2026-01-01 01:59:00+00'", 10, "119");
        leavesOut("taken >= timestamptz '2026-01-01 01:59:00.0009+00'", 10, "119");
        leavesOut("part is null", 12);
        leavesOut("id is null", 11);
        leavesOut("lower(name) = 'n0005'", 0, "5");
        assertThat(files("select id from lake.orders"))
                .isEqualTo("lake.orders: 12 of 12 files read");
    }

    private void leavesOut(String condition, int files, String... ids) {
        String query = "select id from lake.orders where " + condition + " order by id";
        String told =
                "lake.orders: %d of 12 files read%s"
                        .formatted(
                                FILES - files, files == 0 ? "" : ", %d left out".formatted(files));
        assertThat(files(query)).as(condition).isEqualTo(told);
        assertThat(shop.rows(query)).as(condition).containsExactly(ids);
    }
}
