package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Python's equality and order. */
final class Comparison {
    private Comparison() {}

    static boolean equal(@Nullable Object a, @Nullable Object b) {
        if (a == null || b == null) {
            return a == null && b == null;
        }
        if (a instanceof String) {
            return a.equals(b) || (b instanceof PyObject o && reflected(o, a));
        }
        if (Numbers.numeric(a) && Numbers.numeric(b)) {
            return Numbers.equal(a, b);
        }
        if (a instanceof Undefined && b instanceof Undefined) {
            return true;
        }
        if (a instanceof PyObject o && o.operate("==", b, false) instanceof Boolean answer) {
            return answer;
        }
        if (b instanceof PyObject o && o.operate("==", a, true) instanceof Boolean answer) {
            return answer;
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            return sameKind(a, b) && equalLists(x, y);
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return equalMaps(x, y);
        }
        Collection<?> x = setOrNull(a);
        Collection<?> y = setOrNull(b);
        if (x != null && y != null) {
            return equalSets(x, y);
        }
        return a.equals(b);
    }

    private static boolean reflected(PyObject object, Object other) {
        return object.operate("==", other, true) instanceof Boolean answer && answer;
    }

    private static boolean sameKind(Object a, Object b) {
        return a instanceof Tuple == b instanceof Tuple && a instanceof Range == b instanceof Range;
    }

    /** Returns the value if it compares like a set. */
    static @Nullable Collection<?> setOrNull(@Nullable Object value) {
        if (value instanceof DictView view) {
            return view.setLike() ? view : null;
        }
        return value instanceof Set<?> set ? set : null;
    }

    private static boolean equalLists(List<?> x, List<?> y) {
        if (x.size() != y.size()) {
            return false;
        }
        for (int i = 0; i < x.size(); i++) {
            if (!equal(x.get(i), y.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalMaps(Map<?, ?> x, Map<?, ?> y) {
        if (x.size() != y.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : x.entrySet()) {
            Object other = Dicts.find(y, entry.getKey());
            if (other == Missing.VALUE || !equal(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalSets(Collection<?> x, Collection<?> y) {
        if (x.size() != y.size()) {
            return false;
        }
        for (Object item : x) {
            if (!Dicts.member(y, item)) {
                return false;
            }
        }
        return true;
    }

    /** Evaluates one of == != < <= > >=. */
    static boolean holds(String operator, @Nullable Object a, @Nullable Object b) {
        if (operator.equals("==") || operator.equals("!=")) {
            return equal(a, b) == operator.equals("==");
        }
        if ((Numbers.isNan(a) && Numbers.numeric(b)) || (Numbers.isNan(b) && Numbers.numeric(a))) {
            return false;
        }
        Collection<?> x = setOrNull(a);
        Collection<?> y = setOrNull(b);
        if (x != null && y != null) {
            return subset(operator, x, y);
        }
        int order = compare(a, b, operator);
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private static boolean subset(String operator, Collection<?> a, Collection<?> b) {
        Collection<?> small = operator.startsWith("<") ? a : b;
        Collection<?> large = operator.startsWith("<") ? b : a;
        for (Object item : small) {
            if (!Dicts.member(large, item)) {
                return false;
            }
        }
        return operator.length() == 2 || small.size() < large.size();
    }

    static int compare(@Nullable Object a, @Nullable Object b, String operator) {
        if (a instanceof String x && b instanceof String y) {
            return Strings.compare(x, y);
        }
        if (a != null && b != null && Numbers.numeric(a) && Numbers.numeric(b)) {
            return Numbers.compare(a, b);
        }
        if (a instanceof PyObject o) {
            Integer order = order(o.operate(operator, b, false), operator);
            if (order != null) {
                return order;
            }
        }
        if (b instanceof PyObject o) {
            Integer order = order(o.operate(operator, a, true), operator);
            if (order != null) {
                return order;
            }
        }
        if (a instanceof List<?> x
                && b instanceof List<?> y
                && sameKind(a, b)
                && !(a instanceof Range)) {
            return compareLists(x, y, operator);
        }
        throw ValueErrors.notOrdered(operator, a, b);
    }

    /** Turns the answer to one comparison into an order that gives the same answer. */
    private static @Nullable Integer order(@Nullable Object answer, String operator) {
        if (answer instanceof Long l) {
            return Long.signum(l);
        }
        if (!(answer instanceof Boolean holds)) {
            return null;
        }
        return operator.startsWith("<") == holds ? -1 : 1;
    }

    private static int compareLists(List<?> x, List<?> y, String operator) {
        int common = Math.min(x.size(), y.size());
        for (int i = 0; i < common; i++) {
            if (!equal(x.get(i), y.get(i))) {
                return compare(x.get(i), y.get(i), operator);
            }
        }
        return Integer.compare(x.size(), y.size());
    }

    /** Sorts as Python's sorted() does, which is stable in both directions. */
    static void sort(List<Object> items, List<Object> keys, boolean reverse) {
        List<Integer> order = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            order.add(i);
        }
        order.sort(
                reverse
                        ? (x, y) -> compare(keys.get(y), keys.get(x), "<")
                        : (x, y) -> compare(keys.get(x), keys.get(y), "<"));
        List<Object> sorted = new ArrayList<>(items.size());
        for (int i : order) {
            sorted.add(items.get(i));
        }
        items.clear();
        items.addAll(sorted);
    }
}
