package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Filters that look at, or rearrange, whole sequences. */
final class SequenceFilters {
    private SequenceFilters() {}

    static void register(Builtins.Registry filters) {
        filters.add("length", "", (v, a) -> Sequences.length(v))
                .alias("count", "length")
                .add("list", "", (v, a) -> Values.list(v))
                .addAt("first", "", (site, v, a) -> first(site, v))
                .addAt("last", "", (site, v, a) -> last(site, v))
                .addAt("random", "", (site, v, a) -> random(site, v))
                .add("reverse", "", (v, a) -> reverse(v))
                .add("sum", "attribute=None, start=0", SequenceFilters::sum)
                .addAt(
                        "min",
                        "case_sensitive=False, attribute=None",
                        (site, v, a) -> extreme(site, v, a, "<"))
                .addAt(
                        "max",
                        "case_sensitive=False, attribute=None",
                        (site, v, a) -> extreme(site, v, a, ">"))
                .add(
                        "sort",
                        "reverse=False, case_sensitive=False, attribute=None",
                        SequenceFilters::sort)
                .add(
                        "dictsort",
                        "case_sensitive=False, by='key', reverse=False",
                        SequenceFilters::dictSort)
                .add("batch", "linecount, fill_with=None", SequenceFilters::batch)
                .add("slice", "slices, fill_with=None", SequenceFilters::slice)
                .add("items", "", (v, a) -> items(v));
    }

    private static @Nullable Object first(Builtins.Site site, @Nullable Object value) {
        Iterator<Object> items = Sequences.iterate(value);
        return items.hasNext() ? items.next() : empty(site, "No first item, sequence was empty.");
    }

    private static @Nullable Object last(Builtins.Site site, @Nullable Object value) {
        List<Object> items = Values.list(value);
        return items.isEmpty() ? empty(site, "No last item, sequence was empty.") : items.getLast();
    }

    private static @Nullable Object random(Builtins.Site site, @Nullable Object value) {
        List<Object> items = Values.list(value);
        return items.isEmpty()
                ? empty(site, "No random item, sequence was empty.")
                : items.get(ThreadLocalRandom.current().nextInt(items.size()));
    }

    private static Object empty(Builtins.Site site, String reason) {
        return site.scope().undefined(Undefined.Origin.special(reason));
    }

    private static Object reverse(@Nullable Object value) {
        if (value instanceof String text) {
            return Sequences.slice(text, null, null, -1L);
        }
        List<Object> items = Values.list(value).reversed();
        return value instanceof List<?>
                ? new Generator("list_reverseiterator object", items.iterator())
                : items;
    }

    private static @Nullable Object sum(@Nullable Object value, Signature.Given given) {
        Object total = given.get(1);
        for (Iterator<Object> i = Sequences.iterate(value); i.hasNext(); ) {
            total = Arithmetic.apply("+", total, Attributes.get(i.next(), given.get(0)));
        }
        return total;
    }

    private static @Nullable Object extreme(
            Builtins.Site site, @Nullable Object value, Signature.Given given, String operator) {
        Iterator<Object> items = Sequences.iterate(value);
        if (!items.hasNext()) {
            return empty(site, "No aggregated item, sequence was empty.");
        }
        Object best = items.next();
        Object bestKey = key(best, given);
        while (items.hasNext()) {
            Object item = items.next();
            Object key = key(item, given);
            if (Comparison.holds(operator, key, bestKey)) {
                best = item;
                bestKey = key;
            }
        }
        return best;
    }

    private static @Nullable Object key(@Nullable Object item, Signature.Given given) {
        return Attributes.fold(Attributes.get(item, given.get(1)), given.flag(0));
    }

    private static Object sort(@Nullable Object value, Signature.Given given) {
        List<Object> items = Values.list(value);
        List<Object> keys = new ArrayList<>(items.size());
        for (Object item : items) {
            keys.add(sortKey(item, given.get(2), given.flag(1)));
        }
        Comparison.sort(items, keys, given.flag(0));
        return items;
    }

    /**
     * One attribute, or several of them that are separated by commas. Parts of tuples that are
     * equal are not asked which is less, so that items may lack what they are sorted by.
     */
    private static @Nullable Object sortKey(
            @Nullable Object item, @Nullable Object attribute, boolean caseSensitive) {
        if (!(attribute instanceof String text) || text.indexOf(',') < 0) {
            return Tuple.of(Attributes.fold(Attributes.get(item, attribute), caseSensitive));
        }
        List<Object> key = new ArrayList<>();
        for (String path : text.split(",")) {
            key.add(Attributes.fold(Attributes.get(item, path), caseSensitive));
        }
        return Tuple.copyOf(key);
    }

    private static Map<?, ?> mapping(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw value instanceof Undefined undefined
                ? undefined.error()
                : ValueErrors.type("Can only get item pairs from a mapping.");
    }

    private static Object dictSort(@Nullable Object value, Signature.Given given) {
        String by = given.string(1);
        if (!by.equals("key") && !by.equals("value")) {
            throw ValueErrors.value("You can only sort by either \"key\" or \"value\"");
        }
        List<Object> items = Values.list(new DictView(mapping(value), DictView.Part.ITEMS));
        List<Object> keys = new ArrayList<>(items.size());
        for (Object item : items) {
            Object key = ((Tuple) item).get(by.equals("key") ? 0 : 1);
            keys.add(Attributes.fold(key, given.flag(0)));
        }
        Comparison.sort(items, keys, given.flag(2));
        return items;
    }

    private static Object items(@Nullable Object value) {
        if (value instanceof Undefined) {
            return new Generator("generator object", List.of().iterator());
        }
        return new DictView(mapping(value), DictView.Part.ITEMS);
    }

    private static Object batch(@Nullable Object value, Signature.Given given) {
        int size = given.size(0);
        List<Object> rows = new ArrayList<>();
        List<Object> row = new ArrayList<>();
        for (Iterator<Object> i = Sequences.iterate(value); i.hasNext(); ) {
            if (row.size() == size) {
                rows.add(row);
                row = new ArrayList<>();
            }
            row.add(i.next());
        }
        if (!row.isEmpty()) {
            if (given.get(1) != null) {
                Values.checkSize(size);
                while (row.size() < size) {
                    row.add(given.get(1));
                }
            }
            rows.add(row);
        }
        return new Generator("generator object", rows.iterator());
    }

    private static Object slice(@Nullable Object value, Signature.Given given) {
        List<Object> items = Values.list(value);
        int slices = given.size(0);
        if (slices <= 0) {
            throw ValueErrors.zeroDivision("integer division or modulo by zero");
        }
        Values.checkSize(slices);
        int perSlice = items.size() / slices;
        int longer = items.size() % slices;
        int start = 0;
        List<Object> columns = new ArrayList<>();
        for (int i = 0; i < slices; i++) {
            int end = start + perSlice + (i < longer ? 1 : 0);
            List<Object> column = new ArrayList<>(items.subList(start, end));
            if (given.get(1) != null && i >= longer) {
                column.add(given.get(1));
            }
            columns.add(column);
            start = end;
        }
        return new Generator("generator object", columns.iterator());
    }
}
