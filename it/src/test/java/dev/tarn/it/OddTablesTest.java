package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.At;
import dev.tarn.model.Place;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.TableState;
import dev.tarn.run.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables as Spark's writers of Iceberg and Delta make them when all that these formats know is
 * used: attached, they have the rows that Spark reads.
 */
final class OddTablesTest {
    @TempDir static Path folder;
    private static Spark spark;
    private static Workshop shop;

    @BeforeAll
    static void start() {
        spark =
                Spark.start(
                        folder,
                        "spark.sql.catalog.ice=org.apache.iceberg.spark.SparkCatalog",
                        "spark.sql.catalog.ice.type=hadoop",
                        "spark.sql.catalog.ice.warehouse=" + folder.resolve("ice"),
                        "spark.sql.catalog.ice.cache-enabled=false");
        shop = new Workshop(folder.resolve("shop"));
    }

    @AfterAll
    static void stop() {
        shop.close();
        spark.close();
    }

    private static void run(String... statements) {
        for (String statement : statements) {
            spark.sql(statement.replace('\n', ' '));
        }
    }

    private static Path delta(String name) {
        return folder.resolve("delta").resolve(name);
    }

    /** A Delta table in its own folder; {@code $t} stands for it. */
    private static void delta(String name, String... statements) {
        for (String statement : statements) {
            run(statement.replace("$t", "delta.`" + delta(name) + "`"));
        }
    }

    private static void attach(String name, Path location) {
        shop.tarn()
                .attach(
                        RefName.MAIN,
                        TableName.parse("lake." + name),
                        new ExternalSpec(
                                location.toString(),
                                Optional.empty(),
                                Optional.empty(),
                                Place.of("x")));
    }

    private static List<String> sorted(List<String> rows) {
        return rows.stream().sorted().toList();
    }

    private static void sameDelta(String name, String columns) {
        sameDelta(name, columns, columns);
    }

    private static void sameDelta(String name, String theirs, String ours) {
        same(name, "delta.`" + delta(name) + "`", delta(name), theirs, ours);
    }

    private static void sameIceberg(String name, String columns) {
        sameIceberg(name, columns, columns);
    }

    private static void sameIceberg(String name, String theirs, String ours) {
        same(name, "ice.db." + name, folder.resolve("ice/db/" + name), theirs, ours);
    }

    private static void same(String name, String table, Path location, String theirs, String ours) {
        List<String> expected = sorted(spark.sql("select %s from %s".formatted(theirs, table)));
        attach(name, location);
        assertThat(expected).isNotEmpty();
        assertThat(sorted(shop.rows("select %s from lake.%s".formatted(ours, name))))
                .as(name)
                .isEqualTo(expected);
        assertThat(shop.rows("select count(*) from lake." + name))
                .containsExactly(Integer.toString(expected.size()));
    }

    private static final String EVERYTHING =
            """
            (id bigint, b boolean, i int, f float, d double, n decimal(18,4), day date, \
            ts timestamp, local timestamp_ntz, s string, raw binary, \
            st struct<x:int,y:struct<z:string>>, l array<struct<k:string>>, m map<string,int>, \
            mm map<int,array<string>>)\
            """;

    private static final String VALUES =
            """
            values (1, true, 2, 1.5f, 2.25d, 12345.6789, date '1969-12-31', \
            timestamp '2024-02-29 12:34:56.789012', timestamp_ntz '1960-01-01 00:00:00.000001', \
            'it''s é', X'00ff', named_struct('x', 1, 'y', named_struct('z', 'deep')), \
            array(named_struct('k', 'a'), named_struct('k', null)), map('a', 1, 'b', null), \
            map(7, array('p', null))), \
            (2, null, null, null, null, null, null, null, null, null, null, null, null, null, null), \
            (3, false, -2147483648, float('-infinity'), double('nan'), -0.0001, date '9999-12-31', \
            timestamp '0001-01-01 00:00:00', timestamp_ntz '9999-12-31 23:59:59.999999', '', X'', \
            named_struct('x', null, 'y', null), array(), map(), map())\
            """;

    private static final String SIMPLE = "id, b, i, f, d, n, day, ts, local, s, raw";
    private static final String NESTED_SPARK =
            SIMPLE + ", st.x, st.y.z, size(l), get(l, 0).k, m['a'], get(mm[7], 0)";
    private static final String NESTED_TARN =
            SIMPLE + ", st.x, st.y.z, len(l), l[1].k, m['a'], mm[7][1]";

