package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Foreign keys and other constraints of models. */
final class DbtContractsTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("tarn.yml", "run: {publish: each}\n");
        shop.put(
                "models/zebra.sql",
                "{{ config(materialized='table') }} select 1 as id union all select 2");
        child("2");
    }

    private void child(String pid) {
        shop.put(
                "models/child.sql",
                "{{ config(materialized='table') }} select 1 as id, cast(%s as int) as pid"
                        .formatted(pid));
    }

    private void key(String said) {
        shop.put(
                "models/p.yml",
                """
                models:
                  - name: child
                    config: {contract: {enforced: true}}
                    constraints: [%s]
                    columns:
                      - {name: id, data_type: int}
                      - {name: pid, data_type: int}
                """
                        .formatted(said));
    }

    private String console() {
        return shop.console().out() + shop.console().err();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{type: foreign_key, columns: [pid], to: \"ref('zebra')\", to_columns: [id]}",
                "{type: foreign_key, columns: [pid], to: \"ref('shop', 'zebra')\", to_columns: [id]}",
                "{type: foreign_key, columns: [pid], expression: 'main.zebra (id)'}",
                "{type: foreign_key, columns: [pid], expression: '\"dev\".\"main\".\"zebra\" (\"id\")'}"
            })
    void aForeignKeyIsHeld(String said) {
        assertThat(shop.dbt("run", "--select", "zebra")).as(console()).isZero();
        key(said);
        assertThat(shop.dbt("build")).as(console()).isZero();
        child("null");
        assertThat(shop.dbt("build")).as(console()).isZero();
        child("7");
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(console())
                .contains(
                        "child breaks its constraint foreign_key on pid, which points to main.zebra"
                                + " (id) in 1 row.");
        assertThat(shop.statuses())
                .containsEntry("model.shop.child", "error")
                .containsEntry("model.shop.zebra", "success");
        assertThat(shop.rows("select pid from child")).containsExactly("");
    }

    @Test
    void aModelWaitsForWhatItsKeysPointTo() {
        shop.put(
                "models/p.yml",
                """
                models:
                  - name: child
                    columns:
                      - name: pid
                        constraints:
                          - {type: foreign_key, to: "ref('zebra')", to_columns: [id]}
                """);
        assertThat(shop.listed("--select", "zebra+")).containsExactly("shop.child", "shop.zebra");
        shop.put("models/zebra.sql", "select nothing as id");
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(shop.statuses()).containsEntry("model.shop.child", "skipped");
    }

    @Test
    void aKeyThatPointsNowhereIsToldOf() {
        key("{type: foreign_key, columns: [pid], to: \"ref('gone')\", to_columns: [id]}");
        assertThat(shop.dbt("parse")).isEqualTo(2);
        assertThat(console()).contains("models/p.yml:4:59").contains("'gone'");
        key("{type: foreign_key, columns: [pid], to: zebra, to_columns: [id]}");
        assertThat(shop.dbt("parse")).isEqualTo(2);
        assertThat(console())
                .contains("points 'to' 'zebra', which is neither a call of ref nor of source.");
        key("{type: foreign_key, columns: [pid], to: \"ref('zebra')\", to_columns: [id, id]}");
        assertThat(shop.dbt("parse")).isEqualTo(2);
        assertThat(console()).contains("has 1 column(s) and points to 2.");
        key("{type: foreign_key, columns: [pid]}");
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(console()).contains("foreign_key of 'child' does not say what it points to.");
        key("{type: unique}");
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(console()).contains("The constraint unique of 'child' names no columns.");
    }

    @Test
    void anUnknownTypeOfConstraintIsRefusedWithoutAContract() {
        shop.put(
                "models/p.yml",
                "models: [{name: child, columns: [{name: id, constraints: [{type: uniqe}]}]}]");
        assertThat(shop.dbt("parse")).isEqualTo(2);
        assertThat(console()).contains("The type of a constraint of model 'child'", "'uniqe'");
    }

    @Test
    void namesInContractsAreAsWritten() {
        shop.put(
                "models/p.yml",
                """
                models:
                  - name: child
                    config: {contract: {enforced: true}}
                    columns: [{name: ID, data_type: int}, {name: pid, data_type: int}]
                """);
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(console())
                .contains(
                        "| ID          |                 | INTEGER       | missing in definition |")
                .contains(
                        "| id          | INTEGER         |               | missing in contract   |");
    }
}
