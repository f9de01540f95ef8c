package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Problem;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("StringConcatToTextBlock") // short files read better in one piece
class CompileErrorsTest {
    @TempDir Path root;
    private ProjectFolder folder;

    @BeforeEach
    void folder() {
        folder = new ProjectFolder(root);
    }

    @Test
    void aFolderWithoutAProjectIsRefused() {
        assertThat(ProjectFolder.errors(ProjectRequest.of(root.resolve("x"), ProjectFolder.CLOCK)))
                .isEqualTo(
                        "There is no dbt_project.yml in %s. Run in a project's folder, or"
                                        .formatted(root.resolve("x"))
                                + " `tarn init` to make a project. [PROJECT_NOT_FOUND]");
    }

    @Test
    void allMistakesOfAProjectFileAreToldAtOnce() {
        folder.write(
                "dbt_project.yml",
                """
                name: my shop
                modle-paths: [models]
                seed-paths: {a: b}
                on-run-end: "select 1"
                vars:
                  a: 1
                  a: 2
                """);
        assertThat(folder.errors())
                .isEqualTo(
                        """
                        dbt_project.yml:1:7: 'my shop' cannot be the name of a project: use letters, \
                        digits and '_', not starting with a digit. [NAME_INVALID]
                        dbt_project.yml:2:1: dbt_project.yml has no key 'modle-paths'. Did you mean \
                        'model-paths'? [UNKNOWN_KEY]
                        dbt_project.yml:3:13: dbt_project.yml: 'seed-paths' must be a list, not a \
                        mapping. [YAML_INVALID]\
                        """);
    }

    @Test
    void aMisspeltKeyOfAPropertyFileIsToldWithWhatWasMeant() {
        folder.write("models/orders.sql", "select 1 as id")
                .write(
                        "models/shop.yml",
                        """
                        version: 2
                        models:
                          - name: orders
                            descripton: All orders
                            my_own_key: is left alone
                            columns:
                              - name: id
                                data_tets: [unique]
                        sources:
                          - name: raw
                            tables:
                              - name: orders
                                ingest:
                                  location: landing
                                  schema_polcy: evolve
                                  format: csvv
                        """);
        assertThat(folder.errors())
                .isEqualTo(
                        """
                        models/shop.yml:15:11: Source 'raw.orders': 'ingest' has no key \
                        'schema_polcy'. Did you mean 'schema_policy'? [UNKNOWN_KEY]
                        models/shop.yml:16:19: Source 'raw.orders': 'ingest' 'format' cannot be \
                        'csvv': it is one of avro, csv, excel, json, jsonl, ndjson, orc, parquet, tsv, \
                        xlsx. Did you mean 'csv'? [CONFIG_INVALID]\
                        """);
        assertThat(folder.notes)
                .map(Problem::toString)
                .containsExactly(
                        "models/shop.yml:8:9: Model 'orders': column 'id' has no key 'data_tets'."
                                + " Did you mean 'data_tests'? [UNKNOWN_KEY]",
                        "models/shop.yml:4:5: Model 'orders' has no key 'descripton'. Did you mean"
                                + " 'description'? [UNKNOWN_KEY]");
    }

    @Test
    void whatATableIsLikeIsNotSaidUnderIngest() {
        folder.write(
                "models/shop.yml",
                """
                version: 2
                sources:
                  - name: raw
                    tables:
                      - name: one
                        ingest: {location: landing, format_version: 2}
                      - name: files
                        ingest: {location: landing, table_properties: {write.x: "1"}}
                      - name: rows
                        ingest: {connector: postgres, table: t, change_feed: true}
                """);
        assertThat(folder.errors())
                .isEqualTo(
                        """
                        models/shop.yml:6:53: Source 'raw.one': 'ingest' has no key 'format_version': it \
                        says what the table is like, whoever fills it. Write 'config: \
                        {format_version: …}' beside 'ingest'. [UNKNOWN_KEY]
                        models/shop.yml:8:55: Source 'raw.files': 'ingest' has no key \
                        'table_properties': it says what the table is like, whoever fills it. Write \
                        'config: {table_properties: …}' beside 'ingest'. [UNKNOWN_KEY]
                        models/shop.yml:10:62: Source 'raw.rows': 'ingest' has no key 'change_feed': it \
                        says what the table is like, whoever fills it. Write 'config: {change_feed: \
                        …}' beside 'ingest'. [UNKNOWN_KEY]\
                        """);
    }

