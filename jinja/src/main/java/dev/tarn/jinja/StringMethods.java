package dev.tarn.jinja;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The methods of str. */
final class StringMethods {
    static final Map<String, Methods.Method<String>> TABLE = table();

    private StringMethods() {}

    private static Map<String, Methods.Method<String>> table() {
        Methods.Table<String> table = new Methods.Table<>();
        cases(table);
        searches(table);
        parts(table);
        questions(table);
        layouts(table);
        return table.build();
    }

    private static void cases(Methods.Table<String> table) {
        table.add("upper", "", (s, a) -> s.toUpperCase(Locale.ROOT))
                .add("lower", "", (s, a) -> s.toLowerCase(Locale.ROOT))
                .add("casefold", "", (s, a) -> s.toLowerCase(Locale.ROOT).replace("ß", "ss"))
                .add("capitalize", "", (s, a) -> capitalize(s))
                .add("title", "", (s, a) -> title(s))
                .add("swapcase", "", (s, a) -> swapCase(s));
    }

    private static void searches(Methods.Table<String> table) {
        table.add("startswith", "prefix, start=None, end=None", (s, a) -> affix(s, a, true))
                .add("endswith", "suffix, start=None, end=None", (s, a) -> affix(s, a, false))
                .add("find", "sub, start=None, end=None", (s, a) -> find(s, a, false))
                .add("rfind", "sub, start=None, end=None", (s, a) -> find(s, a, true))
                .add("index", "sub, start=None, end=None", (s, a) -> index(s, a, false))
                .add("rindex", "sub, start=None, end=None", (s, a) -> index(s, a, true))
                .add("count", "sub, start=None, end=None", StringMethods::count);
    }

    private static void parts(Methods.Table<String> table) {
        table.add("split", "sep=None, maxsplit=-1", (s, a) -> split(s, a, false))
                .add("rsplit", "sep=None, maxsplit=-1", (s, a) -> split(s, a, true))
                .add("splitlines", "keepends=False", (s, a) -> Strings.lines(s, a.flag(0)))
                .add("join", "iterable", (s, a) -> join(s, a.get(0)))
                .add(
                        "replace",
                        "old, new, count=-1",
                        (s, a) -> Strings.replace(s, a.text(0), a.text(1), a.size(2)))
                .add("partition", "sep", (s, a) -> partition(s, a.text(0)))
                .add("rpartition", "sep", (s, a) -> partitionFromRight(s, a.text(0)))
                .add("strip", "chars=None", (s, a) -> Strings.strip(s, a.get(0), true, true))
                .add("lstrip", "chars=None", (s, a) -> Strings.strip(s, a.get(0), true, false))
                .add("rstrip", "chars=None", (s, a) -> Strings.strip(s, a.get(0), false, true))
                .add(
                        "removeprefix",
                        "prefix",
                        (s, a) -> s.startsWith(a.text(0)) ? s.substring(a.text(0).length()) : s)
                .add(
                        "removesuffix",
                        "suffix",
                        (s, a) ->
                                s.endsWith(a.text(0))
                                        ? s.substring(0, s.length() - a.text(0).length())
                                        : s)
                .add("maketrans", "x, y=None, z=None", (s, a) -> Translation.table(a))
                .add("translate", "table", (s, a) -> Translation.of(s, a.get(0)))
                .add("encode", "encoding='utf-8', errors='strict'", StringMethods::encode);
    }

    private static void questions(Methods.Table<String> table) {
        table.add("isdigit", "", (s, a) -> all(s, Character::isDigit))
                .add("isdecimal", "", (s, a) -> all(s, Character::isDigit))
                .add("isnumeric", "", (s, a) -> all(s, StringMethods::numeric))
                .add("isalpha", "", (s, a) -> all(s, Character::isLetter))
                .add("isalnum", "", (s, a) -> all(s, c -> Character.isLetter(c) || numeric(c)))
                .add("isspace", "", (s, a) -> all(s, Strings::space))
                .add("isascii", "", (s, a) -> s.chars().allMatch(c -> c < 128))
                .add("isprintable", "", (s, a) -> s.codePoints().allMatch(Strings::printable))
                .add("isupper", "", (s, a) -> isUpper(s))
                .add("islower", "", (s, a) -> isLower(s))
                .add("istitle", "", (s, a) -> all(s, c -> true) && isTitle(s))
                .add("isidentifier", "", (s, a) -> isIdentifier(s));
    }

