package dev.tarn.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class SourceMapTest {
    private final JinjaEnvironment environment =
            JinjaEnvironment.builder()
                    .global("same", (PyCallable) arguments -> arguments.require(0, "value"))
                    .global(
                            "return",
                            (PyCallable)
                                    arguments -> {
                                        throw new MacroReturn(arguments.get(0, "value", null));
                                    })
                    .build();

    private Rendered render(String template) {
        return environment.parse("t", template).render(Context.of(Map.of("x", "value")));
    }

    private static String place(Rendered rendered, String part) {
        return rendered.sourceMap().locate(rendered.text().indexOf(part)).toString();
    }

    @Test
    void templateTextMapsCharacterByCharacter() {
        Rendered rendered = render("select a,\n  b\n{% if true %}\n  from t{% endif %}");

        assertThat(place(rendered, "a,")).isEqualTo("t:1:8");
        assertThat(place(rendered, "b")).isEqualTo("t:2:3");
        assertThat(place(rendered, "from")).isEqualTo("t:4:3");
        assertThat(place(rendered, "t")).isEqualTo("t:1:6");
    }

    @Test
    void strippedWhiteSpaceDoesNotShiftTheMap() {
        Rendered rendered = render("a  {%- if true -%}  \n  b{% endif %}\r\nc");

        assertThat(rendered.text()).isEqualTo("ab\nc");
        assertThat(place(rendered, "b")).isEqualTo("t:2:3");
        assertThat(place(rendered, "c")).isEqualTo("t:3:1");
    }

    @Test
    void anExpressionMapsToItsBraces() {
        Rendered rendered = render("ab\n {{ x|upper }}c");

        assertThat(place(rendered, "VALUE")).isEqualTo("t:2:2");
        assertThat(place(rendered, "UE")).isEqualTo("t:2:2");
        assertThat(place(rendered, "c")).isEqualTo("t:2:15");
    }

    @Test
    void theTextOfAMacroMapsIntoTheMacro() {
        Rendered rendered =
                render("{% macro m(c) %}one {{ c }}\n two{% endmacro %}\n-- {{ m('arg') }} end");

        assertThat(place(rendered, "one")).isEqualTo("t:1:17");
        assertThat(place(rendered, "arg")).isEqualTo("t:1:21");
        assertThat(place(rendered, "two")).isEqualTo("t:2:2");
        assertThat(place(rendered, "end")).isEqualTo("t:3:19");
    }

    @Test
    void theMapSurvivesVariablesHostCallsAndReturns() {
        Rendered rendered =
                render(
                        """
                        {% macro inner() %}select 1{% endmacro %}
                        {% macro outer() %}{{ return(same(inner())) }}{% endmacro %}
                        {% set kept %}with q as ({{ outer() }}){% endset %}
                        {{ kept if true else '' }}
                        """);

        assertThat(place(rendered, "with q")).isEqualTo("t:3:15");
        assertThat(place(rendered, "select 1")).isEqualTo("t:1:20");
        assertThat(place(rendered, "1")).isEqualTo("t:1:27");
    }

    @Test
    void aTransformedTextMapsToTheCall() {
        Rendered rendered = render("{% macro m() %}text{% endmacro %}> {{ m()|upper }}");

        assertThat(place(rendered, "TEXT")).isEqualTo("t:1:36");
        assertThat(place(rendered, "EXT")).isEqualTo("t:1:36");
    }

    @Test
    void theBodyOfACallBlockMapsToItself() {
        Rendered rendered =
                render(
                        "{% macro m() %}<{{ caller() }}>{% endmacro %}\n"
                                + "{% call m() %}body{% endcall %}");

        assertThat(place(rendered, "<")).isEqualTo("t:1:16");
        assertThat(place(rendered, "body")).isEqualTo("t:2:15");
    }

    @Test
    void includedTextMapsToItsOwnTemplate() {
        JinjaEnvironment loading =
                JinjaEnvironment.builder()
                        .loader(name -> java.util.Optional.of("first\n{{ 1 }} of " + name))
                        .build();

        Rendered rendered =
                loading.parse("main", "{% include 'part' %}").render(Context.of(Map.of()));

        assertThat(place(rendered, "1 of")).isEqualTo("part:2:1");
        assertThat(place(rendered, "of part")).isEqualTo("part:2:9");
    }

    @Test
    void placesOutsideTheOutputStayInsideTheTemplate() {
        assertThat(render("").sourceMap().locate(0)).isEqualTo(new Place("t", 1, 1));
        assertThat(render("ab").sourceMap().locate(2)).isEqualTo(new Place("t", 1, 3));
    }
}