    @Test
    void referencesThatMeanNothingAreToldAtTheCall() {
        folder.write("models/orders.sql", "select 1 as id")
                .write("models/off.sql", "{{ config(enabled=false) }}\nselect 1 as id")
                .write(
                        "models/raw.yml",
                        "sources:\n  - name: raw\n    tables:\n      - name: items\n")
                .write("models/a.sql", "select *\nfrom {{ ref('order') }}")
                .write("models/b.sql", "select *\nfrom   {{ ref('off') }}")
                .write("models/c.sql", "select * from {{ source('raw', 'itms') }}")
                .write("models/d.sql", "select * from {{ ref('other_package', 'orders') }}");
        assertThat(folder.errors())
                .isEqualTo(
                        """
                        models/a.sql:2:9: Model 'a' refers to 'order', but no model or seed has that \
                        name. Did you mean 'orders'? [NODE_NOT_FOUND]
                        models/b.sql:2:11: Model 'b' refers to 'off', which is disabled \
                        (models/off.sql:1:4). Enable it or remove the reference. [NODE_DISABLED]
                        models/c.sql:1:18: Model 'c' reads source 'raw.itms', but no property file \
                        declares it. Did you mean 'raw.items'? [SOURCE_NOT_FOUND]
                        models/d.sql:1:18: Model 'd' refers to 'other_package.orders', but no model \
                        or seed has that name. [NODE_NOT_FOUND]\
                        """);
    }

    @Test
    void aCircleIsToldWithItsPath() {
        folder.write("models/a.sql", "select * from {{ ref('c') }}")
                .write("models/b.sql", "select * from {{ ref('a') }}")
                .write("models/c.sql", "select *\nfrom {{ ref('b') }}")
                .write("models/d.sql", "select * from {{ ref('c') }}");
        assertThat(folder.errors())
                .isEqualTo(
                        "models/a.sql:1:18: Models depend on each other in a circle:"
                                + " a -> c -> b -> a. Remove one of these references."
                                + " [DEPENDENCY_CYCLE]");
    }

    @Test
    void namesThatAreTakenAreToldWithBothPlaces() {
        folder.write("models/x/a.sql", "select 1 as id")
                .write("models/y/a.sql", "select 1 as id")
                .write("models/b.sql", "{{ config(alias='t') }} select 1 as id")
                .write("models/c.sql", "{{ config(alias='t') }} select 1 as id")
                .write(
                        "macros/m.sql",
                        "{% macro m() %}{% endmacro %}\n{% macro m() %}{% endmacro %}");
        assertThat(folder.errors())
                .isEqualTo(
                        """
                        macros/m.sql:2:1: Macro 'm' is here twice: first at macros/m.sql:1:1. Rename \
                        or remove one of them. [DUPLICATE_NAME]
                        models/c.sql:1:1: 'c' becomes main.t, and so does 'b' at models/b.sql:1:1. \
                        Give one of them another schema or alias. [DUPLICATE_NAME]
                        models/y/a.sql: Model 'a' is here twice: first at models/x/a.sql. Rename or \
                        remove one of them. [DUPLICATE_NAME]\
                        """);
    }

    @Test
    void templatesThatFailAreToldWithTheMacrosThatLedThere() {
        folder.write("dbt_project.yml", "name: shop\nvars:\n  start_date: '2026-01-01'\n")
                .write(
                        "macros/m.sql",
                        "{% macro check(x) %}\n  {{ exceptions.raise_compiler_error('No ' ~ x) }}\n{% endmacro %}")
                .write("models/a.sql", "select\n  {{ check('good') }}")
                .write("models/b.sql", "select '{{ var('start_dat') }}'")
                .write("models/c.sql", "select {{ no_such_macro() }}")
                .write("models/d.sql", "select {% if %} 1")
                .write("models/e.sql", "select '{{ env_var('NOPE') }}'");
        assertThat(folder.errors())
                .isEqualTo(
                        """
                        macros/m.sql:2:17: No good. In macro 'check' called at models/a.sql:2:6. \
                        [TEMPLATE_FAILED]
                        models/b.sql:1:12: Variable 'start_dat' is not set for project 'shop' and has \
                        no default. Did you mean 'start_date'? Set it under 'vars' in dbt_project.yml \
                        or with --vars. [TEMPLATE_FAILED]
                        models/c.sql:1:11: 'no_such_macro' is undefined. If it comes from a package, \
                        name that in packages.yml and run `tarn deps`. [TEMPLATE_FAILED]
                        models/d.sql:1:14: Expected an expression, got 'end of statement block'. \
                        [TEMPLATE_SYNTAX]
                        models/e.sql:1:12: Environment variable 'NOPE' is not set, and env_var() was \
                        given no default. [TEMPLATE_FAILED]\
                        """);
    }

