package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.At;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.Publication;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark, with settings that anybody would give it, works on a warehouse through the server. */
final class SparkThroughRestTest {
    private static final String MERGE_ON_READ =
            "'write.delete.mode'='merge-on-read', 'write.update.mode'='merge-on-read', 'write.merge.mode'='merge-on-read'";

    @TempDir static Path folder;
    private static RestServer server;
    private static Spark spark;

    @BeforeAll
    static void start() throws Exception {
        server = new RestServer(Files.createDirectories(folder.resolve("project")));
        server.workshop().tarn().states().createBranch(new RefName("dev"), At.MAIN);
        server.workshop().tarn().states().createTag(new RefName("empty"), At.MAIN);
        spark =
                Spark.start(
                        Files.createDirectories(folder.resolve("spark")),
                        "spark.sql.catalog.tarn=org.apache.iceberg.spark.SparkCatalog",
                        "spark.sql.catalog.tarn.type=rest",
                        "spark.sql.catalog.tarn.uri=" + server.uri(),
                        "spark.sql.catalog.dev=org.apache.iceberg.spark.SparkCatalog",
                        "spark.sql.catalog.dev.type=rest",
                        "spark.sql.catalog.dev.uri=" + server.uri(),
                        "spark.sql.catalog.dev.warehouse=dev",
                        "spark.sql.catalog.empty=org.apache.iceberg.spark.SparkCatalog",
                        "spark.sql.catalog.empty.type=rest",
                        "spark.sql.catalog.empty.uri=" + server.uri(),
                        "spark.sql.catalog.empty.warehouse=empty");
        spark.sql("create namespace tarn.lab");
        spark.sql("create namespace dev.lab");
    }

    @AfterAll
    static void stop() {
        spark.close();
        server.close();
    }

    private static List<String> rows(String sql) {
        return server.workshop().rows(sql);
    }

    private static void orders(String name, int formatVersion) {
        spark.sql(
                "create table tarn.lab.%s (id bigint, name string, amount decimal(10,2)) using iceberg tblproperties ('format-version'='%d', %s)"
                        .formatted(name, formatVersion, MERGE_ON_READ));
        spark.sql(
                "insert into tarn.lab.%s select id, concat('n', id), id from range(1, 101)"
                        .formatted(name));
    }

    private static void change(String name) {
        spark.sql(
                "merge into tarn.lab.%1$s t using (select id, 'merged' as name, cast(0.5 as decimal(10,2)) as amount from range(99, 103)) s on t.id = s.id when matched then update set * when not matched then insert *"
                        .formatted(name));
        spark.sql("delete from tarn.lab.%s where id between 2 and 90".formatted(name));
        spark.sql("update tarn.lab.%s set name = 'updated' where id = 1".formatted(name));
    }

    private static final List<String> CHANGED =
            List.of(
                    "1|updated|1.00",
                    "91|n91|91.00",
                    "92|n92|92.00",
                    "93|n93|93.00",
                    "94|n94|94.00",
                    "95|n95|95.00",
                    "96|n96|96.00",
                    "97|n97|97.00",
                    "98|n98|98.00",
                    "99|merged|0.50",
                    "100|merged|0.50",
                    "101|merged|0.50",
                    "102|merged|0.50");

    private static void assertChanged(String name) {
        String all = "select id, name, amount from %slab." + name + " order by id";
        assertThat(spark.sql(all.formatted("tarn."))).isEqualTo(CHANGED);
        assertThat(rows(all.formatted(""))).isEqualTo(CHANGED);
    }

    @Test
    void rowsThatSparkMergesAndDeletesWithVectorsAreThoseTarnReads() {
        orders("third", 3);
        change("third");
        assertChanged("third");
        assertThat(spark.sql("select distinct file_format from tarn.lab.third.delete_files"))
                .containsExactly("PUFFIN");
    }

    @Test
    void rowsThatSparkDeletesWithPositionFilesAreGoneForTarnToo() {
        orders("second", 2);
        change("second");
        assertChanged("second");
        assertThat(spark.sql("select distinct file_format from tarn.lab.second.delete_files"))
                .containsExactly("PARQUET");
    }

