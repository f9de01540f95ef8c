package dev.tarn.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.RowPositions;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.Transform;
import dev.tarn.model.table.Type;
import dev.tarn.spi.LocalTestStorage;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What we write is read back by Iceberg's own Java reader, value by value. */
final class InteropTest {
    private static final TableName NAME = TableName.parse("lab.all");

    @TempDir Path folder;

    private final LocalTestStorage storage = new LocalTestStorage();
    private final DuckFiles duck = new DuckFiles();
    private IcebergTables tables;

    @BeforeEach
    void openTables() {
        tables =
                IcebergTables.open(
                        new IcebergConfig(
                                folder.resolve("wh").toString(),
                                storage,
                                folder.resolve("staging"),
                                Clock.fixed(
                                        Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC)));
    }

    @AfterEach
    void closeDuck() {
        duck.close();
    }

    private TablePointer append(TablePointer base, String query) {
        return tables.append(base, duck.write(tables.target(base), query), Map.of());
    }

    private Table judged(TablePointer pointer) {
        return JavaReader.table(storage, pointer);
    }

    private List<String> read(TablePointer pointer) {
        return duck.read(tables.scan(pointer, Optional.empty(), List.of()));
    }

    private static Schema columns(Object... namesAndTypes) {
        List<Field> fields = new java.util.ArrayList<>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            fields.add(Field.of((String) namesAndTypes[i], (Type) namesAndTypes[i + 1]));
        }
        return new Schema(fields);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void everyTypeKeepsItsValues(String version) {
        Schema schema =
                columns(
                        "b", Type.Primitive.BOOLEAN,
                        "i", Type.Primitive.INTEGER,
                        "l", Type.Primitive.BIGINT,
                        "f", Type.Primitive.FLOAT,
                        "d", Type.Primitive.DOUBLE,
                        "day", Type.Primitive.DATE,
                        "t", Type.Primitive.TIME,
                        "ts", Type.Primitive.TIMESTAMP,
                        "tz", Type.Primitive.TIMESTAMPTZ,
                        "s", Type.Primitive.VARCHAR,
                        "u", Type.Primitive.UUID,
                        "x", Type.Primitive.BINARY,
                        "small", new Type.Decimal(5, 2),
                        "mid", new Type.Decimal(18, 6),
                        "big", new Type.Decimal(38, 10));
        TablePointer empty =
                tables.create(
                        NAME,
                        new TableDefinition(
                                schema, List.of(), List.of(), Map.of("format-version", version)));

        TablePointer one =
                append(
                        empty,
                        "select true b, -2147483648 i, 9223372036854775807 l, 1.5::float f, 'nan'::double d,"
                                + " date '1582-10-15' as day, time '23:59:59.999999' t,"
                                + " timestamp '1969-12-31 23:59:59.999999' ts,"
                                + " timestamptz '2024-02-29 12:00:00+02' tz, 'Ünï''😀' s,"
                                + " '00112233-4455-6677-8899-aabbccddeeff' u, '\\x00\\xFF'::blob x,"
                                + " -999.99 small, 0.000001 mid, 1234567890123456789012345678.0123456789 big"
                                + " union all by name select null b");

        assertThat(JavaReader.rows(judged(one)))
                .containsExactly(
                        "null|null|null|null|null|null|null|null|null|null|null|null|null|null|null",
                        "true|-2147483648|9223372036854775807|1.5|NaN|1582-10-15|23:59:59.999999"
                                + "|1969-12-31T23:59:59.999999|2024-02-29T10:00Z|Ünï'😀"
                                + "|00112233-4455-6677-8899-aabbccddeeff|x00ff|-999.99|0.000001"
                                + "|1234567890123456789012345678.0123456789");
        assertThat(read(one)).hasSize(2);
        assertThat(tables.state(one).definition().schema().sameColumns(schema)).isTrue();
        assertThat(tables.state(one).formatVersion()).isEqualTo(Integer.parseInt(version));
    }

