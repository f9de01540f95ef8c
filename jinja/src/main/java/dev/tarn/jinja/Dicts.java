package dev.tarn.jinja;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keys of dicts and members of sets, where 1, 1.0 and True are the same. */
final class Dicts {
    private Dicts() {}

    /** Returns the value of a key, or {@link Missing#VALUE}. */
    static @Nullable Object find(Map<?, ?> map, @Nullable Object key) {
        Object value = map.get(key);
        if (value != null || map.containsKey(key)) {
            return value;
        }
        Object same = sameNumber(map.keySet(), key);
        return same == Missing.VALUE ? Missing.VALUE : map.get(same);
    }

    static void put(Map<Object, Object> map, @Nullable Object key, @Nullable Object value) {
        Object hashable = hashable(key);
        if (Numbers.numeric(hashable) && !map.containsKey(hashable)) {
            Object same = sameNumber(map.keySet(), hashable);
            hashable = same == Missing.VALUE ? hashable : same;
        }
        map.put(hashable, value);
    }

    static boolean member(Collection<?> members, @Nullable Object value) {
        return members.contains(value) || sameNumber(members, value) != Missing.VALUE;
    }

    static boolean add(Set<Object> set, @Nullable Object value) {
        return !(Numbers.numeric(value) && member(set, value)) && set.add(hashable(value));
    }

    /** Finds a number that equals this one though its Java type differs. */
    private static @Nullable Object sameNumber(Collection<?> keys, @Nullable Object number) {
        if (number == null || !Numbers.numeric(number) || Numbers.isNan(number)) {
            return Missing.VALUE;
        }
        double real = Numbers.real(number);
        if (real == Math.rint(real) && Math.abs(real) < 9e18) {
            Long whole = (long) real;
            if (Numbers.equal(whole, number)) {
                if (keys.contains(whole)) {
                    return whole;
                }
                Integer small = whole.intValue();
                if (small.longValue() == whole && keys.contains(small)) {
                    return small;
                }
            }
        }
        if (keys.contains(real)) {
            return real;
        }
        if (real == 1 && keys.contains(true)) {
            return true;
        }
        return real == 0 && keys.contains(false) ? false : Missing.VALUE;
    }

    /** Returns the value if it can be a key. */
    @SuppressWarnings("NullAway") // None is a key too
    static Object hashable(@Nullable Object value) {
        if (value instanceof String) {
            return value;
        }
        if (value instanceof Tuple tuple) {
            for (Object item : tuple) {
                hashable(item);
            }
        } else if (!(value instanceof PyObject || value instanceof Range)
                && (value instanceof List<?>
                        || value instanceof Map<?, ?>
                        || value instanceof Set<?>)) {
            throw ValueErrors.type("unhashable type: '" + Values.typeName(value) + "'");
        }
        return value;
    }
}
