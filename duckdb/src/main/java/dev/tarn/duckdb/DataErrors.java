package dev.tarn.duckdb;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words for values that do not fit. */
final class DataErrors {
    private static final Pattern FROM_STRING =
            Pattern.compile(
                    "Could not convert string ['\"](.*?)['\"] to '?(\\w+)'?", Pattern.DOTALL);
    private static final Pattern BAD_FIELD =
            Pattern.compile(
                    "(?:invalid )?(date|timestamp|time) field (?:format|value out of range):"
                            + " \"(.*?)\"");
    private static final Pattern COLUMN = Pattern.compile("when casting from source column (\\S+)");
    private static final Pattern DIVISION =
            Pattern.compile("Division by zero in expression \\((.+)\\)\\. Use TRY", Pattern.DOTALL);
    private static final Pattern OVERFLOW =
            Pattern.compile("Overflow in (\\w+) of (\\w+)(?:\\(\\d+\\))? \\((.+?)\\)");

    /** The engine writes objects as text in this way, and JSON never begins so. */
    private static final Pattern VARIANT_AS_JSON =
            Pattern.compile("Malformed JSON.*Input:\\s+\"\\{'", Pattern.DOTALL);

    private static final Map<String, String> TYPES =
            Map.ofEntries(
                    Map.entry("INT8", "TINYINT"),
                    Map.entry("INT16", "SMALLINT"),
                    Map.entry("INT32", "INTEGER"),
                    Map.entry("INT64", "BIGINT"),
                    Map.entry("INT128", "HUGEINT"),
                    Map.entry("UINT8", "UTINYINT"),
                    Map.entry("UINT16", "USMALLINT"),
                    Map.entry("UINT32", "UINTEGER"),
                    Map.entry("UINT64", "UBIGINT"),
                    Map.entry("BOOL", "BOOLEAN"),
                    Map.entry("INTEGER_LITERAL", "INTEGER"),
                    Map.entry("STRING_LITERAL", "VARCHAR"));

    private DataErrors() {}

    static String typeName(String type) {
        return TYPES.getOrDefault(type, type);
    }

    static String conversion(RawError error, Source source) {
        String message = error.message();
        Matcher column = COLUMN.matcher(message);
        String where = column.find() ? " of column '" + column.group(1) + "'" : "";
        Matcher matcher = FROM_STRING.matcher(message);
        if (matcher.find()) {
            return "Value '%s'%s is not %s. Use TRY_CAST to get null instead."
                    .formatted(matcher.group(1), where, article(typeName(matcher.group(2))));
        }
        matcher = BAD_FIELD.matcher(message);
        if (matcher.find()) {
            return "Value '%s'%s is not %s. Use TRY_CAST to get null instead."
                    .formatted(
                            matcher.group(2),
                            where,
                            article(matcher.group(1).toUpperCase(java.util.Locale.ROOT)));
        }
        String excerpt = source.excerpt(error.position(), error.length());
        return ErrorTranslator.sentence(message)
                + (excerpt.isEmpty() ? "" : " This happened in: " + excerpt);
    }

    private static String article(String type) {
        return ("AEIOU".indexOf(type.charAt(0)) >= 0 ? "an " : "a ") + type;
    }

    static String value(RawError error) {
        Matcher division = DIVISION.matcher(error.message());
        if (division.find()) {
            return "Division by zero in %s. Use TRY(...) or NULLIF to get null instead."
                    .formatted(division.group(1));
        }
        Matcher overflow = OVERFLOW.matcher(error.message());
        if (overflow.find()) {
            return "The result of %s does not fit into %s. Cast to a wider type first."
                    .formatted(overflow.group(3), typeName(overflow.group(2)));
        }
        String sentence = ErrorTranslator.sentence(error.message());
        return VARIANT_AS_JSON.matcher(error.message()).find()
                ? sentence + " A VARIANT is no JSON: write v.a or v['a'], or v::json ->> 'a'."
                : sentence;
    }

    static String memory(RawError error) {
        return "The engine's memory is used up. Give it more, or let fewer queries run at once. "
                + ErrorTranslator.sentence(error.message());
    }
}
