package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.jinja.Tuple;
import dev.tarn.jinja.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code modules.itertools}: sequences made of sequences. What never ends is not offered. */
final class IterationValue implements PyObject {
    private static final int ITEMS_MAX = 1_000_000;

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "chain" -> new Chain();
            case "product" -> (PyCallable) IterationValue::product;
            case "combinations" -> (PyCallable) a -> choices(a, false, false);
            case "permutations" -> (PyCallable) a -> choices(a, true, false);
            case "combinations_with_replacement" -> (PyCallable) a -> choices(a, false, true);
            case "zip_longest" -> (PyCallable) IterationValue::zipLongest;
            case "islice" -> (PyCallable) IterationValue::slice;
            case "accumulate" -> (PyCallable) IterationValue::accumulate;
            case "repeat" -> (PyCallable) IterationValue::repeat;
            case "compress" -> (PyCallable) IterationValue::compress;
            case "takewhile" -> (PyCallable) a -> split(a, true);
            case "dropwhile" -> (PyCallable) a -> split(a, false);
            case "filterfalse" -> (PyCallable) IterationValue::filterFalse;
            case "groupby" -> (PyCallable) IterationValue::groupBy;
            case "tee" -> (PyCallable) IterationValue::tee;
            case "starmap" -> (PyCallable) IterationValue::starMap;
            default -> Missing.VALUE;
        };
    }

    /** {@code chain(a, b)} and {@code chain.from_iterable([a, b])}. */
    private static final class Chain implements PyObject, PyCallable {
        @Override
        public Object call(Arguments a) {
            return joined(a.positional());
        }

        private static Object joined(List<?> lists) {
            List<Object> all = new ArrayList<>();
            lists.forEach(l -> all.addAll(Values.list(l)));
            return all;
        }

        @Override
        public @Nullable Object attribute(String name) {
            return name.equals("from_iterable")
                    ? (PyCallable) a -> joined(Values.list(a.require(0, "iterable")))
                    : Missing.VALUE;
        }
    }

    private static void checkSize(List<?> made) {
        if (made.size() > ITEMS_MAX) {
            throw TemplateErrors.failed(
                    "itertools makes more than %,d items here.".formatted(ITEMS_MAX));
        }
    }

    private static Object product(Arguments a) {
        List<List<Object>> pools = new ArrayList<>();
        long repeat = a.number(-1, "repeat", 1);
        for (long i = 0; i < repeat; i++) {
            a.positional().forEach(p -> pools.add(Values.list(p)));
        }
        List<List<Object>> made = List.of(List.of());
        for (List<Object> pool : pools) {
            List<List<Object>> longer = new ArrayList<>();
            for (List<Object> start : made) {
                for (Object item : pool) {
                    List<Object> one = new ArrayList<>(start);
                    one.add(item);
                    longer.add(one);
                    checkSize(longer);
                }
            }
            made = longer;
        }
        return tuples(made);
    }

    private static List<Object> tuples(List<List<Object>> lists) {
        return new ArrayList<>(lists.stream().map(Tuple::copyOf).toList());
    }

    private static Object choices(Arguments a, boolean anyOrder, boolean again) {
        List<Object> pool = Values.list(a.require(0, "iterable"));
        Object wanted = a.get(1, "r", null);
        int size = wanted == null ? pool.size() : (int) a.number(1, "r", 0);
        List<List<Object>> made = new ArrayList<>();
        choose(pool, size, anyOrder, again, new ArrayList<>(), made);
        return tuples(made);
    }

    private static void choose(
            List<Object> pool,
            int size,
            boolean anyOrder,
            boolean again,
            List<Integer> chosen,
            List<List<Object>> made) {
        if (chosen.size() == size) {
            made.add(chosen.stream().map(pool::get).toList());
            checkSize(made);
            return;
        }
        int first = anyOrder || chosen.isEmpty() ? 0 : chosen.getLast() + (again ? 0 : 1);
        for (int i = first; i < pool.size(); i++) {
            if (again || !chosen.contains(i)) {
                chosen.add(i);
                choose(pool, size, anyOrder, again, chosen, made);
                chosen.removeLast();
            }
        }
    }

    private static Object zipLongest(Arguments a) {
        List<List<Object>> lists = new ArrayList<>();
        a.positional().forEach(p -> lists.add(Values.list(p)));
        int length = lists.stream().mapToInt(List::size).max().orElse(0);
        Object fill = a.get(-1, "fillvalue", null);
        List<Object> zipped = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            @Nullable Object[] row = new @Nullable Object[lists.size()];
            Arrays.fill(row, fill);
            for (int j = 0; j < row.length; j++) {
                if (i < lists.get(j).size()) {
                    row[j] = lists.get(j).get(i);
                }
            }
            zipped.add(Tuple.of(row));
        }
        return zipped;
    }

    private static Object slice(Arguments a) {
        List<Object> items = Values.list(a.require(0, "iterable"));
        boolean onlyEnd = a.count() < 3;
        int start = onlyEnd ? 0 : (int) a.number(1, "start", 0);
        Object stop = a.get(onlyEnd ? 1 : 2, "stop", null);
        int end = stop == null ? items.size() : Math.min(((Number) stop).intValue(), items.size());
        int step = Math.max(1, (int) a.number(3, "step", 1));
        List<Object> taken = new ArrayList<>();
        for (int i = start; i < end; i += step) {
            taken.add(items.get(i));
        }
        return taken;
    }

    private static Object accumulate(Arguments a) {
        List<@Nullable Object> sums = new ArrayList<>();
        Object function = a.get(1, "func", null);
        Object sum = null;
        for (Object item : Values.list(a.require(0, "iterable"))) {
            if (sums.isEmpty()) {
                sum = item;
            } else if (function != null) {
                sum = Values.call(function, a.with(Arrays.asList(sum, item), Map.of()));
            } else if (sum instanceof Long x && item instanceof Long y) {
                sum = x + y;
            } else if (sum instanceof Number x && item instanceof Number y) {
                sum = x.doubleValue() + y.doubleValue();
            } else {
                sum = Values.text(sum) + Values.text(item);
            }
            sums.add(sum);
        }
        return sums;
    }

    private static Object repeat(Arguments a) {
        List<@Nullable Object> same = new ArrayList<>();
        for (long i = 0; i < a.number(1, "times", 0); i++) {
            same.add(a.require(0, "object"));
            checkSize(same);
        }
        return same;
    }

    private static Object compress(Arguments a) {
        List<Object> kept = new ArrayList<>();
        List<Object> items = Values.list(a.require(0, "data"));
        List<Object> wanted = Values.list(a.require(1, "selectors"));
        for (int i = 0; i < Math.min(items.size(), wanted.size()); i++) {
            if (Values.truthy(wanted.get(i))) {
                kept.add(items.get(i));
            }
        }
        return kept;
    }

    private static Object starMap(Arguments a) {
        List<@Nullable Object> mapped = new ArrayList<>();
        for (Object each : Values.list(a.require(1, "iterable"))) {
            mapped.add(Values.call(a.require(0, "function"), a.with(Values.list(each), Map.of())));
        }
        return mapped;
    }

    /** The items before the first that does not fit, or those from it on. */
    private static Object split(Arguments a, boolean before) {
        List<Object> items = Values.list(a.require(1, "iterable"));
        Object test = a.require(0, "predicate");
        int end = 0;
        while (end < items.size() && Values.truthy(called(a, test, items.get(end)))) {
            end++;
        }
        return new ArrayList<>(before ? items.subList(0, end) : items.subList(end, items.size()));
    }

    private static @Nullable Object called(
            Arguments a, @Nullable Object function, @Nullable Object item) {
        return Values.call(function, a.with(Arrays.asList(item), Map.of()));
    }

    private static Object filterFalse(Arguments a) {
        Object test = a.get(0, "predicate", null);
        List<Object> kept = new ArrayList<>();
        for (Object item : Values.list(a.require(1, "iterable"))) {
            if (!Values.truthy(test == null ? item : called(a, test, item))) {
                kept.add(item);
            }
        }
        return kept;
    }

    /** Pairs of a key and the items beside one another that have it. */
    private static Object groupBy(Arguments a) {
        Object function = a.get(1, "key", null);
        List<Object> groups = new ArrayList<>();
        List<Object> group = new ArrayList<>();
        Object last = null;
        for (Object item : Values.list(a.require(0, "iterable"))) {
            Object key = function == null ? item : called(a, function, item);
            if (groups.isEmpty() || !Values.equal(last, key)) {
                group = new ArrayList<>();
                groups.add(Tuple.of(key, group));
                last = key;
            }
            group.add(item);
        }
        return groups;
    }

    private static Object tee(Arguments a) {
        List<Object> items = Values.list(a.require(0, "iterable"));
        List<Object> copies = new ArrayList<>();
        for (long i = 0; i < a.number(1, "n", 2); i++) {
            copies.add(new ArrayList<>(items));
            checkSize(copies);
        }
        return Tuple.copyOf(copies);
    }
}
