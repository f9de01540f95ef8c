package dev.tarn.jinja;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Paths such as {@code 'address.city'} that many filters take to look into their items. */
final class Attributes {
    private Attributes() {}

    /** Follows a path; None means the item itself. */
    static @Nullable Object get(@Nullable Object item, @Nullable Object path) {
        return get(item, path, Missing.VALUE);
    }

    /** Follows a path, with a value for what is not there. */
    static @Nullable Object get(
            @Nullable Object item, @Nullable Object path, @Nullable Object otherwise) {
        if (path == null) {
            return item;
        }
        if (!(path instanceof String text)) {
            return step(item, path, otherwise);
        }
        Object value = item;
        for (String part : text.split("\\.", -1)) {
            value = step(value, key(part), otherwise);
        }
        return value;
    }

    private static Object key(String part) {
        boolean number =
                !part.isEmpty()
                        && part.length() < 10
                        && part.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? (Object) Long.valueOf(part) : part;
    }

    private static @Nullable Object step(
            @Nullable Object item, Object key, @Nullable Object otherwise) {
        Object found = Access.itemThenAttribute(item, key);
        if (found != Missing.VALUE) {
            return found;
        }
        return otherwise == Missing.VALUE
                ? new Undefined(Undefined.Origin.member(item, key))
                : otherwise;
    }

    /** Returns a value for comparing: text in lower case unless case matters. */
    static @Nullable Object fold(@Nullable Object value, boolean caseSensitive) {
        return !caseSensitive && value instanceof String s ? s.toLowerCase(Locale.ROOT) : value;
    }
}