    @Test
    void nanosecondsKeepTheirDigits() {
        TablePointer one =
                append(
                        tables.create(
                                NAME,
                                TableDefinition.of(columns("n", Type.Primitive.TIMESTAMP_NS))),
                        "select timestamp_ns '1969-12-31 23:59:59.123456789' n");

        assertThat(JavaReader.rows(judged(one))).containsExactly("1969-12-31T23:59:59.123456789");
        assertThat(
                        scanned(
                                one,
                                new Predicate(
                                        "n",
                                        Predicate.Operator.EQUAL,
                                        "1969-12-31 23:59:59.123456789")))
                .isEqualTo(1);
        assertThat(
                        scanned(
                                one,
                                new Predicate(
                                        "n",
                                        Predicate.Operator.GREATER,
                                        "1969-12-31 23:59:59.123456789")))
                .isZero();
    }

    private int scanned(TablePointer pointer, Predicate predicate) {
        return tables.scan(pointer, Optional.empty(), List.of(predicate)).files().size();
    }

    @Test
    void variantsAreReadByIceberg() {
        TablePointer one =
                append(
                        tables.create(
                                NAME, TableDefinition.of(columns("v", Type.Primitive.VARIANT))),
                        "select {'a': 1, 'b': ['x', null]}::variant v union all select null");

        List<String> rows = JavaReader.rows(judged(one));

        assertThat(rows).hasSize(2);
        assertThat(rows.getFirst()).contains("a").contains("x");
        assertThat(read(one)).hasSize(2).contains("null");
    }

    @Test
    void nestedColumnsKeepTheirValues() {
        Schema schema =
                columns(
                        "id",
                        Type.Primitive.BIGINT,
                        "st",
                        new Type.Struct(
                                List.of(
                                        Field.of("a b", Type.Primitive.INTEGER),
                                        Field.of(
                                                "in",
                                                new Type.Struct(
                                                        List.of(
                                                                Field.of(
                                                                        "z",
                                                                        Type.Primitive.DATE)))))),
                        "ls",
                        Type.ListOf.of(
                                new Type.Struct(List.of(Field.of("q", Type.Primitive.VARCHAR)))),
                        "m",
                        Type.MapOf.of(
                                Type.Primitive.VARCHAR, Type.ListOf.of(new Type.Decimal(9, 2))));
        TablePointer one =
                append(
                        tables.create(NAME, TableDefinition.of(schema)),
                        "select 1 id, {'a b': 5, 'in': {'z': date '2024-01-01'}} st,"
                                + " [{'q': 'x'}, null, {'q': null}] ls, map {'k': [1.25, null], 'e': []} m"
                                + " union all by name select 2 id");

        assertThat(JavaReader.rows(judged(one)))
                .containsExactly(
                        "1|{a b=5,in={z=2024-01-01}}|[{q=x},null,{q=null}]|{e=[],k=[1.25,null]}",
                        "2|null|null|null");
        assertThat(read(one)).hasSize(2);
    }

    static Stream<Arguments> transforms() {
        return Stream.of(
                Arguments.of("s", new Transform.Identity()),
                Arguments.of("i", new Transform.Identity()),
                Arguments.of("day", new Transform.Identity()),
                Arguments.of("ts", new Transform.Identity()),
                Arguments.of("tz", new Transform.Identity()),
                Arguments.of("dec", new Transform.Identity()),
                Arguments.of("b", new Transform.Identity()),
                Arguments.of("u", new Transform.Identity()),
                Arguments.of("x", new Transform.Identity()),
                Arguments.of("t", new Transform.Identity()),
                Arguments.of("i", new Transform.Bucket(5)),
                Arguments.of("s", new Transform.Bucket(5)),
                Arguments.of("day", new Transform.Bucket(5)),
                Arguments.of("ts", new Transform.Bucket(5)),
                Arguments.of("dec", new Transform.Bucket(5)),
                Arguments.of("u", new Transform.Bucket(5)),
                Arguments.of("i", new Transform.Truncate(4)),
                Arguments.of("s", new Transform.Truncate(1)),
                Arguments.of("dec", new Transform.Truncate(50)),
                Arguments.of("x", new Transform.Truncate(2)),
                Arguments.of("day", new Transform.Year()),
                Arguments.of("day", new Transform.Month()),
                Arguments.of("day", new Transform.Day()),
                Arguments.of("ts", new Transform.Year()),
                Arguments.of("ts", new Transform.Month()),
                Arguments.of("ts", new Transform.Day()),
                Arguments.of("ts", new Transform.Hour()),
                Arguments.of("tz", new Transform.Day()),
                Arguments.of("tz", new Transform.Hour()));
    }

