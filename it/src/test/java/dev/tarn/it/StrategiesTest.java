package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.run.RunReport;
import java.nio.file.Path;
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

    private java.util.List<String> words() {
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
    void aMaterializedViewIsATableThatSaysSo() {
        shop.put("models/t.sql", "{{ config(materialized='materialized_view') }} select 1 as id");
        RunReport report = build();
        assertThat(report.tasks().stream().map(t -> t.message().orElse("")).toList())
                .contains("materialized view, kept as a table");
    }
}