    @Test
    void settingsThatLookLikeOthersAreToldOnceAndDoNoHarm() {
        folder.write(
                        "dbt_project.yml",
                        """
                        name: shop
                        models:
                          shop:
                            +materialised: table
                            +team: a
                            gold: {+scheme: marts}
                        """)
                .write(
                        "models/gold/a.sql",
                        "{{ config(tag='x', dialect='y', owner_tag='z') }} select 1 as id")
                .write(
                        "models/b.sql",
                        "{{ config(unique_keys='id', meta={'tag': 1}) }} select 1 as id")
                .write(
                        "models/c.sql",
                        "{{ config(sort_bye='id') }} {% set s = config.get('sort_bye') %} select 1 as id")
                .write("models/s.yml", "models: [{name: b, config: {packags: [x], alias: bb}}]")
                .write("macros/m.sql", "{% macro m(n) %}{{ n.config.scheme }}{% endmacro %}")
                .write("tests/t.sql", "{{ config(sevrity='warn') }} select 1 where false");
        folder.compile();
        assertThat(folder.notes.stream().map(Problem::toString).sorted())
                .containsExactly(
                        misspelt("dbt_project.yml:4:20", "materialised", "materialized"),
                        misspelt("models/b.sql:1:4", "unique_keys", "unique_key"),
                        misspelt("models/gold/a.sql:1:4", "tag", "tags"),
                        misspelt("models/s.yml:1:38", "packags", "packages"),
                        misspelt("tests/t.sql:1:4", "sevrity", "severity"));
    }

    private static String misspelt(String place, String key, String meant) {
        return place
                + ": Setting '"
                + key
                + "' means nothing to Tarn. Did you mean '"
                + meant
                + "'? What is your own belongs under 'meta'. [UNKNOWN_KEY]";
    }

    @Test
    void settingsThatMakeNoSenseAreToldWhereTheyWereSaid() {
        folder.write(
                        "dbt_project.yml",
                        "name: shop\nmodels:\n  shop:\n    gold:\n      +materialized: tabel\n")
                .write("models/gold/a.sql", "select 1 as id")
                .write(
                        "models/b.sql",
                        "{{ config(materialized='incremental', incremental_strategy='merge', unique_key='a || b') }} select 1")
                .write(
                        "models/c.sql",
                        "{{ config(materialized='table', partition_by='week(day)') }} select 1")
                .write(
                        "models/d.sql",
                        "{{ config(materialized='incremental', incremental_strategy='microbatch') }} select 1");
        assertThat(folder.errors())
                .isEqualTo(
                        """
                        models/b.sql:1:4: unique_key of model 'b' is a || b, and a merge needs \
                        columns. Name columns, add one to the query, or use the strategy \
                        delete+insert. [CONFIG_INVALID]
                        models/c.sql:1:4: 'week(day)' is not a partition. Write a column, or \
                        year|month|day|hour(column), bucket(16, column), truncate(10, column). \
                        [CONFIG_INVALID]
                        models/d.sql:1:1: Microbatch model 'd' must provide a 'batch_size' config that \
                        is one of hour, day, month, year, such as batch_size='day'. [CONFIG_INVALID]
                        models/d.sql:1:1: Microbatch model 'd' must provide a 'begin' (datetime) config, \
                        when the first batch starts, such as begin='2026-01-01'. [CONFIG_INVALID]
                        models/d.sql:1:1: Microbatch model 'd' must provide an 'event_time' (string) \
                        config, the column that says when a row happened, such as \
                        event_time='ordered_at'. [CONFIG_INVALID]\
                        """);
    }

