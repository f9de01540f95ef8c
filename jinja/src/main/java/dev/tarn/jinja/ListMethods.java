package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of list, and those that tuple and range share. */
final class ListMethods {
    static final Map<String, Methods.Method<List<Object>>> READING =
            reading(new Methods.Table<>()).build();
    static final Map<String, Methods.Method<List<Object>>> TABLE =
            changing(reading(new Methods.Table<>())).build();

    private ListMethods() {}

    private static Methods.Table<List<Object>> reading(Methods.Table<List<Object>> table) {
        return table.add("index", "value, start=0, stop=None", ListMethods::index)
                .add("count", "value", (list, a) -> count(list, a.get(0)));
    }

    private static Methods.Table<List<Object>> changing(Methods.Table<List<Object>> table) {
        return table.add("append", "value", (list, a) -> nothing(list.add(a.get(0))))
                .add("extend", "iterable", ListMethods::extend)
                .add("insert", "index, value", ListMethods::insert)
                .add("pop", "index=-1", ListMethods::pop)
                .add("remove", "value", ListMethods::remove)
                .add("clear", "", (list, a) -> cleared(list))
                .add("copy", "", (list, a) -> new ArrayList<>(list))
                .add("reverse", "", ListMethods::reverse)
                .add("sort", "key=None, reverse=False", ListMethods::sort);
    }

    private static @Nullable Object nothing(boolean ignored) {
        return null;
    }

    private static @Nullable Object cleared(List<Object> list) {
        list.clear();
        return null;
    }

    private static long count(List<Object> list, @Nullable Object value) {
        return list.stream().filter(item -> Comparison.equal(item, value)).count();
    }

    private static long index(List<Object> list, Signature.Given given) {
        int size = list.size();
        int start = given.size(1);
        int stop = given.get(2) == null ? size : given.size(2);
        int from = Math.max(0, start < 0 ? start + size : start);
        int to = Math.min(size, stop < 0 ? stop + size : stop);
        for (int i = from; i < to; i++) {
            if (Comparison.equal(list.get(i), given.get(0))) {
                return i;
            }
        }
        throw ValueErrors.value(Values.representation(given.get(0)) + " is not in list");
    }

    private static @Nullable Object extend(List<Object> list, Signature.Given given) {
        List<Object> more = Values.list(given.get(0));
        Values.checkLength((long) list.size() + more.size());
        list.addAll(more);
        return null;
    }

    private static @Nullable Object insert(List<Object> list, Signature.Given given) {
        int index = given.size(0);
        int position = index < 0 ? index + list.size() : index;
        list.add(Math.max(0, Math.min(list.size(), position)), given.get(1));
        return null;
    }

    private static @Nullable Object pop(List<Object> list, Signature.Given given) {
        if (list.isEmpty()) {
            throw ValueErrors.index("pop from empty list");
        }
        int position = Sequences.position(given.get(0), list.size());
        if (position < 0) {
            throw ValueErrors.index("pop index out of range");
        }
        return list.remove(position);
    }

    private static @Nullable Object remove(List<Object> list, Signature.Given given) {
        for (int i = 0; i < list.size(); i++) {
            if (Comparison.equal(list.get(i), given.get(0))) {
                list.remove(i);
                return null;
            }
        }
        throw ValueErrors.value("list.remove(x): x not in list");
    }

    private static @Nullable Object reverse(List<Object> list, Signature.Given given) {
        List<Object> reversed = new ArrayList<>(list.reversed());
        list.clear();
        list.addAll(reversed);
        return null;
    }

    private static @Nullable Object sort(List<Object> list, Signature.Given given) {
        List<Object> keys = list;
        if (given.get(0) != null) {
            keys = new ArrayList<>();
            for (Object item : list) {
                keys.add(
                        Values.call(
                                given.get(0), given.arguments().with(Tuple.of(item), Map.of())));
            }
        }
        Comparison.sort(list, Tuple.copyOf(keys), given.flag(1));
        return null;
    }
}
