package dev.tarn.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BlocksTest {
    private static final Context NOTHING = Context.of(Map.of());

    private final JinjaEnvironment environment =
            JinjaEnvironment.builder()
                    .typedParameters()
                    .blockTag(BlockTag.withSignature("test"))
                    .blockTag(BlockTag.withName("snapshot"))
                    .blockTag(BlockTag.withSettings("materialization"))
                    .blockTag(BlockTag.rawText("docs"))
                    .build();

    @Test
    void theTopLevelIsListedWithoutRendering() {
        Template template =
                environment.parse(
                        "f.sql",
                        """
                        {% macro a(x, y='d') %}A{{ x }}{{ y }}{% endmacro %}
                        {% test positive(model, column) %}
                          select * from {{ model }} where {{ column }} <= 0
                        {% endtest %}
                        {%- snapshot orders -%} select 1 {%- endsnapshot %}
                        {% if missing.fails %}{% macro hidden() %}{% endmacro %}{% endif %}
                        """);

        assertThat(template.blocks())
                .extracting(Block::toString)
                .containsExactly(
                        "macro a at f.sql:1:1",
                        "test positive at f.sql:2:1",
                        "snapshot orders at f.sql:5:1");
        assertThat(template.macros()).extracting(Block::name).containsExactly("a");
        assertThat(template.block("test", "positive")).isPresent();
        assertThat(template.block("test", "a")).isEmpty();
    }

    @Test
    void parametersKeepTheirTypesDefaultsAndPlaces() {
        Block block =
                environment
                        .parse(
                                "f",
                                "{% macro m(a: string, b: list[dict[str, any]]=[1, 'x'],\n c=none) %}{% endmacro %}")
                        .macros()
                        .getFirst();

        assertThat(block.parameters())
                .containsExactly(
                        new Parameter("a", "string", null, new Place("f", 1, 12)),
                        new Parameter(
                                "b", "list[dict[str, any]]", "[1, 'x']", new Place("f", 1, 23)),
                        new Parameter("c", null, "none", new Place("f", 2, 2)));
    }

    @Test
    void typesOfParametersAreAnErrorUnlessEnabled() {
        assertThatThrownBy(() ->
                        JinjaEnvironment.builder()
                                .build()
                                .parse("f", "{% macro m(a: string) %}{% endmacro %}"))
                .hasMessage("f:1:13: expected token ',', got ':'");
    }

    @Test
    void settingsAreConstants() {
        Block block =
                environment
                        .parse(
                                "f",
                                "{% materialization my_table, adapter='tarn', default,"
                                        + " supported_languages=['sql', 'python'] %}x"
                                        + "{% endmaterialization %}")
                        .blocks()
                        .getFirst();

        assertThat(block.settings())
                .isEqualTo(
                        Map.of(
                                "adapter",
                                "tarn",
                                "default",
                                true,
                                "supported_languages",
                                List.of("sql", "python")));
        assertThatThrownBy(() ->
                        environment.parse(
                                "f",
                                "{% materialization m, adapter=x %}" + "{% endmaterialization %}"))
                .hasMessage("f:1:31: the value of 'adapter' must be a constant");
    }

    @Test
    void spansCoverTheBlockAndItsBody() {
        String source = "a\n{%- macro m() -%}\n  body {{ 1 }}\n{%- endmacro m -%}\nb";
        Block block = environment.parse("f", source).macros().getFirst();

        assertThat(source.substring(block.span().startOffset(), block.span().endOffset()))
                .isEqualTo("{%- macro m() -%}\n  body {{ 1 }}\n{%- endmacro m -%}");
        assertThat(block.bodyText()).isEqualTo("\n  body {{ 1 }}\n");
        assertThat(block.span().start()).isEqualTo(new Place("f", 2, 1));
        assertThat(block.bodySpan().end()).isEqualTo(new Place("f", 4, 1));
    }

    @Test
    void rawBodiesAreNotInterpreted() {
        Template template =
                environment.parse(
                        "f.md",
                        "# x\n{% docs orders %}\n{{ not }} {% jinja %} 'quote\n{% enddocs %}\nend");

        assertThat(template.blocks().getFirst().bodyText())
                .isEqualTo("\n{{ not }} {% jinja %} 'quote\n");
        assertThat(template.blocks().getFirst().render(NOTHING).text())
                .isEqualTo("\n{{ not }} {% jinja %} 'quote\n");
        assertThat(template.render(NOTHING).text()).isEqualTo("# x\n\nend");
        assertThatThrownBy(() -> environment.parse("f.md", "x {% docs a %} never closed"))
                .hasMessage(
                        "f.md:1:3: Unexpected end of template. Jinja was looking for the following"
                                + " tags: 'enddocs'. The innermost block that needs to be closed is"
                                + " 'docs'.");
    }

    @Test
    void aBoundBlockTakesFreeNamesFromItsContext() {
        Template template =
                environment.parse(
                        "f",
                        "{% macro a(x) %}{{ x }}{{ b(x) }}{{ target }}{% endmacro %}"
                                + "{% macro b(x) %}<{{ x }}>{% endmacro %}");
        Context context =
                name ->
                        switch (name) {
                            case "target" -> "dev";
                            case "b" -> template.macros().get(1).bind(NOTHING);
                            default -> Missing.VALUE;
                        };

        MacroValue macro = template.macros().getFirst().bind(context);

        assertThat(macro.name()).isEqualTo("a");
        assertThat(macro.call(Arguments.of("v"))).isEqualTo("v<v>dev");
        assertThat(macro.call(Arguments.of(List.of(), Map.of("x", 1L)))).isEqualTo("1<1>dev");
    }

    @Test
    void constantCallsAreFoundWithoutRendering() {
        Template template =
                environment.parse(
                        "f",
                        """
                        {{ config(materialized='table', tags=['a', 'b'], n=-1, meta={'k': none}) }}
                        select * from {{ ref('pkg', 'orders', v=2) }} join {{ source(src, 't') }}
                        {% if false %}{{ config.get('x') }}{{ other('y') }}{% endif %}
                        {% macro m() %}{{ ref(*args) }}{% endmacro %}{{ ref('a' ~ '_b') | upper }}
                        """);

        List<CallSite> calls = template.calls(Set.of("config", "ref", "source", "config.get"));

        assertThat(calls)
                .extracting(CallSite::function, call -> call.place().toString(), CallSite::constant)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("config", "f:1:4", true),
                        org.assertj.core.groups.Tuple.tuple("ref", "f:2:18", true),
                        org.assertj.core.groups.Tuple.tuple("source", "f:2:55", false),
                        org.assertj.core.groups.Tuple.tuple("config.get", "f:3:25", true),
                        org.assertj.core.groups.Tuple.tuple("ref", "f:4:19", false),
                        org.assertj.core.groups.Tuple.tuple("ref", "f:4:49", true));
        assertThat(Values.representation(calls.get(0).keywords()))
                .isEqualTo(
                        "{'materialized': 'table', 'tags': ['a', 'b'], 'n': -1,"
                                + " 'meta': {'k': None}}");
        assertThat(calls.get(1).positional()).containsExactly("pkg", "orders");
        assertThat(calls.get(1).keywords()).isEqualTo(Map.of("v", 2L));
        assertThat(calls.get(2).positional()).containsExactly(Missing.VALUE, "t");
        assertThat(calls.get(4).block()).isEqualTo("m");
        assertThat(calls.get(5).positional()).containsExactly("a_b");
    }
}