    @Test
    void settingsOfMicrobatchesHaveTheirKinds() {
        folder.write(
                "models/d.sql",
                """
                {{ config(materialized='incremental', incremental_strategy='microbatch', event_time=5,
                          begin='soon', batch_size='week', lookback='two', concurrent_batches='yes') }}
                select 1\
                """);
        assertThat(folder.errors())
                .isEqualTo(
                        """
                        models/d.sql:1:4: Setting 'batch_size' cannot be 'week': it is one of day, hour, month, year. [CONFIG_INVALID]
                        models/d.sql:1:4: Setting 'begin' cannot be 'soon': it is one of 2026-01-01, 2026-01-01 00:00:00. [CONFIG_INVALID]
                        models/d.sql:1:4: Setting 'concurrent_batches' must be true or false, not text. [YAML_INVALID]
                        models/d.sql:1:4: Setting 'event_time' must be text, not a number. [YAML_INVALID]
                        models/d.sql:1:4: Setting 'lookback' must be a whole number, not text. [YAML_INVALID]\
                        """);
    }

    @Test
    void testsThatCannotBeMadeAreToldAtTheirEntry() {
        folder.write("models/a.sql", "select 1 as id")
                .write(
                        "models/a.yml",
                        """
                        models:
                          - name: a
                            columns:
                              - name: id
                                tests:
                                  - uniqe
                                  - accepted_values: {values: [1]}
                                    severity: warn
                                  - relationships:
                                      to: ref('customers')
                                      field: id
                                  - not_null:
                                      severity: fatal
                        """);
        assertThat(folder.errors())
                .isEqualTo(
                        """
                        models/a.yml:6:13: No generic test is called 'uniqe'. Did you mean 'unique'? \
                        [NODE_NOT_FOUND]
                        models/a.yml:7:13: A test is one name with its arguments below it, but here \
                        are 2 keys: 'accepted_values', 'severity'. Indent the arguments under the \
                        test's name. [YAML_INVALID]
                        models/a.yml:9:13: Test 'relationships_a_id__id__ref_customers_' refers to 'customers', but no \
                        model or seed has that name. [NODE_NOT_FOUND]
                        models/a.yml:13:25: Setting 'severity' cannot be 'fatal': it is one of error, \
                        warn. [CONFIG_INVALID]\
                        """);
    }

    @Test
    void variablesOfTheRequestAreSeenInProjectFiles() {
        folder.write("dbt_project.yml", "name: shop\nmodels:\n  +enabled: \"{{ var('on') }}\"\n")
                .write("models/a.sql", "select 1 as id");
        assertThat(ProjectFolder.errors(folder.request()))
                .isEqualTo(
                        "dbt_project.yml:3:13: Variable 'on' is not known here and has no default."
                                + " Templates in project files see what --vars says and no other"
                                + " variable: give it there, or a default, as in var('on',"
                                + " 'value'). [TEMPLATE_FAILED]");
        assertThat(ProjectCompiler.compile(folder.request().withVars(Map.of("on", true))).nodes())
                .hasSize(1);
    }

    @Test
    void versionsThatMeanNothingAreTold() {
        folder.write("models/v_v1.sql", "select 1 as id")
                .write("models/v_v2.sql", "select 1 as id")
                .write("models/w_v1.sql", "select 1 as id")
                .write("models/x_v1.sql", "select 1 as id")
                .write(
                        "models/m.yml",
                        """
                        models:
                          - name: v
                            latest_version: 5
                            versions: [{v: 1}, {v: 2}]
                          - name: w
                            versions:
                              - v: 1
                              - v: 1
                          - name: x
                            versions: [{v: 1}, {v: 3}]
                        """)
                .write("models/a.sql", "select * from {{ ref('v', v=3) }}")
                .write("models/b.sql", "select * from {{ ref('v_v1') }}")
                .write("models/c.sql", "select * from {{ ref('shop', 'w', v=2) }}")
                .write("models/d.sql", "select * from {{ ref('nowhere', 'w') }}");
        assertThat(folder.errors())
                .isEqualTo(
                        """
                        models/a.sql:1:18: Model 'a' refers to version 3 of 'v', which has these \
                        versions: 1, 2. [NODE_NOT_FOUND]
                        models/b.sql:1:18: Model 'b' refers to 'v_v1', which is the file of a version. \
                        Write ref('v', v=1). [NODE_NOT_FOUND]
                        models/c.sql:1:18: Model 'c' refers to version 2 of 'w', which has these \
                        versions: 1. [NODE_NOT_FOUND]
                        models/d.sql:1:18: Model 'd' refers to 'nowhere.w', but no model or seed has \
                        that name. [NODE_NOT_FOUND]
                        models/m.yml:3:21: The latest version of model 'v' cannot be 5: it has these \
                        versions: 1, 2. [NODE_NOT_FOUND]
                        models/m.yml:8:12: Model 'w' has version 1 twice. Remove one of them, or give \
                        it another number. [DUPLICATE_NAME]\
                        """);
    }