    @ParameterizedTest
    @MethodSource("transforms")
    void partitionValuesAreThoseOfIceberg(String column, Transform transform) {
        TablePointer empty =
                tables.create(
                        NAME,
                        new TableDefinition(
                                columns(
                                        "i", Type.Primitive.INTEGER,
                                        "s", Type.Primitive.VARCHAR,
                                        "day", Type.Primitive.DATE,
                                        "ts", Type.Primitive.TIMESTAMP,
                                        "tz", Type.Primitive.TIMESTAMPTZ,
                                        "t", Type.Primitive.TIME,
                                        "dec", new Type.Decimal(9, 2),
                                        "b", Type.Primitive.BOOLEAN,
                                        "u", Type.Primitive.UUID,
                                        "x", Type.Primitive.BINARY),
                                List.of(PartitionField.of(column, transform)),
                                List.of(),
                                Map.of()));

        TablePointer one =
                append(
                        empty,
                        "select r::int - 6 i, ['a/b', '', 'null', 'x''y'][r %% 4 + 1] s,"
                                        .formatted()
                                + " date '1969-11-29' + (r * 11)::int as day,"
                                + " timestamp '1969-12-30 21:17:00.5' + interval (r * 7) hour ts,"
                                + " timestamptz '1969-12-30 21:17:00.5+00' + interval (r * 7) hour tz,"
                                + " time '01:02:03' + interval (r) hour t, r / 4 as dec, r % 2 = 0 b,"
                                + " ('00112233-4455-6677-8899-aabbccddeef' || (r % 10))::uuid u,"
                                + " ('\\xAA\\x00' || 'a' || r)::blob x from range(12) _(r)"
                                + " union all by name select null i");

        assertThat(JavaReader.misplaced(judged(one))).isEmpty();
        assertThat(JavaReader.rows(judged(one))).hasSize(13);
        assertThat(scanned(one, new Predicate(column, Predicate.Operator.IS_NULL, "")))
                .isEqualTo(1);
    }

    @Test
    void deletedRowsAreDeletedForIceberg() {
        TablePointer one =
                append(
                        tables.create(
                                NAME,
                                TableDefinition.of(
                                        columns(
                                                "id", Type.Primitive.BIGINT,
                                                "p", Type.Primitive.VARCHAR))),
                        "select range id, 'a' p from range(5000)");
        String file = tables.scan(one, Optional.empty(), List.of()).files().getFirst().location();

        TablePointer two =
                tables.replaceRows(
                        one,
                        List.of(new RowPositions(file, LongStream.range(0, 2000).toArray())),
                        duck.write(tables.target(one), "select -1 id, 'new' p"),
                        Map.of());
        TablePointer three =
                tables.replaceRows(
                        two,
                        List.of(new RowPositions(file, LongStream.range(1500, 4998).toArray())),
                        List.of(),
                        Map.of());

        assertThat(JavaReader.rows(judged(two))).hasSize(3001);
        assertThat(JavaReader.rows(judged(three))).containsExactly("-1|new", "4998|a", "4999|a");
        assertThat(read(three)).containsExactly("-1|new", "4998|a", "4999|a");
        assertThat(tables.state(three).current().orElseThrow().totalRows()).isEqualTo(3);
        TableScan scan = tables.scan(three, Optional.empty(), List.of());
        assertThat(scan.files().stream().flatMap(f -> f.deleted().stream()))
                .singleElement()
                .satisfies(d -> assertThat(d.count()).isEqualTo(4998));
    }

