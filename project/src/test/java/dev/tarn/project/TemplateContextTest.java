package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.Node;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What templates can use besides plain references. */
@SuppressWarnings("StringConcatToTextBlock") // short files read better in one piece
class TemplateContextTest {
    @TempDir Path root;
    private ProjectFolder folder;
    private Engine engine;
    private EngineSession session;
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void folder() {
        folder = new ProjectFolder(root.resolve("project"));
        engine = DuckDbEngine.open(DuckDbConfig.defaults(root.resolve("spill")));
        session = engine.open(Engine.SessionOptions.TRUSTED);
        session.define(
                new TableName("main", "items"),
                new Relation.Shape(
                        new Schema(
                                List.of(
                                        Field.of("id", Type.Primitive.BIGINT),
                                        Field.of("name", Type.Primitive.VARCHAR),
                                        Field.of("price", new Type.Decimal(10, 2))))));
    }

    @AfterEach
    void close() {
        session.close();
        engine.close();
    }

    /** What a template prints once it executes, with single blanks. */
    private String printed(String template) {
        folder.write("models/shown.sql", template);
        Node.Model model =
                (Node.Model)
                        ProjectFolder.node(
                                ProjectCompiler.compile(
                                        folder.request()
                                                .withDatabase(new SessionDatabase(session))
                                                .withFlags(Map.of("FULL_REFRESH", true))
                                                .withLog(said::add)),
                                "model.shop.shown");
        return model.sql().sql().replaceAll("\\s+", " ").strip();
    }

    @Test
    void relationsAreMappingsToo() {
        assertThat(
                        printed(
                                "{% set r = api.Relation.create(database='d', schema='s', identifier='Order',"
                                        + " type='view') %}{{ r }} {{ r['schema'] }} {{ r.get('identifier') }}"
                                        + " {{ r is mapping }} {{ r.is_view }} {{ r.include(schema=false) }}"
                                        + " {{ r.without_identifier() }} {{ r.quoted('x') }}"
                                        + " {{ r.incorporate(path={'identifier': 'b'}, type='table') }}"
                                        + " {{ r.path.identifier }} {{ r.Table }}"
                                        + " {{ r.information_schema('tables') }}"))
                .isEqualTo(
                        "s.\"Order\" s Order True True \"Order\" s \"x\" s.b Order table"
                                + " warehouse_contents.tables");
    }

    @Test
    void columnsKnowTheirTypes() {
        assertThat(
                        printed(
                                "{% set r = api.Relation.create(schema='main', identifier='items') %}"
                                        + "{% for c in adapter.get_columns_in_relation(r) %}"
                                        + "{{ c.name }}:{{ c.dtype }}:{{ c.data_type }}:{{ c.is_string() }}"
                                        + ":{{ c.is_number() }}:{{ c.numeric_scale }} {% endfor %}"
                                        + "{{ api.Column('a', 'varchar(9)').char_size }}"
                                        + " {{ api.Column.translate_type('string') }}"
                                        + " {{ api.Column.numeric_type('numeric', 9, 2) }}"
                                        + " {{ adapter.get_column_schema_from_query('select 1::int as one')[0].dtype }}"))
                .isEqualTo(
                        "id:BIGINT:BIGINT:False:True:0 name:VARCHAR:character varying(256):True:False:None"
                                + " price:DECIMAL(10,2):DECIMAL(10,2):False:True:2 9 TEXT numeric(9,2) INTEGER");
    }

    @Test
    void resultsAreTables() {
        assertThat(
                        printed(
                                "{% set t = run_query(\"select * from (values (2, 'b', date '2020-01-02'),"
                                        + " (1, 'a', null)) as v(n, s, d)\") %}"
                                        + "{{ t.columns[0].values() }} {{ t.columns['s'].values() | list }}"
                                        + " {{ t.rows[0]['n'] }} {{ t.rows[0].d.year }} {{ t.rows[1].d is none }}"
                                        + " {{ t.column_names }} {{ t | length }}"
                                        + " {{ t.columns | map(attribute='name') | join('-') }}"
                                        + " {% for row in t %}{{ row[1] }}{% endfor %}"
                                        + " {{ t.order_by('n').rows[0].values() }} {{ t.rows[0].dict().s }}"
                                        + " {% do t.select(['n', 's']).print_table() %}"))
                .isEqualTo(
                        "(2, 1) ['b', 'a'] 2 2020 True ('n', 's', 'd') 2 n-s-d ba (1, 'a', None) b");
        assertThat(said).containsExactly("| n | s |", "| - | - |", "| 2 | b |", "| 1 | a |");
    }