    @Test
    void whatSparkCompactsStaysTheSame() {
        orders("compacted", 3);
        change("compacted");
        List<String> identities =
                spark.sql("select id, _row_id from tarn.lab.compacted order by id");
        spark.sql(
                "call tarn.system.rewrite_data_files(table => 'lab.compacted', options => map('rewrite-all', 'true'))");
        assertThat(spark.sql("select count(*) from tarn.lab.compacted.files")).containsExactly("1");
        assertThat(spark.sql("select id, _row_id from tarn.lab.compacted order by id"))
                .isEqualTo(identities);
        assertChanged("compacted");
        spark.sql("call tarn.system.rewrite_manifests('lab.compacted')");
        spark.sql(
                "call tarn.system.expire_snapshots(table => 'lab.compacted', older_than => timestamp '2100-01-01 00:00:00', retain_last => 1)");
        assertChanged("compacted");
    }

    @Test
    void tablesOfTarnAreReadAndExtended() {
        server.workshop()
                .put(
                        "models/gold.sql",
                        """
                        {{ config(partition_by=['region']) }}
                        select i::bigint as id, case when i % 2 = 0 then 'north' else 'south' end as region,
                            (i / 4)::decimal(10, 2) as amount, timestamp '2026-01-01' + interval (i) hour as at,
                            [i, i + 1] as numbers, {'a': i, 'b': 'x' || i} as pair
                        from range(1, 5) t(i)
                        """)
                .build();
        assertThat(
                        spark.sql(
                                "select id, region, amount, at, numbers[1], pair.b from tarn.main.gold order by id"))
                .containsExactly(
                        "1|south|0.25|2026-01-01T01:00|2|x1",
                        "2|north|0.50|2026-01-01T02:00|3|x2",
                        "3|south|0.75|2026-01-01T03:00|4|x3",
                        "4|north|1.00|2026-01-01T04:00|5|x4");
        spark.sql("delete from tarn.main.gold where region = 'south' and id = 3");
        spark.sql(
                "insert into tarn.main.gold select 9, 'west', 9, at, numbers, pair from tarn.main.gold where id = 1");
        assertThat(server.workshop().reopen().rows("select id, region from main.gold order by id"))
                .containsExactly("1|south", "2|north", "4|north", "9|west");
    }

    @Test
    void aBranchIsACatalogForSpark() {
        spark.sql("create table dev.lab.only as select 1 as one");
        assertThat(spark.sql("select * from dev.lab.only")).containsExactly("1");
        assertThat(server.workshop().rows("select * from lab.only", "dev")).containsExactly("1");
        assertThatThrownBy(() -> spark.sql("select * from tarn.lab.only"))
                .isInstanceOf(Spark.Refused.class)
                .hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
        assertThatThrownBy(() -> spark.sql("create namespace empty.lab"))
                .isInstanceOf(Spark.Refused.class)
                .hasMessageContaining("'empty' is a tag and never changes.");
    }

    @Test
    void schemasPartitionsAndTimeGoOn() {
        spark.sql("create table tarn.lab.evolving (id int, day date) using iceberg");
        spark.sql("insert into tarn.lab.evolving values (1, date '2026-01-01')");
        spark.sql("alter table tarn.lab.evolving add column note string");
        spark.sql("alter table tarn.lab.evolving alter column id type bigint");
        spark.sql("alter table tarn.lab.evolving rename column day to moment");
        spark.sql("alter table tarn.lab.evolving add partition field months(moment)");
        spark.sql("insert into tarn.lab.evolving values (3000000000, date '2026-02-01', 'late')");
        assertThat(rows("select id, moment, note from lab.evolving order by id"))
                .containsExactly("1|2026-01-01|null", "3000000000|2026-02-01|late");
        String first =
                spark.sql(
                                "select snapshot_id from tarn.lab.evolving.snapshots order by committed_at")
                        .getFirst();
        assertThat(spark.sql("select count(*) from tarn.lab.evolving version as of " + first))
                .containsExactly("1");
        spark.sql("create or replace table tarn.lab.evolving as select 'new' as word");
        assertThat(rows("select * from lab.evolving")).containsExactly("new");
    }

    @Test
    void viewsOfSparkAreKeptForSpark() {
        spark.sql("create table tarn.lab.seen as select 7 as seven");
        spark.sql("create view tarn.lab.shown as select seven + 1 as eight from tarn.lab.seen");
        assertThat(spark.sql("select * from tarn.lab.shown")).containsExactly("8");
        spark.sql("drop view tarn.lab.shown");
        assertThatThrownBy(() -> spark.sql("select * from tarn.lab.shown"))
                .isInstanceOf(Spark.Refused.class);
    }

    @Test
    void theHistoryNamesSpark() {
        spark.sql("create table tarn.lab.told as select 1 as one");
        assertThat(server.workshop().tarn().publications(RefName.MAIN, 50))
                .extracting(Publication::message)
                .anyMatch(m -> m.matches("create lab\\.told with rows by spark 4\\.1\\.\\d+"));
    }
}
