package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types of columns in DuckDB's words, wherever users of dbt and their macros read them. */
final class DbtTypesTest {
    @TempDir Path root;
    private DbtFolder shop;

    @BeforeEach
    void begin() {
        shop = new DbtFolder(root.resolve("shop"));
        shop.put("dbt_project.yml", "name: shop");
        shop.put("tarn.yml", "run: {publish: each}");
        shop.put(
                "models/t.sql",
                "{{ config(materialized='table') }} select 1 as i, 2.5::double as f, now() as tz,"
                        + " [now()] as li, {'fname': 'x', 'a b': 1, 'user': true} as st,"
                        + " 1.5::decimal(10,2) as d, 'x' as s");
    }

    @Test
    void templatesListingsAndTheCatalogSayTheSame() {
        shop.put(
                "macros/m.sql",
                """
                {% macro told() %}
                {% for c in adapter.get_columns_in_relation(api.Relation.create(schema='main', identifier='t')) %}
                {% do print(c.name ~ '|' ~ c.dtype ~ '|' ~ c.data_type ~ '|' ~ c.numeric_precision ~ '|' ~ c.numeric_scale) %}
                {% endfor %}
                {% for r in run_query("select data_type from information_schema.columns where table_name = 't' order by ordinal_position").rows %}
                {% do print(r[0]) %}
                {% endfor %}
                {% endmacro %}
                """);
        assertThat(shop.dbt("run")).isZero();
        assertThat(shop.dbt("-q", "run-operation", "told")).isZero();
        String struct = "STRUCT(fname VARCHAR, \"a b\" INTEGER, \"user\" BOOLEAN)";
        assertThat(shop.lines())
                .containsExactly(
                        "i|INTEGER|INTEGER|32|0",
                        "f|DOUBLE|DOUBLE|53|0",
                        "tz|TIMESTAMP WITH TIME ZONE|TIMESTAMP WITH TIME ZONE|None|None",
                        "li|TIMESTAMP WITH TIME ZONE[]|TIMESTAMP WITH TIME ZONE[]|None|None",
                        "st|%s|%s|None|None".formatted(struct, struct),
                        "d|DECIMAL(10,2)|DECIMAL(10,2)|10|2",
                        "s|VARCHAR|character varying(256)|None|None",
                        "INTEGER",
                        "DOUBLE",
                        "TIMESTAMP WITH TIME ZONE",
                        "TIMESTAMP WITH TIME ZONE[]",
                        struct,
                        "DECIMAL(10,2)",
                        "VARCHAR");
        assertThat(shop.dbt("docs", "generate")).isZero();
        Map<String, Object> node =
                DbtFolder.map(
                        DbtFolder.map(shop.artifact("catalog.json").get("nodes"))
                                .get("model.shop.t"));
        Map<String, Object> types = new LinkedHashMap<>();
        DbtFolder.map(node.get("columns"))
                .forEach((name, column) -> types.put(name, DbtFolder.map(column).get("type")));
        assertThat(types)
                .containsEntry("tz", "TIMESTAMP WITH TIME ZONE")
                .containsEntry("st", struct);
    }

    @Test
    void aContractSaysThemToo() {
        shop.put(
                "models/m.yml",
                """
                models:
                  - name: t
                    config: {contract: {enforced: true}}
                    columns:
                      - {name: i, data_type: timestamptz}
                      - {name: f, data_type: double}
                      - {name: tz, data_type: int}
                      - {name: li, data_type: "timestamptz[]"}
                      - {name: st, data_type: "struct(fname varchar)"}
                      - {name: d, data_type: numeric}
                """);
        assertThat(shop.dbt("run")).isEqualTo(1);
        assertThat(String.join("\n", shop.lines()))
                .contains(
                        """
                          | i           | INTEGER                                              | TIMESTAMP WITH TIME ZONE | data type mismatch  |
                          | s           | VARCHAR                                              |                          | missing in contract |
                          | st          | STRUCT(fname VARCHAR, "a b" INTEGER, "user" BOOLEAN) | STRUCT(fname VARCHAR)    | data type mismatch  |
                        """
                                .strip());
    }
}
