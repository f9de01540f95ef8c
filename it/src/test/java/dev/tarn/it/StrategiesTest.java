package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tarn.app.At;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.refs.ChangeFeed.Grain;
import dev.tarn.refs.ChangedRows;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways in which incremental models take new rows, as dbt names them. */
final class StrategiesTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        rows("1,a,2026-01-01", "2,b,2026-01-02");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private void rows(String... rows) {
        shop.put("seeds/raw.csv", "id,word,day\n" + String.join("\n", rows) + "\n");
    }

    private void model(String config) {
        shop.put(
                "models/t.sql",
                "{{ config(materialized='incremental', %s) }}\nselect * from {{ ref('raw') }}"
                        .formatted(config));
    }

    private RunReport build() {
        RunReport report = shop.build();
        assertThat(Workshop.told(report.problems())).isEmpty();
        return report;
    }

    private List<String> words() {
        return shop.rows("select id, word from main.t order by all");
    }

    @Test
    void oldRowsWithTheKeysOfNewOnesAreDeletedThenAllNewOnesInserted() {
        model("incremental_strategy='delete+insert', unique_key='id'");
        build();
        rows("2,x,2026-01-03", "2,y,2026-01-03", "3,z,2026-01-03");
        build();
        assertThat(words()).containsExactly("1|a", "2|x", "2|y", "3|z");
    }

    @Test
    void predicatesSpeakOfOldRows() {
        model(
                "incremental_strategy='delete+insert', unique_key=['id'],"
                        + " incremental_predicates=[\"DBT_INTERNAL_DEST.word <> 'b'\"]");
        build();
        rows("1,x,2026-01-03", "2,y,2026-01-03");
        build();
        assertThat(words()).containsExactly("1|x", "2|b", "2|y");
    }

    @Test
    void aMergeChangesOnlyTheColumnsItIsToldTo() {
        model("unique_key='id', merge_update_columns=['word']");
        build();
        rows("1,x,2027-01-01", "3,z,2027-01-03");
        build();
        assertThat(shop.rows("select id, word, day from main.t order by id"))
                .containsExactly("1|x|2026-01-01", "2|b|2026-01-02", "3|z|2027-01-03");
        model("unique_key='id', merge_exclude_columns=['word']");
        rows("1,q,2028-01-01");
        build();
        assertThat(shop.rows("select id, word, day from main.t where id = 1"))
                .containsExactly("1|x|2028-01-01");
    }

    private String refusal() {
        return Workshop.told(catchThrowableOfType(TarnException.class, shop::build));
    }

    @Test
    void predicatesCompareOldRowsWithNewOnes() {
        for (String strategy : List.of("delete+insert", "merge")) {
            shop.put("models/t.sql", "select 0 as gone");
            build();
            rows("1,a,2026-01-01", "2,b,2026-01-02");
            model(
                    "incremental_strategy='"
                            + strategy
                            + "', unique_key='id', incremental_predicates=["
                            + "'DBT_INTERNAL_SOURCE.day > DBT_INTERNAL_DEST.day']");
            shop.build(Workshop.full());
            rows("1,x,2025-01-01", "2,y,2027-01-01");
            build();
            assertThat(words()).as(strategy).containsExactly("1|a", "1|x", "2|y");
        }
    }

    @Test
    void aMergeSaysWhichRowsChangeAndWhatTheyBecome() {
        model(
                "incremental_strategy='merge', unique_key='id',"
                        + " merge_update_condition='DBT_INTERNAL_SOURCE.day > DBT_INTERNAL_DEST.day',"
                        + " merge_insert_condition='DBT_INTERNAL_SOURCE.id < 10',"
                        + " merge_update_set_expressions={'word':"
                        + " 'DBT_INTERNAL_DEST.word || DBT_INTERNAL_SOURCE.word'}");
        build();
        rows("1,x,2025-01-01", "2,y,2027-01-01", "3,z,2027-01-01", "10,no,2027-01-01");
        build();
        assertThat(shop.rows("select id, word, day from main.t order by all"))
                .containsExactly("1|a|2026-01-01", "2|by|2027-01-01", "3|z|2027-01-01");
    }

    private List<String> changes(String table, long since) {
        List<String> told = new ArrayList<>();
        try (ChangedRows rows =
                shop.tarn()
                        .states()
                        .changes(
                                new TableName("main", table),
                                At.parse("main@" + since),
                                At.MAIN,
                                List.of(),
                                Grain.VERSIONS,
                                new Cancellation())) {
            while (rows.next()) {
                StringBuilder row = new StringBuilder(String.valueOf(rows.value(0)));
                for (int i = 4; i < rows.schema().fields().size(); i++) {
                    row.append('|').append(rows.value(i));
                }
                told.add(row.toString());
            }
        }
        return told;
    }

    @Test
    void aVersionThatEndsIsTheSameRowWithAnEnd() {
        shop.put(
                "snapshots/s.sql",
                """
                {% snapshot s %}
                {{ config(unique_key='id', strategy='timestamp', updated_at='day') }}
                select id, word, day from {{ ref('raw') }}
                {% endsnapshot %}
                """);
        long before = shop.build().run().publication().orElseThrow().value();
        rows("1,a,2026-01-01", "2,x,2026-02-02");
        build();
        assertThat(
                        changes("s", before).stream()
                                .map(r -> r.split("\\|"))
                                .map(r -> String.join("|", r[0], r[1], r[2], r[r.length - 1]))
                                .toList())
                .containsExactly(
                        "update_before|2|b|null",
                        "update_after|2|b|2026-02-02",
                        "inserted|2|x|null");
    }

    @Test
    void rowsThatChangeKeepTheirIds() {
        for (String strategy : List.of("delete+insert", "merge")) {
            rows("1,a,2026-01-01", "2,b,2026-01-02");
            model("incremental_strategy='" + strategy + "', unique_key='id'");
            long before = shop.build(Workshop.full()).run().publication().orElseThrow().value();
            rows("2,x,2026-01-03", "3,z,2026-01-03");
            build();
            assertThat(words()).containsExactly("1|a", "2|x", "3|z");
            assertThat(changes("t", before))
                    .as(strategy)
                    .containsExactly(
                            "update_before|2|b|2026-01-02",
                            "update_after|2|x|2026-01-03",
                            "inserted|3|z|2026-01-03");
        }
    }

    @Test
    void tablesOfFormatTwoTakeRowsInEveryWay() {
        for (String strategy :
                List.of(
                        "delete+insert', unique_key='id",
                        "merge', unique_key='id",
                        "microbatch', batch_size='year', begin='2026-01-01")) {
            rows("1,a,2026-01-01", "2,b,2026-01-02");
            shop.put(
                    "seeds/seeds.yml",
                    "version: 2\nseeds: [{name: raw, config: {event_time: day}}]\n");
            model(
                    "table_properties={'format-version': '2'}, event_time='day',"
                            + " incremental_strategy='"
                            + strategy
                            + "'");
            shop.build(Workshop.full());
            rows("2,x,2026-01-03", "3,z,2026-01-03");
            build();
            assertThat(words())
                    .as(strategy)
                    .containsAll(List.of("2|x", "3|z"))
                    .doesNotContain("2|b");
        }
    }

    @Test
    void nullIsNoKeyAndDoublesAreToldOrTakenAsTheStrategySays() {
        model("unique_key='id'");
        rows(",none,2026-01-01", "1,a,2026-01-01");
        build();
        rows(",more,2026-01-01", "1,x,2026-01-02", "1,y,2026-01-02");
        build();
        assertThat(words()).containsExactly("1|x", "1|y", "null|more", "null|none");

        rows("1,a,2026-01-01", "2,b,2026-01-02");
        model("incremental_strategy='merge', unique_key='id'");
        shop.build(Workshop.full());
        rows("1,x,2026-01-02", "1,y,2026-01-02", "7,p,2026-01-02", "7,q,2026-01-02");
        assertThat(Workshop.told(shop.build().problems()))
                .isEqualTo(
                        "models/t.sql:1:1: 2 rows want to change the same row of main.t: {'id': 1,"
                                + " 'word': a, 'day': 2026-01-01}. Let each row match at most once,"
                                + " with a GROUP BY or QUALIFY row_number() in the source for"
                                + " example. [MERGE_AMBIGUOUS]");
    }

    @Test
    void anExpressionMayBeTheKey() {
        model("unique_key=\"id || '-' || day\"");
        build();
        rows("1,x,2026-01-01", "2,y,2026-01-03");
        build();
        assertThat(words()).containsExactly("1|x", "2|b", "2|y");
    }

    @Test
    void aKeyThatIsNotThereIsToldBeforeAnythingRuns() {
        shop.put(
                "models/t.sql",
                """
                {{ config(materialized='incremental',
                          unique_key=['id', 'dya']) }}
                select * from {{ ref('raw') }}
                """);
        shop.put(
                "models/u.sql",
                """
                {{ config(materialized='incremental', unique_key="lower(wrod)") }}
                select * from {{ ref('raw') }}
                """);
        shop.put(
                "models/w.sql",
                """
                {{ config(materialized='incremental', incremental_strategy='microbatch',
                          event_time='at', batch_size='day', begin='2026-01-01') }}
                select * from {{ ref('raw') }}
                """);
        assertThat(refusal())
                .isEqualTo(
                        """
                        models/t.sql:1:4: unique_key names 'dya', which is not a column of t. Did you mean 'day'? [COLUMN_NOT_FOUND]
                        models/u.sql:1:4: unique_key of u: Column 'wrod' does not exist. Did you mean 'word'? [COLUMN_NOT_FOUND]
                        models/w.sql:1:1: event_time names 'at', which is not a column of w. [COLUMN_NOT_FOUND]\
                        """);
    }

    @Test
    void whatAMergeCannotDoIsToldBeforeAnythingRuns() {
        shop.put(
                "models/v.sql",
                """
                {{ config(materialized='incremental', incremental_strategy='merge',
                          unique_key="lower(word)",
                          merge_update_columns=['word'], merge_exclude_columns=['day']) }}
                select * from {{ ref('raw') }}
                """);
        assertThat(refusal())
                .isEqualTo(
                        """
                        models/v.sql:1:4: Model 'v' has merge_update_columns and merge_exclude_columns. Keep one of them. [CONFIG_INVALID]
                        models/v.sql:1:4: unique_key of model 'v' is lower(word), and a merge needs columns. Name columns, add one to the query, or use the strategy delete+insert. [CONFIG_INVALID]\
                        """);
    }

    @Test
    void aMergeWithoutAKeyAddsEverythingAsInDbt() {
        model("incremental_strategy='merge'");
        build();
        build();
        rows("1,x,2026-01-01");
        build();
        assertThat(words()).containsExactly("1|a", "1|a", "1|x", "2|b", "2|b");
    }

    @Test
    void aModelMayRefuseOrDemandToBeBuiltAnew() {
        model("unique_key='id', full_refresh=false");
        build();
        rows("3,z,2026-01-03");
        assertThat(Workshop.told(shop.build(Workshop.full()).problems())).isEmpty();
        assertThat(words()).containsExactly("1|a", "2|b", "3|z");
        model("unique_key='id', full_refresh=true");
        build();
        assertThat(words()).containsExactly("3|z");
    }

    @Test
    void periodsAreReplacedOneByOne() {
        shop.put(
                "seeds/seeds.yml", "version: 2\nseeds: [{name: raw, config: {event_time: day}}]\n");
        shop.put(
                "models/t.sql",
                """
                {{ config(materialized='incremental', incremental_strategy='microbatch',
                          event_time='day', batch_size='year', begin='2020-01-01', lookback=1) }}
                select day, count(*) over () as id, word from {{ ref('raw') }}
                """);
        rows("1,a,2020-03-01", "2,b,2021-03-01", "3,c,2021-04-01");
        build();
        assertThat(shop.rows("select day, id, word from main.t order by day"))
                .containsExactly("2020-03-01|1|a", "2021-03-01|2|b", "2021-04-01|2|c");
        rows("1,x,2020-03-01");
        build();
        assertThat(words()).as("only the last periods are looked at again").contains("1|a");
    }

    @Test
    void aMaterializedViewSaysHowItWasMade() {
        shop.put("models/t.sql", "{{ config(materialized='materialized_view') }} select 1 as id");
        RunReport report = build();
        assertThat(report.tasks().stream().map(t -> t.message().orElse("")).toList())
                .contains("materialized view, made whole");
    }
}
