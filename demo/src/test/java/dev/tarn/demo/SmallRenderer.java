package dev.tarn.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * As much of Jinja as the demo's models use: lists, loops over them, {@code is_incremental}, macros
 * whose arguments are texts. The real interpreter judges the same files elsewhere.
 */
final class SmallRenderer {
    private static final Pattern COMMENT = Pattern.compile("\\{#.*?#}", Pattern.DOTALL);
    private static final Pattern MACRO =
            Pattern.compile(
                    "\\{% macro (\\w+)\\(([^)]*)\\) -?%}(.*?)\\{%-? endmacro %}", Pattern.DOTALL);
    private static final Pattern SET =
            Pattern.compile("\\{% set (\\w+) = \\[([^]]*)] %}\\n?", Pattern.DOTALL);
    private static final Pattern LOOP =
            Pattern.compile(
                    "\\s*\\{%- for (\\w+) in (\\w+) %}(.*?)\\s*\\{%- endfor %}", Pattern.DOTALL);
    private static final Pattern INCREMENTAL =
            Pattern.compile("\\{% if is_incremental\\(\\) %}(.*?)\\{% endif %}", Pattern.DOTALL);
    private static final Pattern EXPRESSION =
            Pattern.compile("\\{\\{ (\\w+)(?:\\((.*?)\\))? }}", Pattern.DOTALL);
    private static final Pattern TEXT = Pattern.compile("'([^']*)'|\"([^\"]*)\"");

    private final Map<String, Macro> macros = new HashMap<>();

    void macros(String file) {
        Matcher m = MACRO.matcher(COMMENT.matcher(file).replaceAll(""));
        while (m.find()) {
            List<String> parameters = List.of(m.group(2).split(",\\s*"));
            macros.put(m.group(1), new Macro(parameters, m.group(3).strip()));
        }
    }

    /**
     * @param functions what a name between braces means, given its texts
     */
    String render(
            String template,
            boolean incremental,
            Map<String, Function<List<String>, String>> functions) {
        String text = COMMENT.matcher(template).replaceAll("");
        Map<String, List<String>> lists = new HashMap<>();
        text =
                SET.matcher(text)
                        .replaceAll(m -> {
                            lists.put(m.group(1), texts(m.group(2)));
                            return "";
                        });
        text =
                LOOP.matcher(text)
                        .replaceAll(m ->
                                quote(
                                        loop(
                                                m.group(1),
                                                lists.getOrDefault(m.group(2), List.of()),
                                                m.group(3))));
        text = INCREMENTAL.matcher(text).replaceAll(m -> incremental ? quote(m.group(1)) : "");
        return expressions(text, functions);
    }

    private static String loop(String variable, List<String> values, String body) {
        StringBuilder out = new StringBuilder();
        for (String value : values) {
            out.append(body.replace("{{ " + variable + " }}", value));
        }
        return out.toString();
    }

    private String expressions(
            String template, Map<String, Function<List<String>, String>> functions) {
        return EXPRESSION
                .matcher(template)
                .replaceAll(m -> {
                    List<String> arguments = texts(m.group(2));
                    Macro macro = macros.get(m.group(1));
                    if (macro != null) {
                        return quote(macro.expand(arguments));
                    }
                    Function<List<String>, String> function = functions.get(m.group(1));
                    if (function == null) {
                        throw new IllegalArgumentException("Unknown: " + m.group());
                    }
                    return quote(function.apply(arguments));
                });
    }

    private static String quote(String text) {
        return Matcher.quoteReplacement(text);
    }

    static List<String> texts(@Nullable String arguments) {
        List<String> texts = new ArrayList<>();
        if (arguments != null) {
            Matcher m = TEXT.matcher(arguments);
            while (m.find()) {
                texts.add(m.group(1) != null ? m.group(1) : m.group(2));
            }
        }
        return texts;
    }

    private record Macro(List<String> parameters, String body) {
        String expand(List<String> arguments) {
            String text = body;
            for (int i = 0; i < parameters.size(); i++) {
                text = text.replace("{{ " + parameters.get(i) + " }}", arguments.get(i));
            }
            return text;
        }
    }
}