    @Test
    void aProjectForAnotherDbtIsRefused() {
        folder.write(
                "dbt_project.yml", "name: shop\nrequire-dbt-version: ['>=1.11.0', '<2.0.0']\n");
        assertThat(folder.errors())
                .isEqualTo(
                        "dbt_project.yml:2:22: The project wants a version of dbt that is >=1.11.0 and"
                                + " <2.0.0. Tarn does what dbt 1.10.0 does. Change"
                                + " require-dbt-version if that is enough. [UNSUPPORTED]");
        folder.write("dbt_project.yml", "name: shop\nrequire-dbt-version: ['>=1.10.6', '<2.0.0']\n")
                .write("models/a.sql", "select 1 as id");
        assertThat(ProjectCompiler.compile(folder.request()).nodes()).hasSize(1);
    }

    @Test
    void testsWithoutTheirArgumentsAreTold() {
        folder.write("models/a.sql", "select 1 as id")
                .write(
                        "models/a.yml",
                        """
                        models:
                          - name: a
                            columns:
                              - name: id
                                tests:
                                  - accepted_values
                                  - relationships: {to: ref('a')}
                        """);
        assertThat(folder.errors())
                .isEqualTo(
                        """
                        models/a.yml:6:13: Test 'accepted_values' needs the argument 'values': a list. \
                        (tarn/generic_tests.sql:45:19) [TEMPLATE_FAILED]
                        models/a.yml:7:13: Test 'relationships' needs the arguments 'to', such as \
                        ref('customers'), and 'field', a column of it. \
                        (tarn/generic_tests.sql:66:19) [TEMPLATE_FAILED]\
                        """);
    }

    @Test
    void unreadableYamlIsToldWithAWayOut() {
        folder.write("models/a.yml", "models:\n  - name: a\n   description: x\n")
                .write("models/b.yml", "models:\n  - name: a\n    description: this: that\n")
                .write("models/c.yml", "models:\n  - name: a\n    description: \"open\n")
                .write("models/d.yml", "models:\n  - name: *nope\n")
                .write("models/e.yml", "- models\n")
                .write("models/f.yml", "models: a\n");
        assertThat(folder.errors())
                .isEqualTo(
                        """
                        models/a.yml:3:4: This is not YAML: expected <block end>, but found '<block \
                        mapping start>'. The line must be indented as far as the keys it belongs to. \
                        [YAML_INVALID]
                        models/b.yml:3:22: This is not YAML: mapping values are not allowed here. A \
                        text with ': ' in it must stand in quotes, and each key in a line of its own. \
                        [YAML_INVALID]
                        models/c.yml:4:1: This is not YAML: found unexpected end of stream. The text in \
                        quotes that begins in line 3 is not closed. [YAML_INVALID]
                        models/d.yml:2:11: This is not YAML: found undefined alias nope. [YAML_INVALID]
                        models/e.yml:1:1: The file must be a mapping, not a list. [YAML_INVALID]
                        models/f.yml:1:9: A property file: 'models' must be a list, not text. \
                        [YAML_INVALID]\
                        """);
    }

    @Test
    void whatStandsBesideMacrosIsPassedOver() {
        folder.write(
                        "macros/m.sql",
                        "{% https://example.org/why %}\n{% macro one() %}1{% endmacro %}\nwords")
                .write("models/a.sql", "select {{ one() }} as id");
        assertThat(ProjectCompiler.compile(folder.request()).nodes()).hasSize(1);
        folder.write("macros/n.sql", "{% macro two() %}{% fro x %}{% endmacro %}\n{% endif %}");
        assertThat(folder.errors())
                .isEqualTo(
                        "macros/n.sql:1:21: Encountered unknown tag 'fro'. Jinja was looking for the"
                                + " following tags: 'endmacro'. The innermost block that needs to be"
                                + " closed is 'macro'. Did you mean 'for'? [TEMPLATE_SYNTAX]");
    }
}