    private static void layouts(Methods.Table<String> table) {
        table.add(
                        "center",
                        "width, fillchar=' '",
                        (s, a) -> Strings.pad(s, a.size(0), a.text(1), '^'))
                .add(
                        "ljust",
                        "width, fillchar=' '",
                        (s, a) -> Strings.pad(s, a.size(0), a.text(1), '<'))
                .add(
                        "rjust",
                        "width, fillchar=' '",
                        (s, a) -> Strings.pad(s, a.size(0), a.text(1), '>'))
                .add("zfill", "width", (s, a) -> zeroFill(s, a.size(0)))
                .add("expandtabs", "tabsize=8", (s, a) -> expandTabs(s, a.size(0)))
                .add("format", "*args, **kwargs", (s, a) -> BraceFormat.format(s, a.arguments()))
                .add("format_map", "mapping", (s, a) -> BraceFormat.format(s, keywords(a.get(0))));
    }

    private static Arguments keywords(@Nullable Object mapping) {
        if (!(mapping instanceof Map<?, ?> map)) {
            throw ValueErrors.cannot(mapping, "is not a mapping");
        }
        Map<String, Object> keywords = new LinkedHashMap<>();
        map.forEach((key, value) -> keywords.put(Values.text(key), value));
        return Arguments.of(List.of(), keywords);
    }

    static String capitalize(String s) {
        if (s.isEmpty()) {
            return s;
        }
        int first = Character.charCount(s.codePointAt(0));
        return s.substring(0, first).toUpperCase(Locale.ROOT)
                + s.substring(first).toLowerCase(Locale.ROOT);
    }

    static String title(String s) {
        StringBuilder out = new StringBuilder(s.length());
        boolean inWord = false;
        for (int i = 0; i < s.length(); ) {
            int c = s.codePointAt(i);
            i += Character.charCount(c);
            boolean letter = Character.isLetter(c);
            out.appendCodePoint(
                    inWord ? Character.toLowerCase(c) : letter ? Character.toTitleCase(c) : c);
            inWord = letter;
        }
        return out.toString();
    }

    private static String swapCase(String s) {
        StringBuilder out = new StringBuilder(s.length());
        s.codePoints()
                .forEach(c ->
                        out.append(
                                Character.isUpperCase(c)
                                        ? Character.toString(c).toLowerCase(Locale.ROOT)
                                        : Character.toString(c).toUpperCase(Locale.ROOT)));
        return out.toString();
    }

    private static boolean affix(String s, Signature.Given given, boolean start) {
        String part = (String) Sequences.slice(s, given.get(1), given.get(2), null);
        Object affix = given.get(0);
        if (affix instanceof Tuple options) {
            for (Object option : options) {
                String text = Strings.text(option);
                if (start ? part.startsWith(text) : part.endsWith(text)) {
                    return true;
                }
            }
            return false;
        }
        if (affix instanceof String text) {
            return start ? part.startsWith(text) : part.endsWith(text);
        }
        throw affix instanceof Undefined undefined
                ? undefined.error()
                : ValueErrors.type(
                        "%s first arg must be str or a tuple of str, not %s"
                                .formatted(
                                        start ? "startswith" : "endswith", Values.typeName(affix)));
    }

    private static long find(String s, Signature.Given given, boolean last) {
        String part = (String) Sequences.slice(s, given.get(1), given.get(2), null);
        int at = last ? part.lastIndexOf(given.text(0)) : part.indexOf(given.text(0));
        if (at < 0) {
            return -1;
        }
        long skipped =
                given.get(1) == null
                        ? 0
                        : Strings.length(s)
                                - Strings.length(
                                        (String) Sequences.slice(s, given.get(1), null, null));
        return skipped + part.codePointCount(0, at);
    }

    private static long index(String s, Signature.Given given, boolean last) {
        long at = find(s, given, last);
        if (at < 0) {
            throw ValueErrors.value("substring not found");
        }
        return at;
    }

