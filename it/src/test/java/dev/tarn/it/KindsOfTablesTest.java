package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.At;
import dev.tarn.app.Executed;
import dev.tarn.app.MaintainRequest;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Permanent, transient and temporary tables, and clones of schemas. */
final class KindsOfTablesTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private Executed sql(String sql) {
        return sql(sql, "main");
    }

    private Executed sql(String sql, String ref) {
        return shop.tarn()
                .execute(SqlText.ofFile(sql, "sql"), new RefName(ref), new Cancellation());
    }

    private String newest() {
        return "main@" + shop.tarn().publications(RefName.MAIN, 1).getFirst().id().value();
    }

    @Test
    void aTemporaryTableLastsAsLongAsItsStatements() {
        sql(
                """
                create temp table work as select i from range(5) t(i);
                create temporary view few as select * from work where i < 2;
                create table s.t as select * from few;
                """);
        assertThat(shop.rows("select count(*) from s.t")).containsExactly("2");
        assertThat(shop.tarn().tableNames(At.MAIN)).containsExactly(new TableName("s", "t"));
        assertThat(shop.tarn().publications(RefName.MAIN, 1).getFirst().message())
                .startsWith("sql: create temp table");
    }

    @Test
    void aSchemaIsClonedWithoutCopyingItsFiles() throws IOException {
        sql(
                """
                create table gold.a as select i from range(5) t(i);
                create table gold.b as select i from range(3) t(i);
                create view gold.v as select * from gold.a where i > 2;
                """);
        long files = files();
        String then = newest();
        sql("delete from gold.a where i = 0");
        shop.tarn().states().copySchema(RefName.MAIN, "gold", At.parse(then), "lab");
        assertThat(shop.rows("select count(*) from lab.a")).containsExactly("5");
        assertThat(shop.rows("select count(*) from gold.a")).containsExactly("4");
        assertThat(files()).isEqualTo(files);
        sql("insert into lab.b values (9)");
        assertThat(shop.rows("select count(*) from gold.b")).containsExactly("3");
        assertThatThrownBy(
                        () -> shop.tarn().states().copySchema(RefName.MAIN, "gold", At.MAIN, "lab"))
                .hasMessageContaining("lab.a");
        assertThatThrownBy(() ->
                        shop.tarn().states().copySchema(RefName.MAIN, "none", At.MAIN, "lab2"))
                .hasMessageContaining("none");
    }

    @Test
    void aTableIsClonedInSqlWithoutCopyingItsFiles() throws IOException {
        sql("create table gold.a comment 'the first' as select i from range(5) t(i)");
        String then = newest().replace("main@", "");
        sql("delete from gold.a where i < 2; create view gold.v as select 1 as i");
        long files = files();
        sql(
                """
                create table lab.now clone gold.a;
                create table lab.before clone gold.a at (version => %s);
                create or replace table lab.before shallow clone gold.a version as of %s;
                create table if not exists lab.now clone gold.v;
                create table lab.branch clone gold.a at (ref => 'main');
                """
                        .formatted(then, then));
        assertThat(shop.rows("select count(*) from lab.now")).containsExactly("3");
        assertThat(shop.rows("select count(*) from lab.before")).containsExactly("5");
        assertThat(shop.rows("select count(*) from lab.branch")).containsExactly("3");
        assertThat(files()).isEqualTo(files);
        sql("insert into lab.now values (9)");
        assertThat(shop.rows("select count(*) from gold.a")).containsExactly("3");

        assertThatThrownBy(() -> sql("create table lab.now clone gold.a"))
                .hasMessageContaining("lab.now");
        assertThatThrownBy(() -> sql("create table lab.v clone gold.v"))
                .hasMessageEndingWith(
                        "gold.v is a view, which has no rows to share. Make another view: CREATE VIEW … AS SELECT * FROM gold.v. [SQL_INVALID]");
        assertThatThrownBy(() -> sql("create table lab.o clone gold.a at (version => 0)"))
                .hasMessageContaining("There is no gold.a at version 0")
                .hasMessageContaining("The oldest version that is kept is " + then);
        assertThatThrownBy(() -> sql("create table lab.o clone gold.a timestamp as of 'soon'"))
                .hasMessageContaining(
                        "Here a time such as '2026-11-21 10:00:00' is expected, not ''soon''.");
        assertThatThrownBy(() -> sql("create temp table x clone gold.a"))
                .hasMessageContaining("A clone that is temporary or transient cannot be executed.");
    }

    @Test
    void aTransientModelKeepsNoHistory() {
        shop.put("models/t.sql", "{{ config(transient=true) }} select 1 as i").build();
        assertThat(
                        shop.tarn()
                                .table(TableName.parse("main.t"), At.MAIN)
                                .state()
                                .orElseThrow()
                                .definition()
                                .properties()
                                .get("tarn.history"))
                .isEqualTo("none");
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve(".tarn/warehouse/tables"))) {
            return all.filter(f -> f.toString().endsWith(".parquet")).count();
        }
    }

    @Test
    void aTransientTableKeepsNoOlderStateButThoseThatSomethingRestsOn() throws IOException {
        sql(
                """
                create transient table s.t as select i from range(5) t(i);
                create table s.kept as select i from range(5) t(i);
                """);
        String first = newest();
        shop.tarn().states().createTag(new RefName("tagged"), At.MAIN);
        for (int i = 0; i < 3; i++) {
            sql("create or replace transient table s.t as select %d as i".formatted(i));
            sql("insert into s.kept values (7)");
        }
        String third = newest();
        sql("create or replace transient table s.t as select 99 as i");
        shop.close();
        try (Tarn later = later(Duration.ofHours(2))) {
            maintain(later);
        }
        shop = new Workshop(folder);
        assertThat(shop.rows("from s.t")).containsExactly("99");
        assertThat(shop.rows("select count(*) from s.t", "tagged")).containsExactly("5");
        assertThat(shop.rows("select count(*) from s.kept", third)).containsExactly("8");
        assertThat(shop.rows("select count(*) from s.kept", first)).containsExactly("5");
        assertThatThrownBy(() -> shop.rows("from s.t", third))
                .hasMessageMatching(
                        "There is no s\\.t at version \\d+, as seen from main\\. The oldest version that is kept is \\d+, of .* \\[PUBLICATION_NOT_FOUND\\]");
        TableName name = TableName.parse("s.t");
        assertThatThrownBy(() -> shop.tarn().states().restore(RefName.MAIN, name, At.parse(third)))
                .hasMessageContaining("The oldest version that is kept is ");
        assertThatThrownBy(() ->
                        shop.tarn().states().copySchema(RefName.MAIN, "s", At.parse(third), "c"))
                .hasMessageContaining("There is no s.t at version");
        assertThat(shop.rows("select i + 0 from s.t")).containsExactly("99");
    }

    @Test
    void aTableMaySayHowLongItsStatesAreKept() {
        sql(
                """
                create table s.t with ('tarn.history' = '3h') as select 1 as i;
                """);
        String first = newest();
        sql("create or replace table s.t with ('tarn.history' = '3h') as select 2 as i");
        shop.close();
        try (Tarn later = later(Duration.ofHours(2))) {
            maintain(later);
        }
        shop = new Workshop(folder);
        assertThat(shop.rows("from s.t", first)).containsExactly("1");
        shop.close();
        try (Tarn later = later(Duration.ofHours(4))) {
            maintain(later);
        }
        shop = new Workshop(folder);
        assertThat(shop.rows("from s.t")).containsExactly("2");
        assertThatThrownBy(() -> shop.rows("select i + 0 from s.t", first))
                .hasMessageContaining("The oldest version that is kept is ");
        sql("create table s.wrong with ('tarn.history' = 'always') as select 1 as i");
        assertThatThrownBy(() -> maintain(shop.tarn()))
                .hasMessageContaining("tarn.history")
                .hasMessageContaining("none, or a time such as 30m, 12h or 3d");
    }

    private Tarn later(Duration by) {
        return Tarn.open(
                new OpenRequest(
                        folder,
                        Optional.empty(),
                        Map.of(),
                        Optional.empty(),
                        System.getenv(),
                        Clock.offset(Clock.systemUTC(), by),
                        note -> {}));
    }

    private static void maintain(Tarn tarn) {
        tarn.maintain(
                new MaintainRequest(
                        RefName.MAIN, List.of(), Duration.ofMinutes(5), Long.MAX_VALUE, true),
                done -> {},
                () -> false);
    }
}
