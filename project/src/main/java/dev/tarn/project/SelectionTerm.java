package dev.tarn.project;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One term of a selection.
 *
 * @param method how the value is compared, such as {@code tag}
 * @param parents how many steps up are added; 0 for none
 * @param children how many steps down are added; 0 for none
 * @param childrensParents whether what the children read is added too
 */
record SelectionTerm(
        String text,
        Method method,
        String value,
        int parents,
        int children,
        boolean childrensParents) {
    private static final Pattern FORM =
            Pattern.compile(
                    "(?<at>@)?(?:(?<parents>[0-9]*)\\+)?(?:(?<method>[a-z_]+(?:\\.[A-Za-z_.]+)?):)?"
                            + "(?<value>[^+@]+?)(?:\\+(?<children>[0-9]*))?");

    /** How a value is compared with a node. */
    enum Method {
        /** By name, or by folders and name: what a bare word means. */
        FQN,
        PATH,
        FILE,
        TAG,
        SOURCE,
        RESOURCE_TYPE,
        MATERIALIZED,
        TEST_TYPE,
        TEST_NAME,
        PACKAGE
    }

    private static final Map<String, Method> METHODS =
            Map.of(
                    "fqn", Method.FQN,
                    "path", Method.PATH,
                    "file", Method.FILE,
                    "tag", Method.TAG,
                    "source", Method.SOURCE,
                    "resource_type", Method.RESOURCE_TYPE,
                    "config.materialized", Method.MATERIALIZED,
                    "test_type", Method.TEST_TYPE,
                    "test_name", Method.TEST_NAME,
                    "package", Method.PACKAGE);

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
        Method method = word == null ? implied(value) : METHODS.get(word);
        if (method == null) {
            problems.add(SelectionErrors.unknownMethod(text, word, METHODS.keySet()));
            return Optional.empty();
        }
        return Optional.of(
                new SelectionTerm(
                        text,
                        method,
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
