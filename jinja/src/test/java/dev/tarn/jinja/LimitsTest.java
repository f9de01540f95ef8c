package dev.tarn.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LimitsTest {
    private final JinjaEnvironment environment =
            JinjaEnvironment.builder()
                    .limits(
                            Limits.defaults()
                                    .withOutputChars(100)
                                    .withLoopIterations(50)
                                    .withRecursionDepth(20)
                                    .withRangeSize(60))
                    .build();

    private JinjaException failure(JinjaEnvironment in, String template) {
        return catchThrowableOfType(
                JinjaException.class, () -> in.parse("t", template).render(Context.of(Map.of())));
    }

    @Test
    void tooMuchOutputIsRefused() {
        assertThat(failure(environment, "{% for i in range(9) %}\n{{ 'x' * 20 }}{% endfor %}"))
                .hasMessage(
                        "t:2:1: The text grew beyond 100 characters. Check for a loop that writes"
                                + " more than intended.");
    }

    @Test
    void theRoundsOfAllLoopsCount() {
        assertThat(
                        failure(
                                environment,
                                "{% for i in range(8) %}{% for j in range(8) %}{% endfor %}{% endfor %}"))
                .hasMessage(
                        "t:1:24: The loops of this rendering took more than 50 rounds. Check what"
                                + " the loop runs over.");
    }

    @Test
    void endlessRecursionIsRefusedWithItsCalls() {
        JinjaException error =
                failure(environment, "{% macro m() %}{{ m() }}{% endmacro %}\n{{ m() }}");

        assertThat(error)
                .hasMessage(
                        "t:1:19: Macros, includes or loops are nested more than 20 deep. Check for"
                                + " a macro that calls itself without end.");
        assertThat(error.frames())
                .hasSize(20)
                .last()
                .isEqualTo(new JinjaException.Frame("m", new Place("t", 2, 4)));
    }

    @Test
    void largeRangesAreRefused() {
        assertThat(failure(environment, "{{ range(61) }}"))
                .hasMessage("t:1:4: range() of 61 numbers is beyond the limit of 60.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 'x' * 1000000000 }}",
                "{{ [1] * 1000000000 }}",
                "{{ 2 ** 10000000 }}",
                "{{ 2 ** 9999999999999 }}",
                "{{ 'x'.ljust(1000000000) }}",
                "{{ 'x'|center(1000000000) }}",
                "{{ 'x'|indent(1000000000) }}",
                "{{ '%1000000000d' % 1 }}",
                "{{ '{:999999999}'.format(1) }}",
                "{{ '%.999999999f' % 1 }}",
                "{{ '1'.zfill(1000000000) }}",
                "{{ [1]|batch(1000000000, 0)|list }}",
                "{{ [1]|slice(1000000000)|list }}",
                "{{ range(1000000000000) }}",
                "{% set ns = namespace(s='xxxxxxxxxx') %}{% for i in range(40) %}"
                        + "{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
                "{% set l = [1] %}{% for i in range(40) %}{{ l.extend(l) }}{% endfor %}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(40) %}"
                        + "{% set ns.l = ns.l + ns.l %}{% endfor %}",
                "{% set ns = namespace(t=(1,)) %}{% for i in range(40) %}"
                        + "{% set ns.t = ns.t + ns.t %}{% endfor %}",
                "{% set ns = namespace(s='xxxxxxxxxx') %}{% for i in range(40) %}"
                        + "{% set ns.s = ns.s.replace('x', 'xxxx') %}{% endfor %}",
            })
    void noExpressionAloneCanUseUpTheMemory(String template) {
        assertThat(failure(JinjaEnvironment.builder().build(), template).kind())
                .isEqualTo(JinjaException.Kind.LIMIT);
    }

    @Test
    void theDefaultDepthFitsTheStack() {
        JinjaException error =
                failure(
                        JinjaEnvironment.builder().build(),
                        "{% macro m(n) %}{% if true %}{% for i in [1] %}{{ m(n + 1) if n >= 0 }}"
                                + "{% endfor %}{% endif %}{% endmacro %}{{ m(0) }}");

        assertThat(error.reason())
                .isEqualTo("Macros, includes or loops are nested more than 300 deep.");
    }

    @Test
    void deeplyNestedExpressionsAreRefused() {
        assertThat(failure(environment, "{{ " + "(".repeat(5000) + "1" + ")".repeat(5000) + " }}"))
                .hasMessage("t:1:204: Expressions or blocks are nested more than 200 deep.");
        assertThat(failure(environment, "{{ " + "-".repeat(5000) + "1 }}").reason())
                .isEqualTo("Expressions or blocks are nested more than 200 deep.");
        assertThat(failure(environment, "{% if 1 %}".repeat(5000)).reason())
                .isEqualTo("Expressions or blocks are nested more than 200 deep.");
    }

    @Test
    void listsNestedTooDeeplyAreAnErrorAndNotACrash() {
        assertThat(
                        failure(
                                JinjaEnvironment.builder().build(),
                                "{% set ns = namespace(l=[]) %}{% for i in range(200000) %}"
                                        + "{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}"))
                .hasMessage(
                        "t:1:1: The template nests values or calls too deeply. Check for a list"
                                + " that contains itself.");
    }
}
