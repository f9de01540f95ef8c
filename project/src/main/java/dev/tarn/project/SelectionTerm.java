package dev.tarn.project;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One term of a selection.
 *
 * @param method how the value is compared, such as {@code tag}
 * @param detail what the method is about, such as the setting of {@code config.materialized}
 * @param parents how many steps up are added; 0 for none
 * @param children how many steps down are added; 0 for none
 * @param childrensParents whether what the children read is added too
 */
record SelectionTerm(
        String text,
        Method method,
        String detail,
        String value,
        int parents,
        int children,
        boolean childrensParents) {
    private static final Pattern FORM =
            Pattern.compile(
                    "(?<at>@)?(?:(?<parents>[0-9]*)\\+)?(?:(?<method>[A-Za-z_]+(?:\\.[\\w.-]+)?):)?"
                            + "(?<value>.+?)(?:\\+(?<children>[0-9]*))?");

    /** How a value is compared with a node. */
    enum Method {
        /** By name, or by folders and name: what a bare word means. */
        FQN,
        PATH,
        FILE,
        TAG,
        SOURCE,
        RESOURCE_TYPE,
        CONFIG,
        TEST_TYPE,
        TEST_NAME,
        PACKAGE,
        ACCESS,
        GROUP,
        VERSION,
        UNIT_TEST,
        STATE,
        RESULT,
        SOURCE_STATUS,
        EXPOSURE,
        METRIC,
        SEMANTIC_MODEL,
        SAVED_QUERY
    }

    private static final Map<String, Method> METHODS =
            Map.ofEntries(
                    Map.entry("fqn", Method.FQN),
                    Map.entry("path", Method.PATH),
                    Map.entry("file", Method.FILE),
                    Map.entry("tag", Method.TAG),
                    Map.entry("source", Method.SOURCE),
                    Map.entry("resource_type", Method.RESOURCE_TYPE),
                    Map.entry("config", Method.CONFIG),
                    Map.entry("test_type", Method.TEST_TYPE),
                    Map.entry("test_name", Method.TEST_NAME),
                    Map.entry("package", Method.PACKAGE),
                    Map.entry("access", Method.ACCESS),
                    Map.entry("group", Method.GROUP),
                    Map.entry("version", Method.VERSION),
                    Map.entry("unit_test", Method.UNIT_TEST),
                    Map.entry("state", Method.STATE),
                    Map.entry("result", Method.RESULT),
                    Map.entry("source_status", Method.SOURCE_STATUS),
                    Map.entry("exposure", Method.EXPOSURE),
                    Map.entry("metric", Method.METRIC),
                    Map.entry("semantic_model", Method.SEMANTIC_MODEL),
                    Map.entry("saved_query", Method.SAVED_QUERY));

    /** What the methods can be asked for that know a few words only. */
    private static final Map<Method, Set<String>> WORDS =
            Map.of(
                    Method.VERSION,
                    Set.of("latest", "prerelease", "old", "none"),
                    Method.TEST_TYPE,
                    Set.of("generic", "singular", "data", "unit"),
                    Method.STATE,
                    StateMatcher.words(),
                    Method.RESOURCE_TYPE,
                    Set.of(
                            "model",
                            "seed",
                            "snapshot",
                            "source",
                            "test",
                            "data_test",
                            "unit_test",
                            "analysis",
                            "function",
                            "exposure",
                            "metric",
                            "semantic_model",
                            "saved_query"));

    /** Whether it compares with what an earlier invocation left. */
    boolean compares() {
        return method == Method.STATE || method == Method.RESULT || method == Method.SOURCE_STATUS;
    }

    /** Reads a term; empty, with a problem, when it cannot be read. */
    static Optional<SelectionTerm> parse(String text, Problems problems) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            problems.add(SelectionErrors.malformed(text));
            return Optional.empty();
        }
        boolean at = m.group("at") != null;
        if (at && m.group("children") != null) {
            problems.add(SelectionErrors.atWithPlus(text));
            return Optional.empty();
        }
        String word = m.group("method");
        String value = m.group("value");
        int dot = word == null ? -1 : word.indexOf('.');
        String name = dot < 0 ? word : word.substring(0, dot);
        String detail = word == null || dot < 0 ? "" : word.substring(dot + 1);
        Method method = name == null ? implied(value) : METHODS.get(name);
        boolean wrongDetail = detail.isEmpty() == (method == Method.CONFIG);
        if (method == null || wrongDetail) {
            problems.add(
                    SelectionErrors.unknownMethod(text, String.valueOf(word), METHODS.keySet()));
            return Optional.empty();
        }
        @Nullable Set<String> words = WORDS.get(method);
        if (words != null && !words.contains(value)) {
            problems.add(SelectionErrors.unknownValue(text, value, words));
            return Optional.empty();
        }
        return Optional.of(
                new SelectionTerm(
                        text,
                        method,
                        detail,
                        value,
                        steps(m.group("parents")),
                        steps(m.group("children")),
                        at));
    }

    /** A bare word is a file or path when it looks like one, else a name. */
    private static Method implied(String value) {
        if (value.contains("/") || value.contains("\\")) {
            return Method.PATH;
        }
        return List.of(".sql", ".csv", ".py").stream().anyMatch(value::endsWith)
                ? Method.FILE
                : Method.FQN;
    }

    private static int steps(@Nullable String digits) {
        if (digits == null) {
            return 0;
        }
        return digits.isEmpty() || digits.length() > 6
                ? Integer.MAX_VALUE
                : Integer.parseInt(digits);
    }
}
