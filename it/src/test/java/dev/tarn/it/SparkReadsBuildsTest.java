package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.At;
import dev.tarn.app.MaintainRequest;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What whole builds, statements and upkeep leave behind, read by Spark. */
final class SparkReadsBuildsTest {
    @TempDir static Path folder;
    private static Spark spark;

    @BeforeAll
    static void startSpark() {
        spark = Spark.start(folder);
    }

    @AfterAll
    static void stopSpark() {
        spark.close();
    }

    private static void sql(Workshop shop, String text) {
        shop.tarn().execute(SqlText.ofFile(text, "sql"), RefName.MAIN, new Cancellation());
    }

    private static String home(Workshop shop, String table) {
        return shop.tarn().table(TableName.parse(table), At.MAIN).state().orElseThrow().location();
    }

    private static String metadata(Workshop shop, String table) {
        return shop.tarn()
                .table(TableName.parse(table), At.MAIN)
                .state()
                .orElseThrow()
                .pointer()
                .metadataLocation();
    }

    private static List<String> delta(String home, String sql, String... options) {
        return spark.read("delta", home, sql, options);
    }

    @Test
    void documentsThatWereIngestedAreVariantsInBothFormats() {
        try (Workshop shop = VariantTest.events(folder.resolve("variants"))) {
            shop.build();
            String parts =
                    "select id, schema_of_variant(payload), try_variant_get(payload, '$.customer.name', 'string'), try_variant_get(payload, '$.items[0].price', 'double') from t order by id";
            List<String> expected =
                    List.of(
                            "1|OBJECT<customer: OBJECT<name: STRING>, items: ARRAY<OBJECT<price: DOUBLE>>, paid: BOOLEAN>|Ann|1.5",
                            "2|OBJECT<customer: OBJECT<name: STRING>, items: ARRAY<VOID>, note: STRING, paid: BOOLEAN>|Bob|null",
                            "3|STRING|null|null");
            for (String table : List.of("bronze.events", "main.newest")) {
                assertThat(spark.read("iceberg", metadata(shop, table), parts))
                        .as(table)
                        .isEqualTo(expected);
                assertThat(delta(home(shop, table), parts)).as(table).isEqualTo(expected);
            }
        }
    }

    @Test
    void theChangeFeedOfDeltaTellsUpdatesAsSuch() {
        try (Workshop shop = new Workshop(folder.resolve("feed"))) {
            sql(
                    shop,
                    "create table s.t (id bigint, \"No te\" varchar) with ('tarn.change-feed' = 'true')");
            sql(shop, "insert into s.t values (1, 'a'), (2, 'b'), (3, 'c')");
            sql(
                    shop,
                    "merge into s.t using (values (1, 'A'), (4, 'd')) as n(id, note) on t.id = n.id when matched then update set \"No te\" = n.note when not matched then insert values (n.id, n.note)");
            sql(shop, "alter table s.t rename column \"No te\" to remark");
            sql(shop, "update s.t set remark = 'BB' where id = 2; delete from s.t where id = 3");
            sql(shop, "delete from s.t where id = 4");
            String changes =
                    "select _change_type, _commit_version, id, remark from t order by _commit_version, id, _change_type desc";

            assertThat(
                            delta(
                                    home(shop, "s.t"),
                                    changes,
                                    "readChangeFeed",
                                    "true",
                                    "startingVersion",
                                    "3"))
                    .containsExactly(
                            "update_preimage|4|2|b",
                            "update_postimage|4|2|BB",
                            "delete|4|3|c",
                            "delete|5|4|d");
            assertThat(
                            delta(
                                    home(shop, "s.t"),
                                    changes.replace("remark", "`No te`"),
                                    "readChangeFeed",
                                    "true",
                                    "startingVersion",
                                    "1",
                                    "endingVersion",
                                    "2"))
                    .containsExactly(
                            "insert|1|1|a",
                            "insert|1|2|b",
                            "insert|1|3|c",
                            "update_preimage|2|1|a",
                            "update_postimage|2|1|A",
                            "insert|2|4|d");
            assertThat(delta(home(shop, "s.t"), "select * from t order by id"))
                    .containsExactly("1|A", "2|BB");
        }
    }

    @Test
    void logsThatUpkeepShortenedAreReadFromTheirCheckpointOn() throws Exception {
        Path root = folder.resolve("log");
        try (Workshop shop =
                new Workshop(root)
                        .put(
                                "tarn.yml",
                                "upkeep: {mode: off, history: 1ms, snapshot_age: 1ms, snapshots_kept: 1, orphan_age: 1ms}\n")
                        .reopen()) {
            sql(shop, "create table s.t (id bigint, w varchar) with ('tarn.change-feed' = 'true')");
            for (int i = 0; i < 24; i++) {
                sql(
                        shop,
                        "insert into s.t values (%1$d, 'x'); update s.t set w = 'y%1$d' where id = %1$d - 1"
                                .formatted(i));
            }
            sql(shop, "create table s.c clone s.t; update s.c set w = 'clone' where id = 3");
            List<String> rows = shop.rows("from s.t order by id");

            shop.tarn()
                    .maintain(
                            new MaintainRequest(
                                    RefName.MAIN,
                                    List.of(),
                                    Duration.ofMinutes(1),
                                    Long.MAX_VALUE,
                                    true),
                            done -> {},
                            () -> false);

            String home = home(shop, "s.t");
            assertThat(Path.of(home, "_delta_log", "%020d.json".formatted(0))).doesNotExist();
            assertThat(delta(home, "select * from t order by id")).isEqualTo(rows);
            assertThat(spark.read("iceberg", metadata(shop, "s.t"), "select * from t order by id"))
                    .isEqualTo(rows);
            assertThatThrownBy(() -> delta(home, "select * from t", "versionAsOf", "3"))
                    .isInstanceOf(Spark.Refused.class);
            sql(shop, "insert into s.t values (100, 'after')");
            assertThat(delta(home, "select count(*) from t")).containsExactly("25");
            assertThat(delta(home, "select count(*) from t", "versionAsOf", "24"))
                    .containsExactly("24");
            try (Stream<Path> clones = Files.list(Path.of(home, "_clones"))) {
                String clone = clones.findFirst().orElseThrow().toString();
                assertThat(delta(clone, "select count(*), count_if(w = 'clone') from t"))
                        .containsExactly("24|1");
            }
        }
    }
}
