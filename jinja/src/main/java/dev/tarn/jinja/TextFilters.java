package dev.tarn.jinja;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters that make text of text. */
final class TextFilters {
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern TITLE_WORD =
            Pattern.compile("[-\\s({\\[<]+|[^-\\s({\\[<]+", Pattern.UNICODE_CHARACTER_CLASS);

    private TextFilters() {}

    static void register(Builtins.Registry filters) {
        filters.add("upper", "", (v, a) -> Values.text(v).toUpperCase(Locale.ROOT))
                .add("lower", "", (v, a) -> Values.text(v).toLowerCase(Locale.ROOT))
                .add("capitalize", "", (v, a) -> StringMethods.capitalize(Values.text(v)))
                .add("title", "", (v, a) -> title(Values.text(v)))
                .add("string", "", (v, a) -> Values.text(v))
                .add(
                        "trim",
                        "chars=None",
                        (v, a) -> Strings.strip(Values.text(v), a.get(0), true, true))
                .add("replace", "old, new, count=None", TextFilters::replace)
                .add(
                        "center",
                        "width=80",
                        (v, a) -> Strings.pad(Values.text(v), a.size(0), " ", '^'))
                .add("indent", "width=4, first=False, blank=False", TextFilters::indent)
                .add(
                        "truncate",
                        "length=255, killwords=False, end='...', leeway=None",
                        TextFilters::truncate)
                .add("wordcount", "", (v, a) -> wordCount(Values.text(v)))
                .add(
                        "wordwrap",
                        "width=79, break_long_words=True, wrapstring=None, break_on_hyphens=True",
                        TextFilters::wordWrap)
                .add("format", "*args, **kwargs", TextFilters::format)
                .add("join", "d='', attribute=None", TextFilters::join)
                .addAt("pprint", "", (site, v, a) -> Values.representation(v))
                .add("tojson", "indent=None", TextFilters::json);
    }

    private static String title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        Matcher words = TITLE_WORD.matcher(text);
        while (words.find()) {
            out.append(StringMethods.capitalize(words.group()));
        }
        return out.toString();
    }

    private static String replace(@Nullable Object value, Signature.Given given) {
        long count = given.get(2) == null ? -1 : given.size(2);
        return Strings.replace(Values.text(value), given.string(0), given.string(1), count);
    }

    private static String indent(@Nullable Object value, Signature.Given given) {
        if (!(value instanceof String text)) {
            throw ValueErrors.operands("+=", value, "");
        }
        String indention =
                given.get(0) instanceof String width ? width : " ".repeat(checked(given.size(0)));
        List<Object> lines = Strings.lines(text + "\n", false);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            if (i > 0) {
                out.append('\n');
            }
            boolean indented = i == 0 ? given.flag(1) : given.flag(2) || !line.isEmpty();
            Values.checkSize(out.length() + (long) indention.length() + line.length());
            out.append(indented ? indention : "").append(line);
        }
        return out.toString();
    }

    private static int checked(int size) {
        Values.checkSize(size);
        return Math.max(0, size);
    }

    private static void checkLength(@Nullable Object value) {
        if (value == null || value instanceof Boolean || value instanceof Number) {
            throw ValueErrors.type(
                    "object of type '%s' has no len()".formatted(Values.typeName(value)));
        }
    }

    private static String truncate(@Nullable Object value, Signature.Given given) {
        checkLength(value);
        String text = Values.text(value);
        int length = given.size(0);
        String end = given.string(2);
        int leeway = given.get(3) == null ? 5 : given.size(3);
        int endLength = Strings.length(end);
        if (length < endLength) {
            throw ValueErrors.value("expected length >= %d, got %d".formatted(endLength, length));
        }
        if (leeway < 0) {
            throw ValueErrors.value("expected leeway >= 0, got " + leeway);
        }
        if (Strings.length(text) <= (long) length + leeway) {
            return text;
        }
        String cut = text.substring(0, text.offsetByCodePoints(0, length - endLength));
        if (given.flag(1)) {
            return cut + end;
        }
        int space = cut.lastIndexOf(' ');
        return (space < 0 ? cut : cut.substring(0, space)) + end;
    }

    private static long wordCount(String text) {
        return WORD.matcher(text).results().count();
    }

    private static String wordWrap(@Nullable Object value, Signature.Given given) {
        String separator = given.get(2) == null ? "\n" : given.string(2);
        if (!(value instanceof String text)) {
            throw value instanceof Undefined undefined
                    ? undefined.error()
                    : ValueErrors.type(
                            "wordwrap needs text, not '%s'".formatted(Values.typeName(value)));
        }
        WordWrap wrap = new WordWrap(given.size(0), given.flag(1), given.flag(3));
        StringBuilder out = new StringBuilder();
        String between = "";
        for (Object line : Strings.lines(text, false)) {
            out.append(between).append(String.join(separator, wrap.wrap((String) line)));
            between = separator;
        }
        return out.toString();
    }

    private static Object format(@Nullable Object value, Signature.Given given) {
        Map<String, Object> keywords = given.keywords();
        if (!keywords.isEmpty() && !given.rest().isEmpty()) {
            throw ValueErrors.type(
                    "can't handle positional and keyword arguments at the same time");
        }
        Object argument =
                keywords.isEmpty() ? Tuple.copyOf(given.rest()) : new LinkedHashMap<>(keywords);
        return new PercentFormat(Values.text(value), argument).format();
    }

    private static String join(@Nullable Object value, Signature.Given given) {
        String separator = given.string(0);
        StringBuilder out = new StringBuilder();
        String between = "";
        for (Iterator<Object> i = Sequences.iterate(value); i.hasNext(); ) {
            String part = Values.text(Attributes.get(i.next(), given.get(1)));
            Values.checkSize(out.length() + (long) between.length() + part.length());
            out.append(between).append(part);
            between = separator;
        }
        return out.toString();
    }

    /** Writes JSON that is safe inside HTML, as Jinja does. */
    private static String json(@Nullable Object value, Signature.Given given) {
        int indent = given.get(0) == null ? -1 : Math.min(100, given.size(0));
        return Values.json(value, indent, true)
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("'", "\\u0027");
    }
}
