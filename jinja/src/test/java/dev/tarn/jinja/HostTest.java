package dev.tarn.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HostTest {
    /** An object as a host offers it. */
    private record Relation(String name) implements PyObject {
        @Override
        public @Nullable Object attribute(String attribute) {
            return switch (attribute) {
                case "name" -> name;
                case "quoted" -> (PyCallable) arguments -> '"' + name + '"';
                case "broken" -> throw new IllegalStateException("no connection");
                default -> Missing.VALUE;
            };
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            return "first".equals(key) ? name.substring(0, 1) : Missing.VALUE;
        }

        @Override
        public @Nullable Object operate(
                String operator, @Nullable Object other, boolean reflected) {
            return switch (operator) {
                case "+" -> reflected ? other + name : name + other;
                case "==" -> other instanceof Relation relation && relation.name.equals(name);
                case "<" -> other instanceof Relation relation && name.compareTo(relation.name) < 0;
                default -> Missing.VALUE;
            };
        }

        @Override
        public String representation() {
            return "<Relation " + name + ">";
        }

        @Override
        public String text() {
            return name;
        }
    }

    /** Something that is counted and cut as a list is. */
    private record Row(List<Object> values) implements PyObject {
        @Override
        public @Nullable Object attribute(String name) {
            return Missing.VALUE;
        }

        @Override
        public boolean sequence() {
            return true;
        }

        @Override
        public Iterator<Object> iterate() {
            return values.iterator();
        }
    }

    private final JinjaEnvironment environment =
            JinjaEnvironment.builder()
                    .global("orders", new Relation("orders"))
                    .global("items", new Relation("items"))
                    .global("today", LocalDate.of(2026, 11, 1))
                    .global("row", new Row(List.of(1L, "b", 3L)))
                    .global("frozen", List.of(1L, 2L))
                    .global(
                            "fail",
                            (PyCallable)
                                    arguments -> {
                                        throw new IllegalArgumentException(
                                                "bad at " + arguments.place());
                                    })
                    .global(
                            "return",
                            (PyCallable)
                                    arguments -> {
                                        throw new MacroReturn(arguments.get(0, "value", null));
                                    })
                    .global(
                            "apply",
                            (PyCallable)
                                    arguments ->
                                            Values.call(
                                                    arguments.require(0, "function"),
                                                    arguments.with(
                                                            arguments
                                                                    .positional()
                                                                    .subList(1, arguments.count()),
                                                            arguments.keywords())))
                    .filter("double", (value, arguments) -> Values.text(value).repeat(2))
                    .test(
                            "longer_than",
                            (value, arguments) ->
                                    Values.text(value).length() > arguments.number(0, "n", 0))
                    .build();

    private String render(String template) {
        return environment.parse("t", template).render(Context.of(Map.of())).text();
    }

    private JinjaException failure(String template) {
        return catchThrowableOfType(JinjaException.class, () -> render(template));
    }

    @Test
    void hostObjectsShowWhatTheyChoose() {
        assertThat(
                        render(
                                "{{ orders }} {{ [orders] }} {{ orders.name }} {{ orders['name'] }}"
                                        + " {{ orders.quoted() }} {{ orders.first }}"
                                        + " {{ orders.other is defined }} {{ orders + '!' }}"
                                        + " {{ '!' + orders }} {{ orders == orders }}"
                                        + " {{ orders == 'orders' }} {{ items < orders }}"
                                        + " {{ [orders, items]|sort }}"))
                .isEqualTo(
                        "orders [<Relation orders>] orders orders \"orders\" o False orders!"
                                + " !orders True False True [<Relation items>, <Relation orders>]");
    }

    @Test
    void nothingElseOfAJavaObjectCanBeReached() {
        assertThat(
                        render(
                                "{{ today }} {{ today.year is defined }}"
                                        + " {{ today.getClass is defined }}"
                                        + " {{ 'x'.getClass is defined }}"
                                        + " {{ ''.__class__ is defined }}"
                                        + " {{ orders.class is defined }}"
                                        + " {{ range.__globals__ is defined }}"
                                        + " {{ {}['__class__'] is defined }}"
                                        + " {{ '{0.__class__}' is string }}"))
                .isEqualTo("2026-11-01 False False False False False False False True");
        assertThat(failure("{{ '{0.__class__}'.format('x') }}"))
                .hasMessage("t:1:20: 'str object' has no attribute '__class__'");
    }

    @Test
    void readOnlyCollectionsSaySo() {
        assertThat(failure("{{ frozen.append(3) }}"))
                .hasMessage("t:1:11: this list cannot be changed");
    }

    @Test
    void whatIsAListToItsHostIsCutIntoTuples() {
        assertThat(render("{{ row[1:] }} {{ row[::-1] }} {{ row[:1] }}"))
                .isEqualTo("('b', 3) (3, 'b', 1) (1,)");
        assertThat(failure("{{ orders[1:] }}"))
                .hasMessage("t:1:10: 'Relation' object is not subscriptable");
    }

    @Test
    void filtersAndTestsOfTheHostWork() {
        assertThat(
                        render(
                                "{{ 'ab'|double }} {{ 'abc' is longer_than 2 }} {{ [1, 2]|map('double')|list }}"))
                .isEqualTo("abab True ['11', '22']");
    }

    @Test
    void failuresOfTheHostGetThePlaceAndTheCalls() {
        JinjaException error =
                failure(
                        """
                        {% macro outer(x) %}
                          {{ inner(x) }}{% endmacro %}
                        {% macro inner(x) %}{{ apply(fail, x) }}{% endmacro %}
                        {{ apply(outer, 1) }}\
                        """);

        assertThat(error.report())
                .isEqualTo(
                        """
                        t:3:24: bad at t:3:24
                          in macro 'inner' called at t:2:6
                          in macro 'outer' called at t:4:4\
                        """);
        assertThat(error.kind()).isEqualTo(JinjaException.Kind.HOST);
        assertThat(error).hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(failure("{{ orders.broken }}")).hasMessage("t:1:11: no connection");
    }

    @Test
    void macrosCanReturnAnyValue() {
        assertThat(
                        render(
                                "{% macro m(x) %}ignored{{ return([x, 2]) }}never{% endmacro %}"
                                        + "{{ m(1)[0] + m(5)[1] }} {{ m(3) }}"))
                .isEqualTo("3 [3, 2]");
        assertThat(
                        render(
                                "{% macro m() %}a{{ caller() }}b{% endmacro %}{% macro n() %}"
                                        + "{% call m() %}{{ return('early') }}{% endcall %}"
                                        + "{% endmacro %}{{ n() }}"))
                .isEqualTo("early");
        assertThat(failure("x{{ return(1) }}"))
                .hasMessage("t:1:1: return() was used outside of a macro.");
    }

    @Test
    void aLoneExpressionKeepsItsValue() {
        Context nothing = Context.of(Map.of());

        assertThat(environment.parse("t", "{{ [1, 2] }}").evaluate(nothing))
                .isEqualTo(List.of(1L, 2L));
        assertThat(environment.parse("t", "{{ none }}").evaluate(nothing)).isNull();
        assertThat(environment.parse("t", "{{ 1 }}2").evaluate(nothing)).isEqualTo("12");
    }

    @Test
    void exportsAreTheVariablesOfTheTopLevel() {
        Map<String, Object> exports =
                environment
                        .parse(
                                "t",
                                "{% set a = 1 %}{% macro m() %}{% endmacro %}{% for b in [1] %}{% endfor %}")
                        .exports(Context.of(Map.of()));

        assertThat(exports).containsOnlyKeys("a", "m").containsEntry("a", 1L);
    }

    @Test
    void theContextIsAskedOnlyForWhatIsUsed() {
        List<String> asked = new ArrayList<>();
        Context context =
                name -> {
                    asked.add(name);
                    return name.equals("x") ? (Object) 1L : Missing.VALUE;
                };

        environment.parse("t", "{% set y = 2 %}{{ x }}{{ y }}{{ z is defined }}").render(context);

        assertThat(asked).containsExactly("x", "z");
    }

    @Test
    void javaValuesBecomeValuesOfTemplates() {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("small", 1);
        raw.put("decimal", new BigDecimal("1.50"));
        raw.put("list", new Object[] {(short) 2, 1.5f});

        Object value = Values.from(raw);

        assertThat(Values.representation(value))
                .isEqualTo("{'small': 1, 'decimal': Decimal('1.50'), 'list': [2, 1.5]}");
        assertThat(
                        environment
                                .parse("t", "{{ v.decimal }} {{ v.decimal * 2 }} {{ v.small + 1 }}")
                                .render(Context.of(Map.of("v", raw)))
                                .text())
                .isEqualTo("1.50 3.00 2");
        assertThat(Values.json(Map.of("a", List.of(1L, "é")), -1, true))
                .isEqualTo("{\"a\": [1, \"\\u00e9\"]}");
    }

    @Test
    void undefinedValuesCanBeStrictOrChainableOrTheHostsOwn() {
        assertThatThrownBy(() ->
                        JinjaEnvironment.builder()
                                .undefined(UndefinedFactory.STRICT)
                                .build()
                                .parse("t", "{{ 1 }}{{ x is defined }}\n {{ x }}")
                                .render(Context.of(Map.of())))
                .hasMessage("t:2:5: 'x' is undefined");
        assertThat(
                        JinjaEnvironment.builder()
                                .undefined(UndefinedFactory.CHAINABLE)
                                .build()
                                .parse("t", "[{{ x.y['z'].a }}]")
                                .render(Context.of(Map.of()))
                                .text())
                .isEqualTo("[]");
        Context lenient =
                new Context() {
                    @Override
                    public Object resolve(String name) {
                        return Missing.VALUE;
                    }

                    @Override
                    public UndefinedFactory undefined() {
                        return Silent::new;
                    }
                };
        assertThat(
                        environment
                                .parse("t", "{{ x.y(1).z }}{% set a, b = x() %}{{ a }}!")
                                .render(lenient)
                                .text())
                .isEqualTo("!");
    }

    /** Swallows everything. */
    private static final class Silent extends Undefined {
        Silent(Origin origin) {
            super(origin);
        }

        @Override
        public Object attribute(String name) {
            return this;
        }

        @Override
        public Object call(Arguments arguments) {
            return this;
        }
    }

    @Test
    void manyThreadsRenderOneTemplate() {
        Template template =
                environment.parse(
                        "t",
                        "{% macro m(n) %}{{ n }}{{ caller() }}{% endmacro %}"
                                + "{% for i in range(50) %}{% call m(i) %}{{ x }}{% endcall %}{% endfor %}");
        List<String> outputs =
                IntStream.range(0, 200)
                        .parallel()
                        .mapToObj(
                                n -> template.render(Context.of(Map.of("x", "." + n + " "))).text())
                        .toList();

        for (int n = 0; n < 200; n++) {
            assertThat(outputs.get(n))
                    .startsWith("0." + n + " 1." + n + " ")
                    .endsWith("49." + n + " ");
        }
    }

    @Test
    void templatesImportIncludeAndExtendOthers() {
        Map<String, String> files =
                Map.of(
                        "lib",
                        "{% macro m(x) %}<{{ x }}{{ v }}>{% endmacro %}{% set k = 7 %}"
                                + "{% macro _p() %}{% endmacro %}",
                        "part",
                        "[{{ v }}{{ loc }}]",
                        "base",
                        "A{% block one %}1{% endblock %}B{% block two %}2{{ v }}{% endblock %}C",
                        "middle",
                        "{% extends 'base' %}{% block one %}m{{ super() }}{% endblock %}");
        JinjaEnvironment loading =
                JinjaEnvironment.builder()
                        .loader(name -> Optional.ofNullable(files.get(name)))
                        .build();
        Context context = Context.of(Map.of("v", "!"));

        assertThat(
                        List.of(
                                "{% import 'lib' as l %}{{ l.m(1) }}{{ l.k }}{{ l._p is defined }}",
                                "{% import 'lib' as l with context %}{{ l.m(1) }}",
                                "{% from 'lib' import m as n, k %}{{ n(2) }}{{ k }}",
                                "{% from 'lib' import m with context %}{{ m(2) }}",
                                "{% set loc = 'L' %}{% include 'part' %}{% include 'part' without context %}",
                                "{% include 'gone' ignore missing %}{% include ['gone', 'part'] %}",
                                "{% extends 'base' %}ignored{% block two %}x{{ super() }}y{% endblock %}",
                                "{% extends 'middle' %}{% block one %}t{{ super() }}{% endblock %}",
                                "{% extends 'base' %}{% set v = 'own' %}",
                                "{% for i in [1] %}{% block b scoped %}{{ i }}{% endblock %}{% endfor %}"
                                        + "{{ self.b() }}"))
                .map(template -> loading.parse("t", template).render(context).text())
                .containsExactly(
                        "<1>7False",
                        "<1!>",
                        "<2>7",
                        "<2!>",
                        "[!L][]",
                        "[!]",
                        "A1Bx2!yC",
                        "Atm1B2!C",
                        "A1B2ownC",
                        "1");
        assertThatThrownBy(() ->
                        loading.parse("t", "{% from 'lib' import gone %}\n{{ gone() }}")
                                .render(context))
                .hasMessage(
                        "t:2:4: the template 'lib' (imported on line 1 in 't') does not export the"
                                + " requested name 'gone'");
    }
}
