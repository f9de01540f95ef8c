package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.run.RunStatus;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history of rows that a snapshot keeps. */
final class SnapshotTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        people("1,ann,berlin,2026-01-01", "2,bob,paris,2026-01-01", "3,cec,rome,2026-01-01");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private void people(String... rows) {
        shop.put("seeds/people.csv", "id,name,city,changed_at\n" + String.join("\n", rows) + "\n");
    }

    private void snapshot(String config) {
        shop.put(
                "snapshots/history.sql",
                """
                {%% snapshot history %%}
                {{ config(target_schema='kept', unique_key='id', %s) }}
                select * from {{ ref('people') }}
                {%% endsnapshot %%}
                """
                        .formatted(config));
    }

    private RunReport build() {
        RunReport report = shop.build();
        assertThat(Workshop.told(report.problems())).isEmpty();
        return report;
    }

    @Test
    void aChangeByTimeEndsOneVersionAndBeginsAnother() {
        snapshot("strategy='timestamp', updated_at='changed_at'");
        build();
        people("1,ann,madrid,2026-02-01", "2,bob,paris,2026-01-01", "4,dan,oslo,2026-02-02");
        build();

        assertThat(
                        shop.rows(
                                "select id, city, dbt_valid_from, dbt_valid_to, dbt_updated_at"
                                        + " from kept.history order by 1, 3"))
                .containsExactly(
                        "1|berlin|2026-01-01|2026-02-01|2026-01-01",
                        "1|madrid|2026-02-01|null|2026-02-01",
                        "2|paris|2026-01-01|null|2026-01-01",
                        "3|rome|2026-01-01|null|2026-01-01",
                        "4|oslo|2026-02-02|null|2026-02-02");
        assertThat(shop.rows("select count(distinct dbt_scd_id) from kept.history"))
                .containsExactly("5");
        assertThat(
                        shop.rows(
                                "select dbt_scd_id = md5('1|2026-01-01') from kept.history"
                                        + " where city = 'berlin'"))
                .containsExactly("true");
    }

    @Test
    void nothingNewChangesNothing() {
        snapshot("strategy='timestamp', updated_at='changed_at'");
        build();
        RunReport second = build();
        assertThat(second.run().status()).isEqualTo(RunStatus.UNCHANGED);
        assertThat(shop.rows("select count(*) from kept.history")).containsExactly("3");
    }

    @Test
    void aChangeOfValuesIsNoticedInTheColumnsThatAreChecked() {
        snapshot("strategy='check', check_cols=['city']");
        build();
        people("1,anna,berlin,2026-01-01", "2,bob,lyon,2026-01-01", "3,cec,rome,2026-01-01");
        build();

        assertThat(
                        shop.rows(
                                "select id, name, city, dbt_valid_to is null from kept.history"
                                        + " order by id, dbt_valid_from"))
                .containsExactly(
                        "1|ann|berlin|true",
                        "2|bob|paris|false",
                        "2|bob|lyon|true",
                        "3|cec|rome|true");
    }

    @Test
    void withAllColumnsCheckedANewColumnChangesEveryRow() {
        snapshot("strategy='check', check_cols='all'");
        build();
        shop.put("seeds/people.csv", "id,name,city,changed_at,age\n1,ann,berlin,2026-01-01,30\n");
        build();

        assertThat(
                        shop.rows(
                                "select id, age, dbt_valid_to is null from kept.history"
                                        + " order by id, dbt_valid_from"))
                .containsExactly("1|null|false", "1|30|true", "2|null|true", "3|null|true");
    }

    @Test
    void rowsThatAreGoneAreEndedWhenAskedFor() {
        snapshot("strategy='timestamp', updated_at='changed_at', hard_deletes='invalidate'");
        build();
        people("1,ann,berlin,2026-01-01");
        build();

        assertThat(shop.rows("select id from kept.history where dbt_valid_to is null"))
                .containsExactly("1");
        people("1,ann,berlin,2026-01-01", "2,bob,paris,2026-01-01");
        build();
        assertThat(shop.rows("select count(*) from kept.history where id = 2"))
                .containsExactly("2");
    }

    @Test
    void rowsThatAreGoneGetARecordThatSaysSo() {
        snapshot("strategy='timestamp', updated_at='changed_at', hard_deletes='new_record'");
        build();
        people("1,ann,berlin,2026-01-01", "2,bob,paris,2026-01-01");
        build();
        String all =
                "select id, dbt_is_deleted, dbt_valid_to is null from kept.history"
                        + " where id = 3 order by dbt_valid_from";
        assertThat(shop.rows(all)).containsExactly("3|False|false", "3|True|true");
        build();
        people("1,ann,berlin,2026-01-01", "2,bob,paris,2026-01-01", "3,cec,bari,2099-01-01");
        build();
        assertThat(shop.rows(all)).containsExactly("3|False|false", "3|True|false", "3|False|true");
    }

    @Test
    void aPropertyFileDeclaresASnapshotWithNamesAndAnEndOfItsOwn() {
        shop.put(
                "snapshots/all.yml",
                """
                snapshots:
                  - name: people_history
                    relation: ref('people')
                    config:
                      schema: kept
                      unique_key: [id, name]
                      strategy: timestamp
                      updated_at: changed_at
                      dbt_valid_to_current: "date '9999-12-31'"
                      snapshot_meta_column_names:
                        dbt_valid_from: since
                        dbt_valid_to: until
                        dbt_scd_id: version_id
                        dbt_updated_at: seen
                """);
        shop.put("models/now.sql", "select * from {{ ref('people_history') }} where until > since");
        build();
        people("1,ann,madrid,2026-02-01", "2,bob,paris,2026-01-01", "3,cec,rome,2026-01-01");
        build();

        assertThat(
                        shop.rows(
                                "select id, since, until from main_kept.people_history"
                                        + " where id < 3 order by id, since"))
                .containsExactly(
                        "1|2026-01-01|2026-02-01",
                        "1|2026-02-01|9999-12-31",
                        "2|2026-01-01|9999-12-31");
        assertThat(shop.rows("select count(*) from main.now")).containsExactly("4");
    }

    @Test
    void aSnapshotIsInTheTransactionOfItsRun() {
        snapshot("strategy='timestamp', updated_at='changed_at'");
        build();
        people("1,ann,madrid,2026-02-01");
        shop.put("tests/never.sql", "select * from {{ ref('history') }}");
        assertThat(shop.build().run().status()).isEqualTo(RunStatus.FAILED);
        assertThat(shop.rows("select count(*) from kept.history")).containsExactly("3");
    }

    @Test
    void whatASnapshotLacksIsToldBeforeAnythingRuns() {
        shop.put(
                "snapshots/history.sql",
                "{% snapshot history %}{{ config(strategy='check') }}select 1 as id{% endsnapshot %}");
        shop.put(
                "snapshots/other.sql",
                "{% snapshot other %}{{ config(unique_key='id', strategy='check', check_cols='v') }}select 1 as id{% endsnapshot %}");
        shop.put(
                "snapshots/table.sql",
                "{% snapshot table_of %}{{ config(unique_key='id', strategy='timestamp', updated_at='at', check_cols=['v'], materialized='table') }}select 1 as id{% endsnapshot %}");
        assertThat(
                        Workshop.told(
                                org.assertj.core.api.Assertions.catchThrowableOfType(
                                        dev.tarn.model.TarnException.class, () -> shop.build())))
                .isEqualTo(
                        """
                        snapshots/history.sql:1:1: Snapshot 'history' needs the setting 'check_cols', such as check_cols='all'. [CONFIG_INVALID]
                        snapshots/history.sql:1:1: Snapshot 'history' needs the setting 'unique_key', such as unique_key='id'. [CONFIG_INVALID]
                        snapshots/other.sql:1:24: Snapshot 'other' cannot have check_cols 'v': it is 'all' or a list of columns, such as check_cols=['v']. [CONFIG_INVALID]
                        snapshots/table.sql:1:27: Snapshot 'table_of' cannot be materialized as 'table'. Remove the setting 'materialized'. [CONFIG_INVALID]
                        snapshots/table.sql:1:27: Snapshot 'table_of' notices changes by time, so nothing is compared. Remove check_cols, or set strategy='check'. [CONFIG_INVALID]\
                        """);
    }
}
