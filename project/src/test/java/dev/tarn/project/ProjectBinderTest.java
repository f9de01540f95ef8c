package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("StringConcatToTextBlock") // short files read better in one piece
class ProjectBinderTest {
    @TempDir Path root;
    private Optional<Engine> engine = Optional.empty();
    private ProjectFolder folder;

    @BeforeEach
    void folder() {
        folder = new ProjectFolder(root.resolve("project"));
        engine = Optional.of(DuckDbEngine.open(DuckDbConfig.defaults(root.resolve("spill"))));
    }

    @AfterEach
    void close() {
        engine.ifPresent(Engine::close);
    }

    private Project bind(Function<NodeId, Optional<Schema>> known) {
        Project project = folder.compile();
        try (EngineSession session = engine.orElseThrow().open(Engine.SessionOptions.TRUSTED)) {
            return ProjectBinder.bind(project, session, known, folder.notes::add);
        }
    }

    private static Optional<Schema> nothing(NodeId id) {
        return Optional.empty();
    }

    private static String columns(Project project, String model) {
        Schema schema =
                ((Node.Model) ProjectFolder.node(project, "model.shop." + model))
                        .schema()
                        .orElseThrow();
        return String.join(
                ", ", schema.fields().stream().map(f -> f.name() + " " + f.type().sql()).toList());
    }

    @Test
    void modelsGetTheColumnsOfTheirQueries() {
        folder.write("seeds/codes.csv", "code,label\n1,one\n2,two\n")
                .write("models/raw.yml", "sources:\n  - name: raw\n    tables: [{name: items}]\n")
                .write(
                        "models/base.sql",
                        "{{ config(materialized='ephemeral') }} select id, ts::date as day from {{ source('raw', 'items') }}")
                .write(
                        "models/a.sql",
                        "{{ config(materialized='incremental') }} select b.day, c.label, count(*) as n"
                                + " from {{ ref('base') }} b join {{ ref('codes') }} c on c.code = b.id"
                                + "{% if is_incremental() %} where b.day > (select max(day) from {{ this }}){% endif %}"
                                + " group by all")
                .write("models/z.sql", "select n + 1 as m from {{ ref('a') }}");
        Schema items =
                new Schema(
                        List.of(
                                Field.of("id", Type.Primitive.BIGINT),
                                Field.of("ts", Type.Primitive.TIMESTAMP)));
        Project project = bind(id -> Optional.of(items));
        assertThat(columns(project, "a")).isEqualTo("day DATE, label VARCHAR, n BIGINT");
        assertThat(columns(project, "z")).isEqualTo("m BIGINT");
    }

    @Test
    void allMistakesAreToldOnceAndAtTheirPlace() {
        folder.write("models/good.sql", "select 1 as id, 'x' as label")
                .write("models/wrong.sql", "select\n  id,\n  lable\nfrom {{ ref('good') }}")
                .write("models/behind.sql", "select * from {{ ref('wrong') }}")
                .write(
                        "models/type.sql",
                        "select id\nfrom {{ ref('good') }}\nwhere sqrt(label) > 1")
                .write(
                        "models/good.yml",
                        "models:\n  - name: good\n    columns:\n      - name: idd\n        tests: [unique]\n");
        assertThatThrownBy(() -> bind(ProjectBinderTest::nothing))
                .message()
                .satisfies(text -> {
                    assertThat(text.lines()).hasSize(3);
                    assertThat(text.lines().toList().get(0))
                            .startsWith("models/good.yml:5:17: ")
                            .contains("idd")
                            .endsWith("[COLUMN_NOT_FOUND]");
                    assertThat(text.lines().toList().get(1))
                            .startsWith("models/type.sql:3:7: ")
                            .endsWith("[TYPE_MISMATCH]");
                    assertThat(text.lines().toList().get(2))
                            .startsWith("models/wrong.sql:3:3: ")
                            .contains("'label'")
                            .endsWith("[COLUMN_NOT_FOUND]");
                });
    }

    @Test
    void tablesThatAreNotDeclaredAreRefused() {
        folder.write("models/good.sql", "select 1 as id")
                .write("models/a.sql", "select *\nfrom main.good")
                .write("models/b.sql", "select * from main.god")
                .write("models/c.sql", "select * from {{ this }}");
        assertThatThrownBy(() -> bind(ProjectBinderTest::nothing))
                .hasMessage(
                        """
                        models/a.sql:2:6: 'a' reads main.good without saying that it depends on it. \
                        Write {{ ref('good') }} instead. [TABLE_NOT_FOUND]
                        models/b.sql:1:15: 'b' reads main.god, which is no table of this project. Did \
                        you mean 'main.good'? Name tables with ref() or source(). [TABLE_NOT_FOUND]
                        models/c.sql:1:15: 'c' reads main.c, which it makes itself. A model that \
                        goes on from its own rows is incremental: set materialized='incremental' \
                        and read {{ this }} inside {% if is_incremental() %}. [TABLE_NOT_FOUND]\
                        """);
    }

