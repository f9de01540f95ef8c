package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.jinja.Tuple;
import dev.tarn.jinja.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code modules.re}: patterns, as far as templates use Python's. */
final class PatternsValue implements PyObject {
    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "match" -> (PyCallable) a -> found(matcher(a, 2), Matcher::lookingAt);
            case "search" -> (PyCallable) a -> found(matcher(a, 2), Matcher::find);
            case "fullmatch" -> (PyCallable) a -> found(matcher(a, 2), Matcher::matches);
            case "findall" -> (PyCallable) a -> all(matcher(a, 2));
            case "finditer" -> (PyCallable) a -> each(matcher(a, 2));
            case "sub" -> (PyCallable) a -> substituted(a).get(0);
            case "subn" -> (PyCallable) PatternsValue::substituted;
            case "split" -> (PyCallable) PatternsValue::split;
            case "escape" ->
                    (PyCallable)
                            a ->
                                    a.requireText(0, "pattern")
                                            .replaceAll("([^A-Za-z0-9_])", "\\\\$1");
            case "compile" -> (PyCallable) a -> new Compiled(pattern(a, 1));
            case "IGNORECASE", "I" -> PythonPattern.IGNORECASE;
            case "MULTILINE", "M" -> PythonPattern.MULTILINE;
            case "DOTALL", "S" -> PythonPattern.DOTALL;
            case "VERBOSE", "X" -> PythonPattern.VERBOSE;
            default -> Missing.VALUE;
        };
    }

    private static Pattern pattern(Arguments a, int flagsAt) {
        Object pattern = a.require(0, "pattern");
        return pattern instanceof Compiled compiled
                ? compiled.pattern
                : PythonPattern.compile(Values.text(pattern), a.number(flagsAt, "flags", 0));
    }

    private static Matcher matcher(Arguments a, int flagsAt) {
        return pattern(a, flagsAt).matcher(a.requireText(1, "string"));
    }

    private interface Way {
        boolean find(Matcher matcher);
    }

    private static @Nullable Object found(Matcher matcher, Way way) {
        return way.find(matcher) ? new Match(matcher.toMatchResult()) : null;
    }

    private static Object all(Matcher matcher) {
        List<@Nullable Object> all = new ArrayList<>();
        while (matcher.find()) {
            all.add(
                    switch (matcher.groupCount()) {
                        case 0 -> matcher.group();
                        case 1 -> text(matcher.group(1));
                        default -> Tuple.copyOf(groups(matcher, ""));
                    });
        }
        return all;
    }

    private static Object each(Matcher matcher) {
        List<Object> all = new ArrayList<>();
        while (matcher.find()) {
            all.add(new Match(matcher.toMatchResult()));
        }
        return all;
    }

    private static String text(@Nullable String group) {
        return group == null ? "" : group;
    }

    private static List<@Nullable Object> groups(MatchResult match, @Nullable Object otherwise) {
        List<@Nullable Object> groups = new ArrayList<>();
        for (int i = 1; i <= match.groupCount(); i++) {
            groups.add(match.group(i) == null ? otherwise : match.group(i));
        }
        return groups;
    }

    /** The text with what was found replaced, and how often it was. */
    private static Tuple substituted(Arguments a) {
        Object replacement = a.require(1, "repl");
        String text = a.requireText(2, "string");
        long most = a.number(3, "count", 0);
        Matcher matcher = pattern(a, 4).matcher(text);
        StringBuilder out = new StringBuilder();
        int from = 0;
        long count = 0;
        while ((most == 0 || count < most) && matcher.find()) {
            out.append(text, from, matcher.start());
            out.append(
                    replacement instanceof String template
                            ? expanded(template, matcher)
                            : Values.text(
                                    Values.call(
                                            replacement,
                                            a.with(
                                                    List.of(new Match(matcher.toMatchResult())),
                                                    Map.of()))));
            from = matcher.end();
            count++;
        }
        return Tuple.of(out.append(text.substring(from)).toString(), count);
    }

    private static final Pattern REFERENCE =
            Pattern.compile("\\\\(?:g<(\\w+)>|(\\d{1,2})|([nrt\\\\]))");

    private static String expanded(String template, Matcher match) {
        return REFERENCE
                .matcher(template)
                .replaceAll(r -> {
                    String value;
                    if (r.group(3) != null) {
                        value =
                                switch (r.group(3)) {
                                    case "n" -> "\n";
                                    case "r" -> "\r";
                                    case "t" -> "\t";
                                    default -> "\\";
                                };
                    } else {
                        String key = r.group(1) == null ? r.group(2) : r.group(1);
                        value = text(group(match, key));
                    }
                    return Matcher.quoteReplacement(value);
                });
    }

    private static @Nullable String group(MatchResult match, String key) {
        try {
            return key.matches("\\d+")
                    ? match.group(Integer.parseInt(key))
                    : match.group(PythonPattern.groupName(key));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw TemplateErrors.failed("The pattern has no group '%s'.".formatted(key));
        }
    }

    private static Object split(Arguments a) {
        String text = a.requireText(1, "string");
        long most = a.number(2, "maxsplit", 0);
        Matcher matcher = pattern(a, 3).matcher(text);
        List<@Nullable Object> parts = new ArrayList<>();
        int from = 0;
        long count = 0;
        while ((most == 0 || count < most) && matcher.find()) {
            parts.add(text.substring(from, matcher.start()));
            parts.addAll(groups(matcher, null));
            from = matcher.end();
            count++;
        }
        parts.add(text.substring(from));
        return parts;
    }

    /** A compiled pattern: its methods are the module's with the pattern filled in. */
    private static final class Compiled implements PyObject {
        private final Pattern pattern;

        Compiled(Pattern pattern) {
            this.pattern = pattern;
        }

        @Override
        public @Nullable Object attribute(String name) {
            if (name.equals("pattern")) {
                return pattern.pattern();
            }
            return new PatternsValue().attribute(name) instanceof PyCallable function
                    ? (PyCallable)
                            a -> {
                                List<@Nullable Object> all = new ArrayList<>();
                                all.add(this);
                                all.addAll(a.positional());
                                return function.call(a.with(all, a.keywords()));
                            }
                    : Missing.VALUE;
        }

        @Override
        public String typeName() {
            return "Pattern";
        }
    }

    /** What a pattern found. */
    private record Match(MatchResult match) implements PyObject {
        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "group" -> (PyCallable) this::group;
                case "groups" ->
                        (PyCallable) a -> Tuple.copyOf(groups(match, a.get(0, "default", null)));
                case "groupdict" -> (PyCallable) a -> named(a.get(0, "default", null));
                case "start" -> (PyCallable) a -> (long) match.start((int) a.number(0, "group", 0));
                case "end" -> (PyCallable) a -> (long) match.end((int) a.number(0, "group", 0));
                case "span" ->
                        (PyCallable)
                                a -> {
                                    int group = (int) a.number(0, "group", 0);
                                    return Tuple.of(
                                            (long) match.start(group), (long) match.end(group));
                                };
                case "lastindex" -> (long) match.groupCount();
                default -> Missing.VALUE;
            };
        }

        private @Nullable Object group(Arguments a) {
            if (a.count() == 0) {
                return match.group();
            }
            List<@Nullable Object> groups = new ArrayList<>();
            a.positional().forEach(k -> groups.add(PatternsValue.group(match, Values.text(k))));
            return groups.size() == 1 ? groups.getFirst() : Tuple.copyOf(groups);
        }

        private Map<Object, @Nullable Object> named(@Nullable Object otherwise) {
            Map<Object, @Nullable Object> named = new LinkedHashMap<>();
            match.namedGroups().entrySet().stream()
                    .sorted(Map.Entry.comparingByValue())
                    .forEach(e -> {
                        String value = match.group(e.getValue());
                        named.put(
                                e.getKey().replace("UNDERSCORE", "_"),
                                value == null ? otherwise : value);
                    });
            return named;
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            return PatternsValue.group(match, Values.text(key));
        }

        @Override
        public String typeName() {
            return "Match";
        }
    }
}