    @Test
    void resultsHoldWhatPythonWouldHold() {
        assertThat(
                        printed(
                                "{% set t = run_query(\"select [1, null] as l, {'a': date '2026-01-02', 'b': 1.5} as s,"
                                        + " 'x'::blob as b, time '10:00:00' as t, timestamp '2026-01-02 03:04:05' as ts,"
                                        + " sum(2::bigint) as h, 1 as n, 2 as n\") %}"
                                        + "{{ t.rows[0].values() }} {{ t.column_names }}"))
                .isEqualTo(
                        "('[1, null]', '{\"a\": \"2026-01-02\", \"b\": 1.5}', \"b'x'\", '10:00:00',"
                                + " datetime.datetime(2026, 1, 2, 3, 4, 5), 2, 1, 2)"
                                + " ('l', 's', 'b', 't', 'ts', 'h', 'n', 'n_2')");
    }

    @Test
    void whatCannotBeReadIsTheDefault() {
        assertThat(
                        printed(
                                "{{ fromjson('[') }} {{ fromjson('[', 1) }} {{ fromyaml('a: [') }} {{ set(5) }}"
                                        + " {{ set(5, 'd') }} {{ zip([1], 5) }} {{ zip(5, default='d') }}"
                                        + " {{ zip([1], [2]) | list }} {{ toyaml({'b': 1, 'a': 2}, sort_keys=true) }}"))
                .isEqualTo("None 1 None None d None d [(1, 2)] a: 2 b: 1");
    }

    @Test
    void datesAndTimesAreThoseOfPython() {
        assertThat(
                        printed(
                                "{% set d = modules.datetime %}{{ d.datetime(2026, 1, 31, 12, 0, 5).isocalendar() }}"
                                        + " {{ d.datetime.fromtimestamp(0, modules.pytz.utc) }} {{ d.time(1, 2) }}"
                                        + " {{ [d.date(2026, 1, 2), d.time(1, 2), d.timedelta(days=1, hours=2)] }}"
                                        + " {{ d.datetime.combine(d.date(2026, 1, 1), d.time(3)) }} {{ d.date.max }}"
                                        + " {{ d.datetime.strptime('02/01/26 3 PM', '%d/%m/%y %I %p') }}"
                                        + " {{ d.datetime.strptime('2026-032', '%Y-%j').date() }}"
                                        + " {{ d.datetime.strptime('2026-01-01 00:00+0200', '%Y-%m-%d %H:%M%z') }}"
                                        + " {{ d.timedelta(days=1) / d.timedelta(hours=6) }} {{ d.timedelta(days=3) / 2 }}"
                                        + " {{ d.timedelta(1) > d.timedelta(hours=2) }} {{ d.datetime(2026, 1, 1).time() }}"))
                .isEqualTo(
                        "(2026, 5, 6) 1970-01-01 00:00:00+00:00 01:02:00"
                                + " [datetime.date(2026, 1, 2), datetime.time(1, 2), datetime.timedelta(days=1, seconds=7200)]"
                                + " 2026-01-01 03:00:00 9999-12-31 2026-01-02 15:00:00 2026-02-01"
                                + " 2026-01-01 00:00:00+02:00 4.0 1 day, 12:00:00 True 00:00:00");
    }

