package dev.tarn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.RowPositions;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableScan.DataFile;
import dev.tarn.model.table.Transform;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.spi.Engine.SessionOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every engine does. */
public abstract class EngineContract {
    protected static final TableName ORDERS = TableName.parse("staging.orders");
    protected static final Schema ORDERS_SCHEMA =
            new Schema(
                    List.of(
                            field(1, "id", Primitive.BIGINT),
                            field(2, "customer", Primitive.VARCHAR),
                            field(3, "amount", new Type.Decimal(10, 2)),
                            field(4, "day", Primitive.DATE)));

    @TempDir protected Path directory;
    protected Engine engine;
    protected EngineSession session;

    protected abstract Engine engine(Path workDirectory);

    @BeforeEach
    void open() {
        engine = engine(directory);
        session = engine.open(SessionOptions.TRUSTED);
    }

    @AfterEach
    void close() {
        session.close();
        engine.close();
    }

    protected static Field field(int id, String name, Type type) {
        return new Field(id, name, type, false, Optional.empty(), Optional.empty());
    }

    protected static SqlText sql(String text) {
        return SqlText.ofFile(text, "models/m.sql");
    }

    protected List<List<@Nullable Object>> rows(String query) {
        return rows(session, query);
    }

    protected static List<List<@Nullable Object>> rows(EngineSession session, String query) {
        try (QueryResult result = session.query(sql(query))) {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(result.row());
            }
            return rows;
        }
    }

    protected static List<@Nullable Object> row(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    protected static void assertRefused(ErrorCode code, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessage(message + " [" + code + "]");
    }

    /** Writes rows as a table's file and returns the table. */
    protected Relation.Table table(Schema schema, String query) {
        return tableOf(schema, files(schema, query));
    }

    protected static Relation.Table tableOf(Schema schema, List<DataFile> files) {
        return new Relation.Table(schema, predicates -> new TableScan(schema, files, files.size()));
    }

    protected List<DataFile> files(Schema schema, String query) {
        return session.write(sql(query), target(schema)).stream()
                .map(f ->
                        new DataFile(
                                "table://" + f.path().getFileName(),
                                f.path(),
                                f.rows(),
                                f.bytes(),
                                Optional.empty()))
                .toList();
    }

    protected WriteTarget target(Schema schema) {
        return new WriteTarget(
                schema,
                List.of(),
                List.of(),
                directory.resolve(UUID.randomUUID().toString()).resolve("data"),
                128L << 20);
    }

    @Test
    void describesAQueryOverShapes() {
        session.define(ORDERS, new Relation.Shape(ORDERS_SCHEMA));
        Schema schema =
                session.describe(
                        sql(
                                "select id, sum(amount) as total, max(day) d from staging.orders group by id"));
        assertThat(schema)
                .isEqualTo(
                        new Schema(
                                List.of(
                                        Field.of("id", Primitive.BIGINT),
                                        Field.of("total", new Type.Decimal(38, 2)),
                                        Field.of("d", Primitive.DATE))));
    }

    @Test
    void returnsEveryTypeAsPromised() {
        assertThat(
                        rows(
                                "select true, 1::tinyint, 2, 3::bigint, 1.5::float, 2.5::double, 1.50::decimal(10,2),"
                                        + " 'é😀', 'ab'::blob, date '2024-02-29', time '10:00:00.5',"
                                        + " timestamp '2024-01-01 01:02:03.123456',"
                                        + " timestamptz '2024-01-01 01:00:00+02',"
                                        + " '123e4567-e89b-12d3-a456-426614174000'::uuid, [1, null],"
                                        + " {'a': 1, 'b': [{'c': 2}]}, map {'k': 1.5}, null"))
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.get(8)).isEqualTo(new byte[] {'a', 'b'});
                    List<@Nullable Object> rest = new ArrayList<>(r);
                    rest.remove(8);
                    assertThat(rest)
                            .isEqualTo(
                                    row(
                                            true,
                                            1,
                                            2,
                                            3L,
                                            1.5f,
                                            2.5d,
                                            new BigDecimal("1.50"),
                                            "é😀",
                                            LocalDate.of(2024, 2, 29),
                                            LocalTime.of(10, 0, 0, 500_000_000),
                                            LocalDateTime.of(2024, 1, 1, 1, 2, 3, 123_456_000),
                                            Instant.parse("2023-12-31T23:00:00Z"),
                                            UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
                                            row(1, null),
                                            Map.of("a", 1, "b", List.of(Map.of("c", 2))),
                                            Map.of("k", new BigDecimal("1.5")),
                                            null));
                });
    }

    @Test
    void readsATableFromItsFiles() {
        session.define(
                ORDERS, table(ORDERS_SCHEMA, "select 1 as id, 'ann' as customer, 9.5 as amount"));
        assertThat(rows("select * from staging.orders"))
                .containsExactly(row(1L, "ann", new BigDecimal("9.50"), null));
    }

    @Test
    void readsATableWithoutFiles() {
        session.define(ORDERS, tableOf(ORDERS_SCHEMA, List.of()));
        assertThat(rows("select count(*), max(id) from staging.orders"))
                .containsExactly(row(0L, null));
    }

    @Test
    void writesOneFileForASmallResult() {
        List<WrittenFile> files =
                session.write(sql("select range as id from range(1000)"), target(ORDERS_SCHEMA));
        assertThat(files).singleElement().satisfies(f -> assertThat(f.rows()).isEqualTo(1000));
        assertThat(files.getFirst().path()).isRegularFile();
    }

    @Test
    void writesNoFileWithoutRows() {
        WriteTarget target = target(ORDERS_SCHEMA);
        assertThat(session.write(sql("select 1 as id where false"), target)).isEmpty();
        assertThat(target.directory()).isEmptyDirectory();
    }

    @Test
    void splitsByPartition() {
        WriteTarget plain = target(ORDERS_SCHEMA);
        WriteTarget target =
                new WriteTarget(
                        ORDERS_SCHEMA,
                        List.of(
                                PartitionField.of("customer", new Transform.Identity()),
                                PartitionField.of("day", new Transform.Month())),
                        List.of(),
                        plain.directory(),
                        plain.targetFileBytes());
        List<WrittenFile> files =
                session.write(
                        sql(
                                "select * from (values (1, null, date '1969-12-31'),"
                                        + " (2, 'NULL', date '1970-01-01'), (3, '', date '1970-02-01'))"
                                        + " v(id, customer, day)"),
                        target);
        assertThat(files.stream().map(WrittenFile::partitionValues))
                .containsExactlyInAnyOrder(row2(null, "-1"), row2("NULL", "0"), row2("", "1"));
    }

    private static List<@Nullable String> row2(@Nullable String a, String b) {
        return Arrays.asList(a, b);
    }

    @Test
    void tellsWhereAColumnIsUnknown() {
        session.define(ORDERS, new Relation.Shape(ORDERS_SCHEMA));
        assertRefused(
                ErrorCode.COLUMN_NOT_FOUND,
                "models/m.sql:2:13: Column 'amout' does not exist in staging.orders."
                        + " Did you mean 'amount'?",
                () -> session.describe(sql("select id,\n  'é😀'||   amout from staging.orders")));
    }

    @Test
    void stagesRowsAndQueries() {
        TableName name = TableName.parse("work.rows");
        assertThat(
                        session.stage(
                                name,
                                new Schema(
                                        List.of(
                                                Field.of("a", Primitive.INTEGER),
                                                Field.of("l", Type.ListOf.of(Primitive.INTEGER)))),
                                List.of(row(1, List.of(1, 2)), row(null, null))))
                .isEqualTo(2);
        assertThat(rows("from work.rows")).containsExactly(row(1, List.of(1, 2)), row(null, null));
        assertThat(session.stage(name, sql("select a + 1 as a from work.rows"))).isEqualTo(2);
        assertThat(rows("from work.rows")).containsExactly(row(2), row((Object) null));
    }

    @Test
    void readsFedTextsInEveryQuery() {
        TableName name = TableName.parse("work.texts");
        AtomicInteger passes = new AtomicInteger();
        session.feed(name, threeTexts(passes));
        String all = "select part, number, text from work.texts order by part, number";

        assertThat(rows(all)).containsExactly(row(0, 1L, "a"), row(0, 2L, "é😀"), row(1, 7L, "b"));
        assertThat(rows("select count(*) from work.texts where part = 0")).containsExactly(row(2L));
        assertThat(passes).hasValue(2);

        session.feed(name, () -> () -> textsOf(new AtomicInteger(2)));
        assertThat(rows(all)).isEmpty();
    }

    private static TextFeed threeTexts(AtomicInteger passes) {
        return () -> {
            passes.incrementAndGet();
            AtomicInteger parts = new AtomicInteger();
            return () -> textsOf(parts);
        };
    }

    private static TextFeed.Reader textsOf(AtomicInteger parts) {
        return new TextFeed.Reader() {
            @Override
            public boolean next(TextFeed.Batch batch) {
                int part = parts.getAndIncrement();
                batch.clear(part);
                switch (part) {
                    case 0 -> {
                        batch.add(1, "a".getBytes(StandardCharsets.UTF_8));
                        batch.add(2, "é😀".getBytes(StandardCharsets.UTF_8));
                    }
                    case 1 -> batch.add(7, "b".getBytes(StandardCharsets.UTF_8));
                    default -> {}
                }
                return batch.size() > 0;
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void findsRowsByKey() {
        List<DataFile> files =
                new ArrayList<>(files(ORDERS_SCHEMA, "select range as id from range(5)"));
        files.addAll(files(ORDERS_SCHEMA, "select range + 5 as id from range(5)"));
        session.define(ORDERS, tableOf(ORDERS_SCHEMA, files));
        List<RowPositions> found =
                session.matches(
                        ORDERS, sql("select unnest([0, 3, 9, 77]) as id"), List.of("id"), "");
        assertThat(found.stream().map(RowPositions::location))
                .containsExactly(files.get(0).location(), files.get(1).location());
        assertThat(found.get(0).positions()).containsExactly(0, 3);
        assertThat(found.get(1).positions()).containsExactly(4);
    }

    @Test
    void exportsToOneFile() {
        Path file = directory.resolve("out.parquet");
        assertThat(session.export(sql("select 1 as a;"), file)).isEqualTo(1);
        assertThat(Files.exists(file)).isTrue();
    }

    @Test
    void readsFilesOfArrowBatchByBatchAsOftenAsAsked() throws IOException {
        Path file = directory.resolve("rows.arrow");
        String query = "select i, [i] as l, 'n' || i as s from range(100000) r(i)";
        try (QueryResult rows = session.query(sql(query));
                OutputStream out = Files.newOutputStream(file)) {
            assertThat(rows.writeArrow(out)).isEqualTo(100_000);
        }
        TableName name = new TableName("main", "arrived");
        session.feed(name, file);
        SqlText sums =
                sql("select count(*), sum(i)::bigint, sum(len(l))::bigint from main.arrived");
        for (int i = 0; i < 2; i++) {
            assertThat(session.describe(sql("select * from main.arrived")).names())
                    .containsExactly("i", "l", "s");
            try (QueryResult rows = session.query(sums)) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.row()).isEqualTo(List.of(100_000L, 4_999_950_000L, 100_000L));
            }
        }
        TableName kept = new TableName("main", "kept");
        assertThat(session.stage(kept, sql("select * from main.arrived where i < 10")))
                .isEqualTo(10);
    }
}