    private static void everyFileFormat(String format, int version) {
        String name = format + version;
        run(
                """
                create table ice.db.%1$s %2$s using iceberg partitioned by (bucket(2, id)) \
                tblproperties ('format-version'='%3$d', 'write.format.default'='%4$s', \
                'write.delete.format.default'='%4$s', 'write.delete.mode'='merge-on-read', \
                'write.update.mode'='merge-on-read', 'write.merge.mode'='merge-on-read')\
                """
                        .formatted(name, EVERYTHING, version, format),
                "insert into ice.db." + name + " " + VALUES,
                "insert into ice.db.%s (id, s) values (4, 'four'), (5, 'five'), (6, 'six'), (7, 'seven')"
                        .formatted(name));
        sameIceberg(name, NESTED_SPARK, NESTED_TARN);
        run(
                "delete from ice.db.%s where id in (5, 2)".formatted(name),
                "update ice.db.%s set s = 'changed' where id = 1".formatted(name),
                "alter table ice.db.%s rename column s to text".formatted(name),
                "alter table ice.db.%s alter column i type bigint".formatted(name),
                "alter table ice.db.%s add column more string".formatted(name),
                "insert into ice.db.%s (id, text, more) values (8, 'eight', 'new')"
                        .formatted(name));
        sameIceberg(name, "id, text, i, more, st.y.z", "id, text, i, more, st.y.z");
    }

    @Test
    void icebergTablesOfAvroFilesWithAvroDeletes() {
        everyFileFormat("avro", 2);
    }

    @Test
    void icebergTablesOfOrcFilesWithOrcDeletes() {
        everyFileFormat("orc", 2);
    }

    @Test
    void icebergTablesOfOrcAndAvroWithDeletionVectors() {
        everyFileFormat("orc", 3);
        everyFileFormat("avro", 3);
    }

    @Test
    void icebergTablesWhoseFilesAreOfSeveralFormats() {
        run(
                "create table ice.db.mixed (id bigint, s string) using iceberg tblproperties ('format-version'='2', 'write.delete.mode'='merge-on-read')",
                "insert into ice.db.mixed values (1, 'p'), (2, 'p')",
                "alter table ice.db.mixed set tblproperties ('write.format.default'='orc')",
                "insert into ice.db.mixed values (3, 'o'), (4, 'o')",
                "alter table ice.db.mixed set tblproperties ('write.format.default'='avro')",
                "insert into ice.db.mixed values (5, 'a'), (6, 'a')",
                "delete from ice.db.mixed where id in (2, 4, 6)");
        sameIceberg("mixed", "id, s");
    }

    @Test
    void icebergTablesWhosePartitioningChanged() {
        run(
                "create table ice.db.parts (id bigint, ts timestamp, s string) using iceberg partitioned by (days(ts)) tblproperties ('format-version'='1')",
                "insert into ice.db.parts values (1, timestamp '2024-01-01 10:00:00', 'a'), (2, timestamp '2024-01-02 11:00:00', 'b')",
                "alter table ice.db.parts replace partition field days(ts) with hours(ts)",
                "insert into ice.db.parts values (3, timestamp '2024-01-01 10:30:00', 'c')",
                "alter table ice.db.parts add partition field truncate(1, s)",
                "insert into ice.db.parts values (4, timestamp '2024-01-03 00:00:00', null), (5, null, 'xyz')",
                "alter table ice.db.parts drop partition field hours(ts)",
                "alter table ice.db.parts set tblproperties ('format-version'='2', 'write.delete.mode'='merge-on-read', 'write.metadata.compression-codec'='gzip', 'write.object-storage.enabled'='true')",
                "insert into ice.db.parts values (6, timestamp '2024-01-04 00:00:00', 'x')",
                "delete from ice.db.parts where id in (1, 6)",
                "alter table ice.db.parts set tblproperties ('format-version'='3')",
                "delete from ice.db.parts where id = 3",
                "alter table ice.db.parts rename column s to t",
                "alter table ice.db.parts alter column t after id");
        sameIceberg("parts", "*");
        assertThat(
                        shop.rows(
                                "select id from lake.parts where ts >= timestamptz '2024-01-02 00:00:00+00' order by id"))
                .containsExactly("2", "4");
        run(
                "call ice.system.rewrite_data_files(table => 'db.parts', options => map('rewrite-all', 'true'))",
                "call ice.system.rewrite_position_delete_files('db.parts')");
        sameIceberg("parts", "*");
    }

