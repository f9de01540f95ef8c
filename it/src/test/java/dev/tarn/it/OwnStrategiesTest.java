package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tarn.model.TarnException;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that meet their old rows in ways of their own: by a macro, or in their query. */
final class OwnStrategiesTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        rows("1,a", "2,b");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private void rows(String... rows) {
        shop.put("seeds/raw.csv", "id,word\n" + String.join("\n", rows) + "\n");
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
    void aMacroOfTheProjectIsAStrategy() {
        model("incremental_strategy='insert_only', unique_key='id'");
        shop.put(
                "macros/insert_only.sql",
                """
                {% macro get_incremental_insert_only_sql(arg_dict) %}
                  insert into {{ arg_dict['target_relation'] }}
                  select * from {{ arg_dict['temp_relation'] }} as n
                  where n.{{ arg_dict['unique_key'] }} not in (select id from {{ arg_dict['target_relation'] }})
                  {{ "and " ~ arg_dict['incremental_predicates'] | join(' and ') if arg_dict['incremental_predicates'] }}
                {% endmacro %}
                """);
        build();
        rows("2,x", "3,c");
        build();
        assertThat(words()).containsExactly("1|a", "2|b", "3|c");
    }

    @Test
    void theProjectMayReplaceHowRowsAreAdded() {
        model("incremental_strategy='append'");
        shop.put(
                "macros/append.sql",
                """
                {% macro default__get_incremental_append_sql(arg_dict) %}
                  insert into {{ arg_dict['target_relation'] }}
                  select id, upper(word) from {{ arg_dict['temp_relation'] }}
                {% endmacro %}
                """);
        build();
        rows("3,c");
        build();
        assertThat(words()).containsExactly("1|a", "2|b", "3|C");
    }

    @Test
    void theProjectsOwnMicrobatchIsCalledOnceForAllRows() {
        model(
                "incremental_strategy='microbatch', event_time='id', batch_size='day', begin='2026-01-01'");
        shop.put(
                "macros/periods.sql",
                """
                {% macro get_incremental_microbatch_sql(arg_dict) %}
                  insert into {{ arg_dict['target_relation'] }}
                  select id, 'own ' || word from {{ arg_dict['temp_relation'] }}
                {% endmacro %}
                """);
        build();
        rows("3,c");
        build();
        assertThat(words()).containsExactly("1|a", "2|b", "3|own c");
    }

    @Test
    void aMacroForSinglePeriodsIsRefused() {
        model(
                "incremental_strategy='microbatch', event_time='id', batch_size='day', begin='2026-01-01'");
        shop.put(
                "macros/periods.sql",
                "{% macro default__get_incremental_microbatch_sql(arg_dict) %}select 1{% endmacro %}");
        assertThat(catchThrowableOfType(TarnException.class, () -> shop.build()))
                .hasMessage(
                        "models/t.sql:1:4: A macro of the project would replace how single periods of"
                                + " 't' are written, which Tarn always does itself. Give the macro the"
                                + " name get_incremental_microbatch_sql, which is called once for all"
                                + " rows, or use a strategy with a name of its own. [UNSUPPORTED]");
    }

    @Test
    void aTableMayReadTheRowsItReplaces() {
        shop.put(
                "models/t.sql",
                """
                {{ config(materialized='table') }}
                {% set there = load_relation(this) %}
                select id, word from {{ ref('raw') }}
                {% if there %}union all select id + 10, word from {{ this }}{% endif %}
                """);
        build();
        assertThat(words()).containsExactly("1|a", "2|b");
        build();
        assertThat(words()).containsExactly("1|a", "2|b", "11|a", "12|b");
    }

    @Test
    void aTableThatReadsItselfIsMadeEachTime() {
        shop.put("models/t.sql", "{{ config(materialized='table') }}\nselect 1 as id, 'a' as word");
        build();
        shop.put(
                "models/t.sql",
                "{{ config(materialized='table') }}\nselect id + 1 as id, word from {{ this }}");
        build();
        assertThat(words()).containsExactly("2|a");
        RunReport again = build();
        assertThat(again.tasks().stream().map(t -> t.status())).contains(TaskStatus.SUCCEEDED);
        assertThat(words()).containsExactly("3|a");
    }

    @Test
    void aTableThatIsNotThereCannotReadItself() {
        shop.put("models/t.sql", "{{ config(materialized='table') }}\nselect * from {{ this }}");
        assertThat(catchThrowableOfType(TarnException.class, () -> shop.build()))
                .hasMessage(
                        "models/t.sql:2:15: 't' reads main.t, which it makes itself and which is not"
                                + " there yet. What it reads of its own rows goes inside {% if"
                                + " is_incremental() %}, with materialized='incremental'."
                                + " [TABLE_NOT_FOUND]");
    }

    @Test
    void whatAPluginReadsIsRefused() {
        shop.put(
                "models/s.yml",
                "sources: [{name: web, meta: {plugin: gsheet}, tables: [{name: sheet}]}]\n");
        shop.put("models/t.sql", "select * from {{ source('web', 'sheet') }}");
        RunReport report = shop.build();
        assertThat(Workshop.told(report.problems()))
                .isEqualTo(
                        "models/s.yml:1:38: The plugin 'gsheet' of dbt on DuckDB is a program for"
                                + " Python, which does not run here. Give the source files with"
                                + " 'external_location', or an 'ingest' block with a connector."
                                + " [UNSUPPORTED]");
    }
}