    @Test
    void columnsOfOnesOwnHaveSizes() {
        assertThat(
                        printed(
                                "{% set c = api.Column('a', 'varchar', 5) %}{{ c.data_type }} {{ c.literal(3) }}"
                                        + " {{ c.can_expand_to(api.Column('b', 'varchar', 9)) }}"
                                        + " {{ api.Column('a', 'numeric', none, 10, 2).data_type }}"
                                        + " {{ api.Column.from_description('a', 'character varying(25)').char_size }}"
                                        + " {{ adapter.render_raw_columns_constraints({'id': {'name': 'id',"
                                        + " 'data_type': 'int', 'constraints': [{'type': 'not_null'},"
                                        + " {'type': 'check', 'expression': 'id > 0'}]}}) }}"
                                        + " {{ adapter.render_raw_model_constraints([{'type': 'primary_key',"
                                        + " 'columns': ['a', 'b'], 'name': 'pk'}, {'type': 'foreign_key',"
                                        + " 'columns': ['a'], 'to': 't', 'to_columns': ['x']}]) }}"))
                .isEqualTo(
                        "character varying(5) 3::character varying(5) True numeric(10,2) 25"
                                + " ['id int not null check (id > 0)'] ['constraint pk primary key (a, b)',"
                                + " 'foreign key (a) references t (x)']");
    }

    @Test
    void theContextAnswersWhetherANameIsThere() {
        assertThat(
                        printed(
                                "{{ 'ref' in context }} {{ 'nothing_here' in context }} {{ modules.keys() }}"
                                        + " {{ flags.INDIRECT_SELECTION }} {{ flags.PRINTER_WIDTH }} {{ [1] | is_list }}"
                                        + " {{ modules.itertools.groupby([1, 1, 2]) | list }}"
                                        + " {{ modules.itertools.tee([1]) }}"))
                .isEqualTo(
                        "True False ['datetime', 'itertools', 'pytz', 're'] eager 80 True"
                                + " [(1, [1, 1]), (2, [2])] ([1], [1])");
    }

    @Test
    void theAdapterKnowsFiles() {
        folder.write("here.csv", "a\n1\n");
        Path file = root.resolve("project/here.csv");
        assertThat(
                        printed(
                                "{{ adapter.location_exists('%s') }} {{ location_exists('%s.gone') }}"
                                                .formatted(file, file)
                                        + " {{ adapter.external_write_options('out/a.CSV', {'quote': '!', 'header': 0}) }};"
                                        + " {{ adapter.external_write_options('a', {'delimiter': '|'}) }};"
                                        + " {{ adapter.external_write_options('a.b/c', {'partition_by': 'x, y'}) }};"
                                        + " {{ adapter.external_read_location('o', {'partition_by': 'x, y'}) }}"
                                        + " {{ adapter.external_read_location('o.csv', {'format': 'csv'}) }}"
                                        + " {{ external_location(this, config) }}"
                                        + " {{ render_write_options({'options': {'codec': 'zstd'}, 'format': 'parquet'}) }}"
                                        + " {{ adapter.get_seed_file_path({'root_path': '/x', 'original_file_path': 's/a.csv'}) }}"))
                .isEqualTo(
                        "True False quote '!', header 0, format csv; delimiter '|', format csv, header 1;"
                                + " partition_by (x, y), format parquet; o/*/*/*.parquet o.csv"
                                + " ./shown.parquet {'codec': 'zstd', 'format': 'parquet'} /x/s/a.csv");
    }

    @Test
    void theAdapterAnswersForDbtOnDuckDb() {
        assertThat(
                        printed(
                                "{% set i = adapter.parse_index({'columns': ['a'], 'unique': true}) %}"
                                        + "{{ i.columns }} {{ i.unique }} {{ i.render(this) | length }}"
                                        + " {{ adapter.parse_index(none) }} {{ adapter.valid_incremental_strategies() }}"
                                        + " {{ adapter.get_columns_in_table('main', 'items') | map(attribute='name') | list }}"
                                        + " {{ adapter.get_pseudocolumns_for_relation(this) }}"
                                        + " {{ adapter.get_temp_relation_path(this).schema }}"
                                        + " {{ adapter.get_temp_relation_path(this, 'b').identifier"
                                        + " == adapter.get_temp_relation_path(this).identifier ~ '__b' }}"
                                        + " {{ adapter.convert_datetimes_to_strs(run_query(\"select 1 as a,"
                                        + " timestamp '2026-01-01 10:00:00' as t\")).rows[0].values() }}"
                                        + " {{ api.Relation.get_default_quote_policy().schema }}"
                                        + " {{ this.to_dict().keys() | list | first }} {{ duckdb__get_binding_char() }}"
                                        + " {{ dbt_duckdb.duckdb__current_timestamp() }}"))
                .isEqualTo(
                        "['a'] True 32 None ['append', 'delete+insert', 'merge', 'microbatch']"
                                + " ['id', 'name', 'price'] [] dbt_temp True (1, '2026-01-01 10:00:00') True"
                                + " path ? now()");
    }