    @Test
    void icebergTablesWithVariants() {
        run(
                "create table ice.db.vars (id bigint, v variant) using iceberg tblproperties ('format-version'='3')",
                "insert into ice.db.vars select 1, parse_json('{\"a\": 1, \"b\": [\"x\", {\"c\": 2.5}]}')",
                "insert into ice.db.vars values (2, parse_json('\"text\"')), (3, null)");
        sameIceberg(
                "vars",
                "id, variant_get(v, '$.a', 'int'), variant_get(v, '$.b[0]', 'string')",
                "id, cast(v.a as integer), cast(v.b[1] as varchar)");
    }

    @Test
    void deltaTablesWithEveryFeatureOfColumns() {
        delta(
                "columns",
                """
                create table $t (id bigint generated always as identity (start with 10 increment by 5), \
                day date, year int generated always as (year(day)), c char(5), vc varchar(10), \
                w int default 42, s string, st struct<x:smallint,y:tinyint>) \
                using delta partitioned by (year) \
                tblproperties ('delta.feature.allowColumnDefaults'='supported', \
                'delta.enableChangeDataFeed'='true', \
                'delta.enableInCommitTimestamps'='true', 'delta.checkpointPolicy'='v2', \
                'delta.checkpointInterval'='2', 'delta.feature.vacuumProtocolCheck'='supported', \
                'delta.enableDeletionVectors'='true')\
                """,
                "insert into $t (day, c, vc, s, st) values (date '2024-05-06', 'ab', 'vc', 'Text', named_struct('x', 1, 'y', 2)), (null, null, null, null, null)",
                "insert into $t (day, c, vc, w, s, st) values (date '1999-01-01', 'abcde', '', 1, 'x', named_struct('x', -1, 'y', null))",
                "update $t set vc = 'up' where id = 10",
                "delete from $t where year = 1999",
                "insert into $t (day, s) values (date '2001-02-03', 'last')",
                "alter table $t add constraint positive check (w > 0)");
        sameDelta("columns", "id, day, year, c, vc, w, s, st.x, st.y");
        delta(
                "tracked",
                "create table $t (id bigint, s string) using delta tblproperties ('delta.enableRowTracking'='true', 'delta.checkpointInterval'='2')",
                "insert into $t values (1, 'a'), (2, 'b')",
                "insert into $t values (3, null)",
                "optimize $t");
        sameDelta("tracked", "*");
    }

    @Test
    void deltaTablesWithMappedColumns() {
        for (String mode : List.of("name", "id")) {
            delta(
                    "mapped_" + mode,
                    "create table $t (id bigint, `a b` string, st struct<x:int,y:string>, p string) using delta partitioned by (p) tblproperties ('delta.columnMapping.mode'='%s', 'delta.enableDeletionVectors'='true', 'delta.enableTypeWidening'='true')"
                            .formatted(mode),
                    "insert into $t values (1, 'one', named_struct('x', 1, 'y', 'a'), 'p 1/%'), (2, 'two', null, null)",
                    "alter table $t rename column `a b` to c",
                    "alter table $t rename column st.x to z",
                    "alter table $t rename column p to q",
                    "alter table $t drop column st.y",
                    "alter table $t add column (st.y string after z, more int)",
                    "insert into $t values (3, 'three', named_struct('z', 3, 'y', 'new'), '', 7)",
                    "delete from $t where id = 2",
                    "alter table $t alter column more type bigint",
                    "insert into $t values (4, 'four', null, 'é', 5000000000)");
            sameDelta("mapped_" + mode, "id, c, st.z, st.y, q, more");
            assertThat(
                            shop.rows(
                                    "select id from lake.mapped_%s where q = 'p 1/%%'"
                                            .formatted(mode)))
                    .containsExactly("1");
        }
    }

    @Test
    void deltaTablesWhoseTypesWereWidened() {
        delta(
                "wide",
                "create table $t (b tinyint, s smallint, i int, f float, n decimal(5,2), d date, st struct<x:tinyint>, l array<smallint>) using delta tblproperties ('delta.enableTypeWidening'='true', 'delta.feature.timestampNtz'='supported')",
                "insert into $t values (1, 2, 3, 1.5, 123.45, date '2024-01-01', named_struct('x', 1Y), array(1S, null))",
                "alter table $t alter column b type int",
                "alter table $t alter column s type bigint",
                "alter table $t alter column i type double",
                "alter table $t alter column f type double",
                "alter table $t alter column n type decimal(12,4)",
                "alter table $t alter column d type timestamp_ntz",
                "alter table $t alter column st.x type int",
                "alter table $t alter column l.element type bigint",
                "insert into $t values (100000, 5000000000, 0.5, 1e300, 12345678.1234, timestamp_ntz '2024-01-01 10:00:00', named_struct('x', 70000), array(5000000000))");
        sameDelta("wide", "b, s, i, f, n, d, st.x, get(l, 0)", "b, s, i, f, n, d, st.x, l[1]");
    }

