package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("StringConcatToTextBlock") // short files read better in one piece
class YamlReaderTest {
    static List<Arguments> words() {
        return List.of(
                Arguments.of("yes", true),
                Arguments.of("Off", false),
                Arguments.of("on", true),
                Arguments.of("true", true),
                Arguments.of("y", "y"),
                Arguments.of("'yes'", "yes"),
                Arguments.of("~", null),
                Arguments.of("null", null),
                Arguments.of("", null),
                Arguments.of("12", 12L),
                Arguments.of("-1_000", -1000L),
                Arguments.of("010", 8L),
                Arguments.of("08", "08"),
                Arguments.of("0o14", "0o14"),
                Arguments.of("0x1F", 31L),
                Arguments.of("0b101", 5L),
                Arguments.of("1:30", 90L),
                Arguments.of("190:20:30", 685230L),
                Arguments.of("1.5", 1.5),
                Arguments.of("1e3", "1e3"),
                Arguments.of("1.0e+3", 1000.0),
                Arguments.of(".5", 0.5),
                Arguments.of("-.inf", Double.NEGATIVE_INFINITY),
                Arguments.of("1.2.3", "1.2.3"),
                Arguments.of("2026-01-02", "2026-01-02"),
                Arguments.of("!!str 12", "12"),
                Arguments.of(
                        "12345678901234567890", new java.math.BigInteger("12345678901234567890")));
    }

    @ParameterizedTest
    @MethodSource("words")
    void wordsMeanWhatTheyMeanToPyYaml(String text, @Nullable Object expected) {
        assertThat(plain("value: " + text)).isEqualTo(mapOf("value", expected));
    }

    private static Map<Object, @Nullable Object> mapOf(String key, @Nullable Object value) {
        Map<Object, @Nullable Object> map = new java.util.HashMap<>();
        map.put(key, value);
        return map;
    }

    private static @Nullable Object plain(String text) {
        Problems problems = new Problems();
        YamlValue value = YamlReader.read("a.yml", text, problems).orElseThrow();
        assertThat(problems.sorted()).isEmpty();
        return value.plain();
    }

    private static String problems(String... lines) {
        Problems problems = new Problems();
        YamlReader.read("a.yml", String.join("\n", lines), problems);
        return problems.sorted().stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }

    @Test
    void anchorsAndMergeKeysAreFilledIn() {
        assertThat(
                        plain(
                                """
                                base: &base {a: 1, b: 2}
                                other: &other {b: 3, c: 4}
                                one:
                                  <<: *base
                                  b: 5
                                two:
                                  <<: [*base, *other]
                                again: *base
                                """))
                .isEqualTo(
                        Map.of(
                                "base", Map.of("a", 1L, "b", 2L),
                                "other", Map.of("b", 3L, "c", 4L),
                                "one", Map.of("a", 1L, "b", 5L),
                                "two", Map.of("a", 1L, "b", 2L, "c", 4L),
                                "again", Map.of("a", 1L, "b", 2L)));
    }

    @Test
    void placesAreThoseOfTheValues() {
        YamlValue value =
                YamlReader.read("a.yml", "list:\n  - one\n  - key: two\n", new Problems())
                        .orElseThrow();
        YamlValue list = ((YamlValue.Mapping) value).find("list").orElseThrow().value();
        assertThat(((YamlValue.Sequence) list).items().stream().map(i -> i.place().toString()))
                .isEqualTo(Arrays.asList("a.yml:2:5", "a.yml:3:5"));
    }

    @Test
    void aKeyTwiceIsToldWithBothLines() {
        assertThat(problems("a: 1", "b: 2", "a: 3", "b: 4"))
                .isEqualTo(
                        """
                        a.yml:3:1: Key 'a' is here twice: first in line 1, again in line 3. \
                        Keep one of them. [YAML_INVALID]
                        a.yml:4:1: Key 'b' is here twice: first in line 2, again in line 4. \
                        Keep one of them. [YAML_INVALID]\
                        """);
    }

    @Test
    void aTemplateWithoutQuotesIsExplained() {
        assertThat(problems("schema: {{ target.schema }}"))
                .isEqualTo(
                        "a.yml:1:10: A key must be a word. A value that begins with '{{' must"
                                + " stand in quotes. [YAML_INVALID]");
        assertThat(problems("schema: {{ var('a') }}_b"))
                .isEqualTo(
                        "a.yml:1:23: This is not YAML: expected <block end>, but found '<scalar>'."
                                + " A value that begins with '{{' must stand in quotes."
                                + " [YAML_INVALID]");
    }

    @Test
    void aTabIsExplained() {
        assertThat(problems("models:", "\t- name: a"))
                .isEqualTo(
                        "a.yml:2:1: This is not YAML: found character '\\t(TAB)' that cannot start"
                                + " any token. (Do not use \\t(TAB) for indentation)."
                                + " YAML is indented with spaces; this line begins with a tab."
                                + " [YAML_INVALID]");
    }

    @Test
    void anAnchorInsideItselfIsRefused() {
        assertThat(problems("a: &x", "  b: *x"))
                .isEqualTo(
                        "a.yml:1:4: An anchor contains itself here. Write the inner value out."
                                + " [YAML_INVALID]");
    }
}