    @Test
    void whatReadsAnUnknownSourceIsPassedOver() {
        folder.write(
                        "models/raw.yml",
                        """
                        sources:
                          - name: raw
                            tables:
                              - name: unknown
                              - name: typed
                                columns:
                                  - {name: id, data_type: integer}
                                  - {name: amount, data_type: 'decimal(10, 2)'}
                        """)
                .write("models/a.sql", "select nonsense from {{ source('raw', 'unknown') }}")
                .write(
                        "models/b.sql",
                        "select amount * 2 as twice from {{ source('raw', 'typed') }}");
        Project project = bind(ProjectBinderTest::nothing);
        assertThat(columns(project, "b")).isEqualTo("twice DECIMAL(18,2)");
        assertThat(folder.notes)
                .map(Problem::toString)
                .containsExactly(
                        "models/raw.yml:4:15: The columns of source 'raw.unknown' are not known yet,"
                                + " so what reads it is not checked before it runs. Declare each column"
                                + " with its data_type to have it checked. [TABLE_NOT_FOUND]");
    }

    @Test
    void templatesMayLookAtDataWhereThereIsADatabase() {
        folder.write(
                        "models/a.sql",
                        "{% set r = run_query('select 7 as n, 1.5 as x') %}"
                                + "{% set c = adapter.get_columns_in_relation(source('raw', 'items')) %}"
                                + "select {{ r.columns[0].values()[0] }} as {{ c[0].name }},"
                                + " {{ r.rows[0]['x'] }} as {{ r.column_names[1] }}")
                .write("models/raw.yml", "sources:\n  - name: raw\n    tables: [{name: items}]\n");
        try (EngineSession session = engine.orElseThrow().open(Engine.SessionOptions.TRUSTED)) {
            session.define(
                    new TableName("raw", "items"),
                    new Relation.Shape(new Schema(List.of(Field.of("id", Type.Primitive.BIGINT)))));
            Project project =
                    ProjectCompiler.compile(
                            folder.request().withDatabase(new SessionDatabase(session)));
            assertThat(((Node.Model) ProjectFolder.node(project, "model.shop.a")).sql().sql())
                    .isEqualTo("select 7 as id, 1.5 as x");
        }
    }

    @Test
    void tarnsOwnMacrosAreSqlOfTheHouseDialect() {
        folder.write(
                "models/m.sql",
                """
                select
                    {{ dbt.date_trunc('month', "timestamp '2026-03-04 05:06:07'") }} as month,
                    {{ dbt.dateadd('day', 3, "date '2026-03-04'") }} as later,
                    {{ dbt.datediff("date '2026-03-04'", "date '2026-03-14'", 'day') }} as days,
                    {{ dbt.last_day("date '2026-02-04'", 'month') }} as last_day,
                    {{ dbt.last_day("date '2026-02-04'", 'quarter') }} as last_of_quarter,
                    {{ dbt.concat(["'a'", "'b'"]) }} as ab,
                    {{ dbt.hash("'a'") }} as hashed,
                    {{ dbt.safe_cast("'a'", dbt.type_int()) }} as number,
                    {{ dbt.split_part("'a-b'", "'-'", 2) }} as part,
                    {{ dbt.position("'b'", "'ab'") }} as position,
                    {{ dbt.replace("'ab'", "'b'", "'c'") }} as replaced,
                    {{ dbt.right("'ab'", 1) }} as righty,
                    {{ dbt.length("'ab'") }} as len,
                    {{ dbt.string_literal(dbt.escape_single_quotes("it's")) }} as literal,
                    {{ dbt.cast_bool_to_text('true') }} as flag,
                    {{ dbt.current_timestamp() }} as now,
                    {{ dbt.any_value('x') }} as some,
                    {{ dbt.bool_or('x > 1') }} as any_big,
                    {{ dbt.listagg('x', "','", 'order by x') }} as listed,
                    {{ dbt.listagg('x', "','", 'order by x', 2) }} as listed_two,
                    {{ dbt.array_construct([1, 2]) }} as numbers,
                    cast(null as {{ dbt.type_numeric() }}) as amount
                from ({{ dbt.generate_series(3) }}) as s(x)
                """);
        assertThat(columns(bind(ProjectBinderTest::nothing), "m"))
                .isEqualTo(
                        "month TIMESTAMP, later TIMESTAMP, days BIGINT, last_day DATE,"
                                + " last_of_quarter DATE, ab VARCHAR, hashed VARCHAR, number INTEGER,"
                                + " part VARCHAR, position BIGINT, replaced VARCHAR, righty VARCHAR,"
                                + " len BIGINT, literal VARCHAR, flag VARCHAR, now TIMESTAMPTZ,"
                                + " some BIGINT, any_big BOOLEAN, listed VARCHAR, listed_two VARCHAR,"
                                + " numbers INTEGER[], amount DECIMAL(28,6)");
    }
}