    @Test
    void deltaTablesThatWereClusteredOptimizedRestoredAndCloned() {
        delta(
                "clustered",
                "create table $t (id bigint, k int, s string) using delta cluster by (k) tblproperties ('delta.enableDeletionVectors'='true', 'delta.checkpointInterval'='3')",
                "insert into $t select id, cast(id % 7 as int), concat('s', id) from range(100)",
                "insert into $t select id + 100, cast(id % 7 as int), concat('s', id) from range(50)",
                "optimize $t",
                "delete from $t where k = 3 and id < 70",
                "merge into $t as t using (select id from range(95, 105)) as u on t.id = u.id when matched and u.id < 100 then delete when matched then update set s = 'merged'",
                "update $t set s = null where id = 1",
                "restore table $t to version as of 4",
                "delete from $t where id = 149",
                "reorg table $t apply (purge)");
        run(
                "create table delta.`%s` shallow clone delta.`%s`"
                        .formatted(delta("clone"), delta("clustered")));
        run("delete from delta.`%s` where id = 0".formatted(delta("clone")));
        sameDelta("clustered", "*");
        sameDelta("clone", "*");
    }

    @Test
    void deltaTablesOfEveryTypeAndCheckpointsOfSeveralParts() {
        delta(
                "types",
                "create table $t "
                        + EVERYTHING
                        + " using delta partitioned by (day, s) tblproperties ('delta.checkpointInterval'='2', 'delta.checkpoint.writeStatsAsStruct'='true', 'delta.checkpoint.writeStatsAsJson'='false')",
                "insert into $t " + VALUES,
                "insert into $t (id) values (4)",
                "insert into $t (id, s) values (5, 'a=b/c d'), (6, 'ünïcode'), (7, '100%')",
                "delete from $t where id = 4");
        sameDelta("types", NESTED_SPARK, NESTED_TARN);
    }

    private static TableState adopted(String name, Path location) {
        shop.tarn()
                .adopt(
                        RefName.MAIN,
                        TableName.parse("own." + name),
                        new ExternalSpec(
                                location.toString(),
                                Optional.empty(),
                                Optional.empty(),
                                Place.of("x")));
        return state(name);
    }

    private static TableState state(String name) {
        return shop.tarn().table(TableName.parse("own." + name), At.MAIN).state().orElseThrow();
    }

    private static void sql(String statement) {
        shop.tarn().execute(SqlText.ofFile(statement, "sql"), RefName.MAIN, new Cancellation());
    }

    /** Both formats have the rows that Tarn reads. */
    private static void bothFormats(String name, String columns) {
        TableState state = state(name);
        List<String> rows = sorted(shop.rows("select %s from own.%s".formatted(columns, name)));
        String query = "select %s from t".formatted(columns);
        assertThat(sorted(spark.read("delta", state.location(), query)))
                .as(name + " as Delta")
                .isEqualTo(rows);
        assertThat(sorted(spark.read("iceberg", state.pointer().metadataLocation(), query)))
                .as(name + " as Iceberg")
                .isEqualTo(rows);
    }

    @Test
    void anAdoptedDeltaTableIsIcebergAtOnceAndBothAfterItsFormatsWereSet() throws IOException {
        delta(
                "todo",
                "create table $t (id bigint, day date, s string, st struct<x:int>) using delta partitioned by (day) tblproperties ('delta.enableDeletionVectors'='true', 'delta.columnMapping.mode'='name')",
                "insert into $t values (1, date '2024-01-01', 'a', named_struct('x', 1)), (2, date '2024-01-01', 'b', null), (3, null, 'c', named_struct('x', null))",
                "alter table $t rename column s to t",
                "delete from $t where id = 2");
        Map<String, String> before = contents(delta("todo"));
        TableState state = adopted("todo", delta("todo"));
        List<String> rows = sorted(shop.rows("select id, day, t, st.x from own.todo"));
        assertThat(
                        sorted(
                                spark.read(
                                        "iceberg",
                                        state.pointer().metadataLocation(),
                                        "select id, day, t, st.x from t")))
                .isEqualTo(rows)
                .hasSize(2);

        sql("alter table own.todo set ('tarn.formats' = 'iceberg, delta')");
        bothFormats("todo", "id, day, t, st.x");
        sql(
                "insert into own.todo values (9, date '2025-01-01', 'new', null); delete from own.todo where id = 1");
        bothFormats("todo", "id, day, t, st.x");
        assertThat(contents(delta("todo"))).isEqualTo(before);
        assertThat(shop.rows("select count(*) from own.todo")).containsExactly("2");
    }

