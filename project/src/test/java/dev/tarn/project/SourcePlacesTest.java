package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("StringConcatToTextBlock") // short files read better in one piece
class SourcePlacesTest {
    @TempDir Path root;
    private ProjectFolder folder;

    @BeforeEach
    void folder() {
        folder = new ProjectFolder(root);
    }

    private static String place(SqlText sql, String word) {
        int offset = sql.sql().indexOf(word);
        assertThat(offset).as("%s in %s", word, sql.sql()).isNotNegative();
        return sql.locate(offset).orElseThrow().toString();
    }

    @Test
    void textAfterAConditionKeepsItsPlace() {
        folder.write(
                "models/a.sql",
                "{{ config(tags='x') }}\n{% if true %}\nselect\n    one,\n{% endif %}\n    two\n");
        SqlText sql = folder.model("a").sql();
        assertThat(place(sql, "one")).isEqualTo("models/a.sql:4:5");
        assertThat(place(sql, "two")).isEqualTo("models/a.sql:6:5");
    }

    @Test
    void textFromAMacroIsAtTheMacro() {
        folder.write("macros/cents.sql", "{% macro cents(c) %}\n  ({{ c }} / 100)\n{% endmacro %}")
                .write("models/a.sql", "select {{ cents('amount') }} as x");
        SqlText sql = folder.model("a").sql();
        assertThat(place(sql, "/ 100")).isEqualTo("macros/cents.sql:2:12");
        assertThat(place(sql, "as x")).isEqualTo("models/a.sql:1:30");
    }

    @Test
    void textOfAnEphemeralModelIsAtThatModel() {
        folder.write("models/base.sql", "{{ config(materialized='ephemeral') }}\nselect 1 as id\n")
                .write(
                        "models/a.sql",
                        "-- about a\nwith b as (select id from {{ ref('base') }})\nselect wrong from b");
        SqlText sql = folder.model("a").sql();
        assertThat(sql.sql())
                .isEqualTo(
                        """
                        -- about a
                        with __dbt__cte__base as (

                        select 1 as id
                        ),  b as (select id from __dbt__cte__base)
                        select wrong from b\
                        """);
        assertThat(place(sql, "1 as id")).isEqualTo("models/base.sql:2:8");
        assertThat(place(sql, "b as (select")).isEqualTo("models/a.sql:2:6");
        assertThat(place(sql, "wrong")).isEqualTo("models/a.sql:3:8");
        assertThat(place(sql, "-- about")).isEqualTo("models/a.sql:1:1");
    }

    @Test
    void incrementalTextHasPlacesOfItsOwn() {
        folder.write(
                "models/a.sql",
                "{{ config(materialized='incremental') }}\nselect 1 as id\n"
                        + "{% if is_incremental() %}\nwhere id > (select max(id) from {{ this }})\n"
                        + "{% endif %}");
        Node.Model model = folder.model("a");
        assertThat(model.sql().sql()).doesNotContain("where");
        SqlText incremental = model.incrementalSql().orElseThrow();
        assertThat(incremental.sql()).endsWith("where id > (select max(id) from main.a)");
        assertThat(place(incremental, "max(id)")).isEqualTo("models/a.sql:4:20");
    }

    @Test
    void aGenericTestIsAtItsEntry() {
        folder.write("models/a.sql", "select 1 as id")
                .write(
                        "models/a.yml",
                        "models:\n  - name: a\n    columns:\n      - name: id\n        tests:\n"
                                + "          - not_null\n");
        Node.Check check =
                (Node.Check)
                        folder.compile().nodes().values().stream()
                                .filter(Node.Check.class::isInstance)
                                .findFirst()
                                .orElseThrow();
        assertThat(place(check.sql(), "id is null")).isEqualTo("models/a.yml:6:13");
    }
}
