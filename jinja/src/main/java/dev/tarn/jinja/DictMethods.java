package dev.tarn.jinja;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of dict. */
final class DictMethods {
    static final Map<String, Methods.Method<Map<Object, Object>>> TABLE =
            new Methods.Table<Map<Object, Object>>()
                    .add("get", "key, default=None", DictMethods::find)
                    .add("items", "", (map, a) -> new DictView(map, DictView.Part.ITEMS))
                    .add("keys", "", (map, a) -> new DictView(map, DictView.Part.KEYS))
                    .add("values", "", (map, a) -> new DictView(map, DictView.Part.VALUES))
                    .add("update", "other=None, **kwargs", DictMethods::update)
                    .add("pop", "key, default=Missing", DictMethods::pop)
                    .add("popitem", "", DictMethods::popItem)
                    .add("setdefault", "key, default=None", DictMethods::setDefault)
                    .add("copy", "", (map, a) -> new LinkedHashMap<>(map))
                    .add("clear", "", DictMethods::clear)
                    .add("fromkeys", "iterable, value=None", DictMethods::fromKeys)
                    .build();

    private DictMethods() {}

    private static @Nullable Object find(Map<Object, Object> map, Signature.Given given) {
        Object value = Dicts.find(map, Dicts.hashable(given.get(0)));
        return value == Missing.VALUE ? given.get(1) : value;
    }

    private static @Nullable Object update(Map<Object, Object> map, Signature.Given given) {
        putAll(map, given.get(0));
        given.keywords().forEach((key, value) -> map.put(key, value));
        return null;
    }

    /** Adds the entries of a mapping, or pairs. */
    static void putAll(Map<Object, Object> map, @Nullable Object other) {
        if (other instanceof Map<?, ?> entries) {
            entries.forEach((key, value) -> Dicts.put(map, key, value));
        } else if (other != null) {
            int index = 0;
            for (Iterator<Object> i = Sequences.iterate(other); i.hasNext(); index++) {
                List<Object> pair = Values.list(i.next());
                if (pair.size() != 2) {
                    throw ValueErrors.value(
                            "dictionary update sequence element #%d has length %d; 2 is required"
                                    .formatted(index, pair.size()));
                }
                Dicts.put(map, pair.get(0), pair.get(1));
            }
        }
    }

    private static @Nullable Object pop(Map<Object, Object> map, Signature.Given given) {
        Object value = Dicts.find(map, given.get(0));
        if (value == Missing.VALUE) {
            if (!given.given(1)) {
                throw ValueErrors.key(given.get(0));
            }
            return given.get(1);
        }
        map.keySet().removeIf(key -> Comparison.equal(key, given.get(0)));
        return value;
    }

    private static Object popItem(Map<Object, Object> map, Signature.Given given) {
        if (map.isEmpty()) {
            throw ValueErrors.value("popitem(): dictionary is empty");
        }
        Object last = null;
        for (Object key : map.keySet()) {
            last = key;
        }
        Object value = map.get(last);
        map.remove(last);
        return Tuple.of(last, value);
    }

    private static @Nullable Object setDefault(Map<Object, Object> map, Signature.Given given) {
        Object value = Dicts.find(map, given.get(0));
        if (value == Missing.VALUE) {
            Dicts.put(map, given.get(0), given.get(1));
            return given.get(1);
        }
        return value;
    }

    private static @Nullable Object clear(Map<Object, Object> map, Signature.Given given) {
        map.clear();
        return null;
    }

    private static Object fromKeys(Map<Object, Object> map, Signature.Given given) {
        Map<Object, Object> result = new LinkedHashMap<>();
        Sequences.iterate(given.get(0))
                .forEachRemaining(key -> Dicts.put(result, key, given.get(1)));
        return result;
    }
}