    @Test
    void whatATemplateSeesCanBeListed() {
        assertThat(
                        printed(
                                "{{ 'ref' in builtins.keys() }} {{ builtins.get('nothing') is none }}"
                                        + " {{ 'ref' in builtins }} {{ builtins | length > 40 }}"
                                        + " {{ ['ref', 'dbt', 'shop', 'run_query'] | reject('in', context.keys()) | list }}"
                                        + " {{ exceptions.keys() | length }} {{ 'warn' in exceptions }}"
                                        + " {{ exceptions['warn_snapshot_timestamp_data_types']('a', 'b') }}"
                                        + " {{ model.version is defined }} {{ 'group' in model }} {{ model.docs }}"
                                        + " {{ graph.nodes[model.unique_id].version is none }}"
                                        + " {{ config.get('materialized', 'x', validator=validation.any('view')) }}"))
                .isEqualTo("True True True True [] 21 True False False {'show': True} True view");
    }

    @Test
    void aSettingThatIsNoneOfThoseAllowedIsRefused() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() ->
                        printed(
                                "{{ config.require('materialized', validator=validation.any('table', 'incremental')) }}"))
                .hasMessageContaining("Expected value \"view\" to be one of table,incremental.");
    }

    @Test
    void statementsKeepTheirResultsByName() {
        assertThat(
                        printed(
                                "{% call statement('mine', fetch_result=true) %}select 7 as n{% endcall %}"
                                        + "{{ load_result('mine').data[0][0] }} {{ load_result('mine').table.rows[0].n }}"
                                        + "{% do store_result('other', 'OK', none) %} {{ load_result('other').response }}"
                                        + " {{ load_result('none') is none }}"))
                .isEqualTo("7 7 OK True");
    }

    @Test
    void patternsAreThoseOfPython() {
        assertThat(
                        printed(
                                "{% set re = modules.re %}{{ re.sub('(?P<a_b>[a-z]+)', '<\\\\g<a_b>>', 'x1yz') }}"
                                        + " {{ re.findall('(\\\\w)(\\\\d)', 'a1b2') }} {{ re.split(',', 'a,b,c', 1) }}"
                                        + " {{ re.match('{{', '{{ x') is not none }}"
                                        + " {{ re.search('B', 'abc', re.IGNORECASE).span() }}"
                                        + " {{ re.compile('[[]').findall('a[b[') }}"
                                        + " {{ re.match('(?P<first>.)', 'q').groupdict() }}"
                                                .replace("'{{'", "'{' ~ '{'")
                                                .replace("'{{ x'", "'{' ~ '{ x'")))
                .isEqualTo(
                        "<x>1<yz> [('a', '1'), ('b', '2')] ['a', 'b,c'] True (1, 2) ['[', '['] {'first': 'q'}");
    }

    @Test
    void sequencesAreMadeOfSequences() {
        assertThat(
                        printed(
                                "{% set it = modules.itertools %}{{ it.product('ab', [1, 2]) | list }}"
                                        + " {{ it.chain([1], [2, 3]) | list }} {{ it.combinations([1, 2, 3], 2) | list | length }}"
                                        + " {{ it.zip_longest([1, 2], ['a'], fillvalue='-') | list }}"
                                        + " {{ it.accumulate([1, 2, 3]) | list }}"))
                .isEqualTo(
                        "[('a', 1), ('a', 2), ('b', 1), ('b', 2)] [1, 2, 3] 3 [(1, 'a'), (2, '-')] [1, 3, 6]");
    }

    @Test
    void packagesReachWhatIsBehindReferences() {
        folder.write("dbt_packages/tools/dbt_project.yml", "name: tools\nversion: 1.2.3\n")
                .write(
                        "models/e.yml",
                        "exposures:\n  - name: board\n    type: dashboard\n    owner: {name: Ann}\n"
                                + "    depends_on: [\"ref('shown')\"]\n");
        assertThat(
                        printed(
                                "{% set c = builtins.ref.config %}{{ c.project_name }}"
                                        + " {{ c.dependencies['tools'].version }} {{ c.args.full_refresh }}"
                                        + " {{ flags.FULL_REFRESH }} {{ context['target'].name }}"
                                        + " {{ graph.nodes['model.shop.shown'].name }}"
                                        + " {{ graph.exposures.values() | map(attribute='name') | list }}"
                                        + " {% do graph.setdefault('kept', 1) %}{{ graph.kept }}"
                                        + " {{ project_name }} {{ adapter.type() }} {{ model.unique_id }}"
                                        + " {{ diff_of_two_dicts({'a': ['x', 'Y']}, {'A': ['y']}) }}"
                                        + " {{ render('{' ~ '{ 1 + 1 }' ~ '}') }} {{ local_md5('a') }}"))
                .isEqualTo(
                        "shop 1.2.3 True True dev shown ['board'] 1 shop duckdb model.shop.shown"
                                + " {'a': ['x']} 2 0cc175b9c0f1b6a831c399e269772661");
    }

    @Test
    void dispatchFollowsTheSearchOrder() {
        folder.write("dbt_packages/tools/dbt_project.yml", "name: tools\n")
                .write(
                        "dbt_packages/tools/macros/m.sql",
                        "{% macro one() %}{{ return(adapter.dispatch('one', 'tools')()) }}{% endmacro %}"
                                + "{% macro default__one() %}tools{% endmacro %}")
                .write("dbt_packages/shims/dbt_project.yml", "name: shims\n")
                .write(
                        "dbt_packages/shims/macros/m.sql",
                        "{% macro duckdb__one() %}shims{% endmacro %}");
        assertThat(printed("{{ tools.one() }}")).isEqualTo("tools");
        folder.write(
                "dbt_project.yml",
                "name: shop\ndispatch:\n  - macro_namespace: tools\n    search_order: [shims, tools]\n");
        assertThat(printed("{{ tools.one() }}")).isEqualTo("shims");
        folder.write("macros/own.sql", "{% macro default__one() %}own{% endmacro %}")
                .write(
                        "dbt_project.yml",
                        "name: shop\ndispatch:\n  - macro_namespace: tools\n"
                                + "    search_order: [shop, shims, tools]\n");
        assertThat(printed("{{ tools.one() }}")).isEqualTo("own");
    }

    @Test
    void testsOfPackagesComeAlong() {
        folder.write("dbt_packages/tools/dbt_project.yml", "name: tools\n")
                .write("dbt_packages/tools/models/helper.sql", "select 1 as id")
                .write(
                        "dbt_packages/tools/models/helper.yml",
                        "models:\n  - name: helper\n    columns:\n      - name: id\n        tests: [unique]\n")
                .write(
                        "dbt_packages/tools/tests/one.sql",
                        "select * from {{ ref('helper') }} where id > 1");
        assertThat(folder.compile().nodes().keySet().stream().map(Object::toString).toList())
                .contains("test.tools.one")
                .anyMatch(id -> id.startsWith("test.tools.unique_helper_id."));
    }

    @Test
    void loopsCanBeLeft() {
        assertThat(
                        printed(
                                "{% for i in range(9) %}{% if i == 1 %}{% continue %}{% endif %}"
                                        + "{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}"))
                .isEqualTo("023");
    }

    @Test
    void aColumnDescribedTwiceKeepsTheLastWord() {
        folder.write("models/a.sql", "select 1 as id")
                .write(
                        "models/a.yml",
                        "models:\n  - name: a\n    columns:\n      - name: id\n        description: first\n"
                                + "      - name: id\n        description: second\n");
        assertThat(
                        java.util.Objects.requireNonNull(folder.model("a").columns().get("id"))
                                .description())
                .isEqualTo("second");
        assertThat(folder.notes)
                .map(Problem::toString)
                .containsExactly(
                        "models/a.yml:6:15: Model 'a' describes column 'id' twice: first at"
                                + " models/a.yml:4:15. The last description counts. [DUPLICATE_NAME]");
    }
}