    private static long count(String s, Signature.Given given) {
        String part = (String) Sequences.slice(s, given.get(1), given.get(2), null);
        String sub = given.text(0);
        if (sub.isEmpty()) {
            return Strings.length(part) + 1L;
        }
        long count = 0;
        for (int i = part.indexOf(sub); i >= 0; i = part.indexOf(sub, i + sub.length())) {
            count++;
        }
        return count;
    }

    private static Object split(String s, Signature.Given given, boolean fromRight) {
        return Strings.split(s, given.get(0), given.size(1), fromRight);
    }

    private static String join(String separator, @Nullable Object parts) {
        StringBuilder out = new StringBuilder();
        int index = 0;
        for (Iterator<Object> i = Sequences.iterate(parts); i.hasNext(); index++) {
            Object part = i.next();
            if (part instanceof Undefined undefined) {
                throw undefined.error();
            }
            if (!(part instanceof String text)) {
                throw ValueErrors.type(
                        "sequence item %d: expected str instance, %s found"
                                .formatted(index, Values.typeName(part)));
            }
            if (index > 0) {
                out.append(separator);
            }
            Values.checkSize(out.length() + (long) text.length());
            out.append(text);
        }
        return out.toString();
    }

    private static Tuple partition(String s, String separator) {
        int at = position(s, separator, false);
        return at < 0
                ? Tuple.of(s, "", "")
                : Tuple.of(s.substring(0, at), separator, s.substring(at + separator.length()));
    }

    private static Tuple partitionFromRight(String s, String separator) {
        int at = position(s, separator, true);
        return at < 0
                ? Tuple.of("", "", s)
                : Tuple.of(s.substring(0, at), separator, s.substring(at + separator.length()));
    }

    private static int position(String s, String separator, boolean last) {
        if (separator.isEmpty()) {
            throw ValueErrors.value("empty separator");
        }
        return last ? s.lastIndexOf(separator) : s.indexOf(separator);
    }

    private static Bytes encode(String s, Signature.Given given) {
        try {
            ByteBuffer buffer =
                    NumberMethods.charset(given.text(0)).newEncoder().encode(CharBuffer.wrap(s));
            byte[] content = new byte[buffer.remaining()];
            buffer.get(content);
            return new Bytes(content);
        } catch (CharacterCodingException e) {
            throw ValueErrors.value("'%s' codec can't encode the text".formatted(given.text(0)));
        }
    }

    private static boolean all(String s, IntPredicate predicate) {
        return !s.isEmpty() && s.codePoints().allMatch(predicate);
    }

    private static boolean numeric(int c) {
        return Character.isDigit(c)
                || Character.getType(c) == Character.OTHER_NUMBER
                || Character.getType(c) == Character.LETTER_NUMBER;
    }

    static boolean isUpper(String s) {
        return s.codePoints().anyMatch(Character::isUpperCase)
                && s.codePoints().noneMatch(Character::isLowerCase);
    }

    static boolean isLower(String s) {
        return s.codePoints().anyMatch(Character::isLowerCase)
                && s.codePoints().noneMatch(Character::isUpperCase);
    }

    private static boolean isTitle(String s) {
        return title(s).equals(s) && s.codePoints().anyMatch(Character::isLetter);
    }

    private static boolean isIdentifier(String s) {
        return !s.isEmpty()
                && (s.charAt(0) == '_' || Character.isUnicodeIdentifierStart(s.codePointAt(0)))
                && s.codePoints().allMatch(c -> c == '_' || Character.isUnicodeIdentifierPart(c));
    }

    private static String zeroFill(String s, int width) {
        int missing = width - Strings.length(s);
        if (missing <= 0) {
            return s;
        }
        Values.checkSize(width);
        int sign = s.startsWith("-") || s.startsWith("+") ? 1 : 0;
        return s.substring(0, sign) + "0".repeat(missing) + s.substring(sign);
    }

    private static String expandTabs(String s, int size) {
        Values.checkSize(size);
        StringBuilder out = new StringBuilder();
        int column = 0;
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '\t') {
                int spaces = size <= 0 ? 0 : size - column % size;
                Values.checkSize(out.length() + (long) spaces);
                out.repeat(" ", spaces);
                column += spaces;
            } else {
                out.append(c);
                column = c == '\n' || c == '\r' ? 0 : column + 1;
            }
        }
        return out.toString();
    }
}
