package dev.tarn.pages;

import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.code;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Code with numbered lines, coloured a little. */
final class Source {
    private static final int LINES_MAX = 4_000;
    private static final Pattern TOKEN =
            Pattern.compile(
                    "(?<c>--[^\\n]*|/\\*.*?\\*/|\\{#.*?#\\})|(?<s>'(?:[^']++|'')*+')|(?<n>\\b\\d+(?:\\.\\d+)?\\b)|(?<w>[A-Za-z_][A-Za-z_0-9]*)",
                    Pattern.DOTALL);
    private static final Set<String> WORDS =
            Set.of(
                    "select",
                    "from",
                    "where",
                    "group",
                    "by",
                    "order",
                    "having",
                    "join",
                    "left",
                    "right",
                    "full",
                    "inner",
                    "outer",
                    "cross",
                    "on",
                    "using",
                    "with",
                    "as",
                    "case",
                    "when",
                    "then",
                    "else",
                    "end",
                    "and",
                    "or",
                    "not",
                    "in",
                    "is",
                    "null",
                    "union",
                    "all",
                    "distinct",
                    "limit",
                    "over",
                    "partition",
                    "qualify",
                    "exists",
                    "between",
                    "like",
                    "cast",
                    "true",
                    "false",
                    "asc",
                    "desc",
                    "values",
                    "insert",
                    "into",
                    "update",
                    "delete",
                    "set",
                    "merge",
                    "create",
                    "table",
                    "view",
                    "filter",
                    "lateral",
                    "recursive",
                    "window",
                    "rows",
                    "range");

    private Source() {}

    /**
     * @param file decides how it is coloured
     * @param here the line that is meant, from 1; 0 for none
     */
    static Html show(String source, String file, int here) {
        boolean sql = file.endsWith(".sql");
        List<List<Html>> lines = sql ? coloured(source) : plain(source);
        List<Html> drawn = new ArrayList<>();
        drawn.add(cls("source"));
        drawn.add(attr("tabindex", "0"));
        drawn.add(attr("role", "region"));
        drawn.add(attr("aria-label", file));
        for (int i = 0; i < Math.min(lines.size(), LINES_MAX); i++) {
            int number = i + 1;
            drawn.add(
                    el(
                            "div",
                            cls(number == here ? "ln here" : "ln"),
                            attr("id", "L" + number),
                            el(
                                    "a",
                                    new Html.Attribute("href", "#L" + number),
                                    attr("aria-label", "line " + number),
                                    text(Integer.toString(number))),
                            el("code", Html.all(lines.get(i)))));
        }
        Html shown = el("div", drawn.toArray(Html[]::new));
        return lines.size() <= LINES_MAX
                ? shown
                : Html.all(
                        shown,
                        Html.p(
                                "The first %d lines of %s."
                                        .formatted(LINES_MAX, Show.count(lines.size()))));
    }

    private static List<List<Html>> plain(String source) {
        List<List<Html>> lines = new ArrayList<>();
        source.lines().forEach(l -> lines.add(List.of(text(l))));
        return lines;
    }

    private static List<List<Html>> coloured(String source) {
        List<List<Html>> lines = new ArrayList<>();
        lines.add(new ArrayList<>());
        Matcher matcher = TOKEN.matcher(source);
        int done = 0;
        while (matcher.find()) {
            add(lines, "", source.substring(done, matcher.start()));
            String colour = colour(matcher);
            add(lines, colour, matcher.group());
            done = matcher.end();
        }
        add(lines, "", source.substring(done));
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return lines;
    }

    private static String colour(Matcher matcher) {
        if (matcher.group("c") != null) {
            return "c";
        }
        if (matcher.group("s") != null) {
            return "s";
        }
        if (matcher.group("n") != null) {
            return "n";
        }
        return WORDS.contains(matcher.group().toLowerCase(Locale.ROOT)) ? "k" : "";
    }

    private static void add(List<List<Html>> lines, String colour, String piece) {
        String[] parts = piece.split("\n", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i > 0) {
                lines.add(new ArrayList<>());
            }
            if (!parts[i].isEmpty()) {
                lines.getLast()
                        .add(colour.isEmpty() ? text(parts[i]) : Html.span(colour, parts[i]));
            }
        }
    }

    /** A short piece of code on its own. */
    static Html block(String source) {
        return div("", el("pre", cls("plain"), code(source)));
    }
}