    @Test
    void anAdoptedIcebergTableIsDeltaAtOnceOrAfterItsFormatsWereSet() throws IOException {
        run(
                "create table ice.db.plain (id bigint, ts timestamp, s string) using iceberg partitioned by (days(ts)) tblproperties ('format-version'='3')",
                "insert into ice.db.plain values (1, timestamp '2024-01-01 10:00:00', 'a'), (2, timestamp '2024-01-02 11:00:00', 'b'), (3, null, null)",
                "delete from ice.db.plain where id = 2",
                "create table ice.db.old (id bigint, ts timestamp, s string) using iceberg partitioned by (bucket(2, id)) tblproperties ('format-version'='2', 'write.format.default'='orc', 'write.delete.mode'='merge-on-read')",
                "insert into ice.db.old values (1, timestamp '2024-01-01 10:00:00', 'a'), (2, timestamp '2024-01-02 11:00:00', 'b'), (3, null, null), (5, null, 'x')",
                "delete from ice.db.old where id in (2, 3)");
        adopted("plain", folder.resolve("ice/db/plain"));
        bothFormats("plain", "id, ts, s");
        sql("update own.plain set s = 'changed' where id = 1");
        bothFormats("plain", "id, ts, s");

        Map<String, String> before = contents(folder.resolve("ice/db/old"));
        adopted("old", folder.resolve("ice/db/old"));
        assertThatThrownBy(() ->
                        spark.read("delta", state("old").location(), "select count(*) from t"))
                .isInstanceOf(Spark.Refused.class);
        sql("alter table own.old set ('tarn.formats' = 'iceberg, delta')");
        bothFormats("old", "id, ts, s");
        sql("insert into own.old values (7, null, 'seven')");
        bothFormats("old", "id, ts, s");
        assertThat(shop.rows("select id from own.old order by id")).containsExactly("1", "5", "7");
        // What was there is as it was; the table goes on beside it.
        assertThat(contents(folder.resolve("ice/db/old"))).containsAllEntriesOf(before);
    }

    /** Every file below a folder with what is in it. */
    private static Map<String, String> contents(Path root) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(
                        root.relativize(file).toString(),
                        HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    @Test
    void deltaTablesWithVariants() {
        String rows =
                "select 1 as id, parse_json('{\"a\": 1, \"b\": [\"x\", {\"c\": 2.5}], \"d\": null}') as v union all select 2, parse_json('\"text\"') union all select 3, null union all select 4, parse_json('{\"a\": \"not a number\"}') union all select 5, parse_json('[1, 2]')";
        for (String annotated : List.of("true", "false")) {
            for (String shredded : List.of("false", "true")) {
                String name = "variant_" + annotated + "_" + shredded;
                run(
                        "set spark.sql.parquet.annotateVariantLogicalType=" + annotated,
                        "set spark.sql.variant.writeShredding.enabled=" + shredded,
                        "set spark.sql.variant.forceShreddingSchemaForTest="
                                + (shredded.equals("true") ? "a int, b array<string>" : ""));
                delta(
                        name,
                        "create table $t (id int, v variant, st struct<w:variant>) using delta tblproperties ('delta.enableVariantShredding'='%s')"
                                .formatted(shredded),
                        "insert into $t select id, v, named_struct('w', v) from (" + rows + ")");
                sameDelta(
                        name,
                        "id, try_variant_get(v, '$.a', 'int'), variant_get(v, '$.b[1].c', 'double'), v is null, try_variant_get(st.w, '$.a', 'string')",
                        "id, try_cast(v.a as integer), cast(v.b[2].c as double), v is null, cast(st.w.a as varchar)");
            }
        }
        run("reset spark.sql.variant.forceShreddingSchemaForTest");
    }
}
