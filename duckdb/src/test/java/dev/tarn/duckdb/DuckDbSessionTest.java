package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.Engine.SessionOptions;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import dev.tarn.spi.RelationResolver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.Test;

final class DuckDbSessionTest extends Fixture {
    private static final String LONG =
            "select count(*) from range(100000) a, range(100000) b where hash(a.range + b.range) = 1";

    @Test
    void writesArrow() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (QueryResult result =
                session.query(sql("select i, 'v' || i as v, [i] as l from range(100000) t(i)"))) {
            assertThat(result.writeArrow(out)).isEqualTo(100_000);
        }
        long rows = 0;
        try (BufferAllocator allocator = new RootAllocator();
                ArrowStreamReader reader =
                        new ArrowStreamReader(
                                new ByteArrayInputStream(out.toByteArray()), allocator)) {
            while (reader.loadNextBatch()) {
                rows += reader.getVectorSchemaRoot().getRowCount();
            }
        }
        assertThat(rows).isEqualTo(100_000);
        assertThat(rows("select 1")).containsExactly(row(1));
    }

    @Test
    void stopsAStatementThatTakesTooLong() {
        try (EngineSession hasty =
                engine.open(new SessionOptions(Optional.of(Duration.ofMillis(200)), false))) {
            assertThatThrownBy(
                            () -> hasty.stage(TableName.parse("work.t"), sql(LONG + " and 1 = 1")))
                    .hasMessage(
                            "The statement ran longer than its limit of 200 ms and was stopped."
                                    + " [TIMEOUT]");
            assertThatThrownBy(
                            () -> {
                                try (QueryResult result = hasty.query(sql(LONG))) {
                                    result.next();
                                }
                            })
                    .isInstanceOfSatisfying(
                            TarnException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
            assertThat(hasty.stage(TableName.parse("work.t"), sql("select 1 as a"))).isEqualTo(1);
        }
    }

    @Test
    void stopsWhenAnotherThreadCancels() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Thread stopper =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                started.await();
                            } catch (InterruptedException e) {
                                return;
                            }
                            session.cancel();
                        });
        try (QueryResult result =
                session.query(sql("select range as i from range(100000000000)"))) {
            assertThat(result.next()).isTrue();
            assertThat(session.progress()).isLessThanOrEqualTo(1);
            started.countDown();
            stopper.join();
            assertThatThrownBy(
                            () -> {
                                while (result.next()) {
                                    result.value(0);
                                }
                            })
                    .hasMessage("The statement was cancelled. [INTERRUPTED]");
        }
        assertThat(rows("select 1")).containsExactly(row(1));
    }

    @Test
    void keepsRelationsOfSessionsApart() {
        session.define(TABLE, new Relation.Shape(schema(field(1, "mine", Primitive.BIGINT))));
        try (EngineSession other = engine.open(SessionOptions.TRUSTED)) {
            other.define(TABLE, new Relation.Shape(schema(field(1, "theirs", Primitive.DATE))));
            assertThat(other.describe(sql("from shop.orders")).names()).containsExactly("theirs");
            assertThat(session.describe(sql("from shop.orders")).names()).containsExactly("mine");
        }
    }

    @Test
    void findsUnqualifiedNamesAlongTheSearchPath() {
        List<TableName> asked = new ArrayList<>();
        Schema a = schema(field(1, "a", Primitive.BIGINT));
        Schema b = schema(field(1, "b", Primitive.BIGINT));
        Map<TableName, Relation> all =
                Map.of(
                        TableName.parse("gold.t"), new Relation.Shape(a),
                        TableName.parse("silver.t"), new Relation.Shape(b),
                        TableName.parse("silver.v"), new Relation.View("select b + 1 as c from t"));
        session.resolver(
                new RelationResolver() {
                    @Override
                    public Optional<Relation> resolve(TableName name) {
                        asked.add(name);
                        return Optional.ofNullable(all.get(name));
                    }

                    @Override
                    public Collection<String> searchPath() {
                        return List.of("silver", "gold");
                    }

                    @Override
                    public Collection<TableName> names() {
                        return all.keySet();
                    }
                });
        assertThat(session.describe(sql("from t")).names()).containsExactly("b");
        assertThat(session.describe(sql("from Gold.\"T\"")).names()).containsExactly("a");
        assertThat(session.describe(sql("with t as (select b as x from t) from t")).names())
                .containsExactly("x");
        assertThat(session.describe(sql("from v")).names()).containsExactly("c");
        assertThat(session.reads(sql("with t as (select 1) select * from t, v, gold.t g")))
                .containsExactly(TableName.parse("gold.t"), TableName.parse("silver.v"));
        assertThat(
                        session.describe(sql("from (pivot gold.t on a in (1, 2) using count(*))"))
                                .names())
                .contains("1", "2");
        assertThatThrownBy(() -> session.describe(sql("from silver.tt")))
                .hasMessage(
                        "m.sql:1:6: Table 'silver.tt' does not exist. Did you mean 'silver.t'?"
                                + " [TABLE_NOT_FOUND]");
        assertThat(asked).doesNotHaveDuplicates();
    }

    @Test
    void replacesARelationUnderItsViews() {
        session.define(TABLE, new Relation.Shape(schema(field(1, "a", Primitive.BIGINT))));
        session.define(TableName.parse("shop.v"), new Relation.View("select * from shop.orders"));
        assertThat(session.describe(sql("from shop.v")).names()).containsExactly("a");
        session.define(TABLE, new Relation.Shape(schema(field(1, "b", Primitive.DATE))));
        assertThat(session.describe(sql("from shop.v")).names()).containsExactly("b");
    }

    @Test
    void stagesEveryTypeOfValue() {
        Schema schema =
                new Schema(
                        List.of(
                                field(0, "bo", Primitive.BOOLEAN),
                                field(0, "i", Primitive.INTEGER),
                                field(0, "l", Primitive.BIGINT),
                                field(0, "f", Primitive.FLOAT),
                                field(0, "d", Primitive.DOUBLE),
                                field(0, "de", new Type.Decimal(20, 3)),
                                field(0, "s", Primitive.VARCHAR),
                                field(0, "da", Primitive.DATE),
                                field(0, "ti", Primitive.TIME),
                                field(0, "ts", Primitive.TIMESTAMP),
                                field(0, "tz", Primitive.TIMESTAMPTZ),
                                field(0, "ns", Primitive.TIMESTAMP_NS),
                                field(0, "u", Primitive.UUID),
                                field(0, "li", Type.ListOf.of(new Type.Decimal(9, 2))),
                                field(
                                        0,
                                        "st",
                                        new Type.Struct(
                                                List.of(
                                                        field(0, "x", Primitive.DATE),
                                                        field(0, "y", Primitive.TIMESTAMP)))),
                                field(0, "m", Type.MapOf.of(Primitive.VARCHAR, Primitive.BIGINT))));
        List<Object> values =
                List.of(
                        true,
                        1,
                        2L,
                        1.5f,
                        2.5d,
                        new BigDecimal("12345678901234567.125"),
                        "é😀",
                        LocalDate.of(1969, 1, 2),
                        LocalTime.of(23, 59, 59, 123_456_000),
                        LocalDateTime.of(1969, 1, 2, 3, 4, 5, 678_000),
                        Instant.parse("2024-02-29T01:02:03.000004Z"),
                        LocalDateTime.of(2024, 1, 2, 3, 4, 5, 123_456_789),
                        UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
                        List.of(new BigDecimal("1.50")),
                        Map.of(
                                "x",
                                LocalDate.of(2024, 1, 1),
                                "y",
                                LocalDateTime.of(2024, 1, 1, 0, 0)),
                        Map.of("k", 7L));
        TableName name = TableName.parse("work.t");
        assertThat(session.stage(name, schema, List.of(values))).isEqualTo(1);
        assertThat(rows("from work.t")).containsExactly(new ArrayList<Object>(values));
        byte[] bytes = {0, -1, 'a'};
        session.stage(name, schema(field(0, "b", Primitive.BINARY)), List.of(List.of(bytes)));
        assertThat(rows("from work.t").getFirst().getFirst()).isEqualTo(bytes);
    }

    @Test
    void refusesARowThatDoesNotFit() {
        TableName name = TableName.parse("work.t");
        Schema schema = schema(field(0, "i", Primitive.INTEGER));
        assertThatThrownBy(() -> session.stage(name, schema, List.of(List.of("x"))))
                .hasMessage(
                        "Value 'x' of Java type String does not fit column 'i' of type INTEGER."
                                + " [DATA_INVALID]");
        assertThatThrownBy(() -> session.stage(name, schema, List.of(List.of(1, 2))))
                .hasMessage("A row has 2 values, and the table 1 columns. [DATA_INVALID]");
    }

    @Test
    void explainsAQuery() {
        assertThat(session.explain(sql("select 42 as answer"), false)).contains("Projection");
        assertThat(session.explain(sql("select 42 as answer"), true)).isNotBlank();
    }

    @Test
    void keepsWithinItsMemory() {
        try (DuckDbEngine small =
                        DuckDbEngine.open(config().withMemoryLimitBytes(40L << 20).withThreads(1));
                EngineSession work = small.open(SessionOptions.TRUSTED)) {
            assertThatThrownBy(() ->
                            work.stage(
                                    TableName.parse("work.t"),
                                    sql(
                                            "select list(i || repeat('x', 100)) as l"
                                                    + " from range(2000000) t(i)")))
                    .isInstanceOfSatisfying(
                            TarnException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY));
        }
    }

    @Test
    void readsOnlyAllowedFolders() {
        try (DuckDbEngine locked =
                        DuckDbEngine.open(
                                config().withAllowedDirectories(List.of(directory.resolve("in"))));
                EngineSession work = locked.open(SessionOptions.TRUSTED)) {
            assertThatThrownBy(() -> work.execute("select * from read_text('/etc/hostname')"))
                    .isInstanceOfSatisfying(
                            TarnException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_DENIED));
        }
    }
}
