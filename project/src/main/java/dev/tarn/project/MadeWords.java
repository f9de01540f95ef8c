package dev.tarn.project;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names of macros and types that statements of a project make while it runs: in hooks, headers
 * or templates. Queries with them cannot be bound before. Found in texts as they are written, so
 * that nothing has to be rendered.
 */
final class MadeWords {
    private static final Pattern MAKES =
            Pattern.compile(
                    "\\bcreate\\s+(?:or\\s+replace\\s+)?(?:temp(?:orary)?\\s+)?(?:macro|function|type)\\s+"
                            + "(?:if\\s+not\\s+exists\\s+)?"
                            + "(?:(?:\\w+|\"[^\"]+\"|\\{\\{.*?\\}\\})\\s*\\.\\s*)*\"?(\\w+)",
                    Pattern.CASE_INSENSITIVE);

    private MadeWords() {}

    static Set<String> of(CompileScope scope) {
        Set<String> words = new TreeSet<>();
        scope.macros().sources().forEach(text -> collect(text, words));
        for (ProjectFile file : scope.packages().values()) {
            file.runHooks().values().stream()
                    .flatMap(Collection::stream)
                    .forEach(hook -> collect(hook.text(), words));
        }
        for (Draft draft : scope.nodes().drafts()) {
            collect(draft.text, words);
            Stream.of("pre-hook", "sql_header")
                    .flatMap(key -> draft.settings.find(key).stream())
                    .flatMap(value -> HookTexts.texts(value).stream())
                    .forEach(text -> collect(text.text(), words));
        }
        return words;
    }

    private static void collect(String text, Set<String> words) {
        Matcher makes = MAKES.matcher(text);
        while (makes.find()) {
            words.add(makes.group(1).toLowerCase(Locale.ROOT));
        }
    }

    /** What finds any of the words in a query; nothing is found when there are none. */
    static Pattern anyOf(Collection<String> words) {
        return Pattern.compile(
                words.stream()
                        .map(Pattern::quote)
                        .collect(
                                Collectors.joining(
                                        "|", "\\b(?:", words.isEmpty() ? "(?!))" : ")\\b")),
                Pattern.CASE_INSENSITIVE);
    }
}
