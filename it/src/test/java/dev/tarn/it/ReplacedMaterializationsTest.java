package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tarn.model.TarnException;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Projects that say themselves how tests are judged and how histories are kept. */
final class ReplacedMaterializationsTest {
    private static final String JUDGE =
            """
            {% materialization test, default %}
              {%- call statement() -%}
                create or replace table main.judged_{{ model.alias }} as
                select '{{ config.get('severity') }} {{ config.get('fail_calc') }}' as w
              {%- endcall -%}
              {{ return(dbt.materialization_test_default()) }}
            {% endmaterialization %}
            """;

    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        shop.put("seeds/raw.csv", "id,word\n1,a\n2,b\n2,c\n");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private static TaskStatus status(RunReport report, String test) {
        return report.tasks().stream()
                .filter(t -> t.node().contains(test))
                .findFirst()
                .orElseThrow()
                .status();
    }

    @Test
    void aMacroOfTheProjectRunsTests() {
        shop.put("macros/judge.sql", JUDGE);
        shop.put(
                "seeds/raw.yml",
                "seeds: [{name: raw, columns: [{name: id, data_tests: [{unique: {name: once, config: {severity: warn}}}, {not_null: {name: there}}]}]}]\n");
        RunReport report = shop.build();
        assertThat(Workshop.told(report.problems())).isEmpty();
        assertThat(report.run().status()).isEqualTo(RunStatus.PUBLISHED);
        assertThat(status(report, "once")).isEqualTo(TaskStatus.WARNED);
        assertThat(status(report, "there")).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(report.verdicts()).anySatisfy(v -> assertThat(v.failures()).isEqualTo(1));
        assertThat(shop.rows("select w from main.judged_once")).containsExactly("warn count(*)");
        assertThat(shop.rows("select w from main.judged_there")).containsExactly("ERROR count(*)");
        // A macro may do more than judge, so that nothing is left out.
        assertThat(status(shop.build(), "there")).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aMacroThatJudgesNothingIsTold() {
        shop.put(
                "macros/judge.sql",
                "{% materialization test, default %}{% call statement('main') %}select 1 as a{% endcall %}{{ return({'relations': []}) }}{% endmaterialization %}");
        shop.put("tests/t.sql", "select * from {{ ref('raw') }} where id > 5");
        RunReport report = shop.build();
        assertThat(report.run().status()).isEqualTo(RunStatus.FAILED);
        assertThat(Workshop.told(report.problems()))
                .isEqualTo(
                        "tests/t.sql:1:1: The materialization 'test' must give one row with"
                                + " failures, should_warn and should_error: {% call"
                                + " statement('main', fetch_result=True) %}. [TEMPLATE_FAILED]");
    }

    @Test
    void aMacroOfTheProjectKeepsHistories() {
        shop.put(
                "macros/history.sql",
                """
                {% materialization snapshot, default %}
                  {%- call statement('main') -%}
                    create or replace table {{ this }} as
                    select *, '{{ config.get('strategy') }}' as kept_by from ({{ sql }})
                  {%- endcall -%}
                  {{ return({'relations': [this]}) }}
                {% endmaterialization %}
                """);
        shop.put(
                "snapshots/s.sql",
                "{% snapshot s %}{{ config(unique_key='id', strategy='check', check_cols='all', target_schema='kept') }} select * from {{ ref('raw') }}{% endsnapshot %}");
        shop.put(
                "models/reader.sql",
                "select kept_by, count(*) as n from {{ ref('s') }} group by 1");
        RunReport report = shop.build();
        assertThat(Workshop.told(report.problems())).isEmpty();
        assertThat(shop.rows("select * from main.reader")).containsExactly("check|3");
    }

    @Test
    void whatIsNotHandedOverIsRefused() {
        shop.put(
                "macros/own.sql",
                """
                {% materialization seed, default %}{{ return({'relations': [this]}) }}{% endmaterialization %}
                {% materialization unit, default %}{{ return({'relations': [this]}) }}{% endmaterialization %}
                """);
        assertThat(Workshop.told(catchThrowableOfType(TarnException.class, shop::build)))
                .isEqualTo(
                        """
                        macros/own.sql:1:1: The macro would replace how a seed is built, which Tarn always does itself. Remove the materialization 'seed', or give it another name. [UNSUPPORTED]
                        macros/own.sql:2:1: The macro would replace how a unit test is built, which Tarn always does itself. Remove the materialization 'unit', or give it another name. [UNSUPPORTED]\
                        """);
    }
}