    @Test
    void evolvedColumnsMeanTheSameToIceberg() {
        Schema schema =
                columns(
                        "id",
                        Type.Primitive.INTEGER,
                        "name",
                        Type.Primitive.VARCHAR,
                        "f",
                        Type.Primitive.FLOAT,
                        "amt",
                        new Type.Decimal(9, 2),
                        "st",
                        new Type.Struct(
                                List.of(
                                        Field.of("a", Type.Primitive.INTEGER),
                                        Field.of("b", Type.Primitive.VARCHAR))),
                        "ls",
                        Type.ListOf.of(
                                new Type.Struct(List.of(Field.of("q", Type.Primitive.INTEGER)))));
        TablePointer one =
                append(
                        tables.create(NAME, TableDefinition.of(schema)),
                        "select 1 id, 'n' as name, 0.5 f, 2.25 amt, {'a': 3, 'b': 'x'} st, [{'q': 4}] ls");
        TablePointer two =
                tables.evolve(
                        one,
                        List.of(
                                new SchemaChange.Rename("name", "label"),
                                new SchemaChange.Widen("id", Type.Primitive.BIGINT),
                                new SchemaChange.Widen("f", Type.Primitive.DOUBLE),
                                new SchemaChange.Widen("amt", new Type.Decimal(18, 2)),
                                new SchemaChange.Widen("st.a", Type.Primitive.BIGINT),
                                new SchemaChange.Rename("st.a", "aa"),
                                new SchemaChange.Drop("st.b"),
                                new SchemaChange.Add(
                                        "st.n", Type.Primitive.DATE, Optional.of("'2024-01-01'")),
                                new SchemaChange.Move("st.n", Optional.empty()),
                                new SchemaChange.Rename("ls.element.q", "qq"),
                                new SchemaChange.Add(
                                        "ls.element.r",
                                        Type.Primitive.VARCHAR,
                                        Optional.of("'it''s'")),
                                new SchemaChange.Add(
                                        "ts",
                                        Type.Primitive.TIMESTAMP,
                                        Optional.of("TIMESTAMP '2024-01-01 10:00:00.5'")),
                                new SchemaChange.Add(
                                        "dec", new Type.Decimal(9, 3), Optional.of("1.5")),
                                new SchemaChange.Move("amt", Optional.empty()),
                                new SchemaChange.Move("ts", Optional.of("label"))));
        TablePointer three =
                append(
                        two,
                        "select 9999999999 id, 'm' as label, 0.1::double f, 1234567890.12 amt,"
                                + " {'n': null, 'aa': 5} st, [{'qq': 6, 'r': 'z'}] ls, null as ts, 2 as dec");

        List<String> judged = JavaReader.rows(judged(three));

        assertThat(judged)
                .containsExactly(
                        "1234567890.12|9999999999|m|null|0.1|{n=null,aa=5}|[{qq=6,r=z}]|2.000",
                        "2.25|1|n|2024-01-01T10:00:00.500|0.5|{n=2024-01-01,aa=3}|[{qq=4,r=it's}]|1.500");
        assertThat(read(three)).hasSize(2);
        long first = tables.state(one).current().orElseThrow().id();
        assertThat(JavaReader.rows(judged(three), first))
                .containsExactly("1|n|0.5|2.25|{a=3,b=x}|[{q=4}]");
    }

    @Test
    void rowsKeepDistinctIdsWhenAppendsAreRepeated() {
        TablePointer base =
                append(
                        tables.create(
                                NAME, TableDefinition.of(columns("id", Type.Primitive.BIGINT))),
                        "select range id from range(10)");
        TablePointer mine = append(base, "select range id from range(10, 15)");
        TablePointer theirs = append(base, "select range id from range(20, 27)");

        TablePointer both = tables.rebase(base, mine, theirs).orElseThrow();

        Table table = judged(both);
        List<Long> firstIds = new java.util.ArrayList<>();
        table.newScan().planFiles().forEach(t -> firstIds.add(t.file().firstRowId()));
        assertThat(firstIds).containsExactlyInAnyOrder(0L, 10L, 17L);
        assertThat(JavaReader.rows(table)).hasSize(22);
    }
}
