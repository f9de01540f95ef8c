package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Filters that choose, group or transform the items of a sequence, and default values. */
final class SelectionFilters {
    private SelectionFilters() {}

    static void register(Builtins.Registry filters) {
        filters.add("default", "default_value='', boolean=False", SelectionFilters::otherwise)
                .alias("d", "default")
                .addAt("attr", "name", SelectionFilters::attribute)
                .addAt("map", "*args, **kwargs", SelectionFilters::map)
                .addAt("select", "*args, **kwargs", (site, v, a) -> select(site, v, a, true, false))
                .addAt(
                        "reject",
                        "*args, **kwargs",
                        (site, v, a) -> select(site, v, a, false, false))
                .addAt(
                        "selectattr",
                        "*args, **kwargs",
                        (site, v, a) -> select(site, v, a, true, true))
                .addAt(
                        "rejectattr",
                        "*args, **kwargs",
                        (site, v, a) -> select(site, v, a, false, true))
                .add("unique", "case_sensitive=False, attribute=None", SelectionFilters::unique)
                .add(
                        "groupby",
                        "attribute, default=Missing, case_sensitive=False",
                        SelectionFilters::groupBy);
    }

    private static @Nullable Object otherwise(@Nullable Object value, Signature.Given given) {
        boolean replace = value instanceof Undefined || (given.flag(1) && !Values.truthy(value));
        return replace ? given.get(0) : value;
    }

    private static @Nullable Object attribute(
            Builtins.Site site, @Nullable Object value, Signature.Given given) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        String name = given.string(0);
        Object found = Access.attributeOnly(value, name);
        return found == Missing.VALUE
                ? site.scope().undefined(Undefined.Origin.member(value, name))
                : found;
    }

    private static Object map(Builtins.Site site, @Nullable Object value, Signature.Given given) {
        if (!Values.truthy(value)) {
            return generator(List.of().iterator());
        }
        Iterator<Object> items = Sequences.iterate(value);
        Map<String, Object> keywords = given.keywords();
        if (given.rest().isEmpty() && keywords.containsKey("attribute")) {
            for (String keyword : keywords.keySet()) {
                if (!keyword.equals("attribute") && !keyword.equals("default")) {
                    throw ValueErrors.type("Unexpected keyword argument '" + keyword + "'");
                }
            }
            Object path = keywords.get("attribute");
            Object absent = keywords.getOrDefault("default", Missing.VALUE);
            return Generator.of(
                    "generator object", items, item -> Attributes.get(item, path, absent));
        }
        if (given.rest().isEmpty()) {
            throw ValueErrors.type("map requires a filter argument");
        }
        Builtins.FilterBody filter = Builtins.filter(site, Strings.text(given.rest().getFirst()));
        Arguments arguments = rest(given, 1);
        return Generator.of(
                "generator object",
                items,
                item -> placed(site, () -> filter.apply(site, item, arguments)));
    }

    /** A generator may run long after the filter that made it, but its errors belong to it. */
    private static @Nullable Object placed(Builtins.Site site, Supplier<@Nullable Object> step) {
        try {
            return step.get();
        } catch (JinjaException e) {
            throw e.at(site.mark());
        }
    }

    private static Arguments rest(Signature.Given given, int used) {
        List<Object> rest = given.rest();
        return given.arguments()
                .with(rest.subList(Math.min(used, rest.size()), rest.size()), given.keywords());
    }

    private static Generator generator(Iterator<Object> items) {
        return new Generator("generator object", items);
    }

    private static Object select(
            Builtins.Site site,
            @Nullable Object value,
            Signature.Given given,
            boolean wanted,
            boolean byAttribute) {
        if (!Values.truthy(value)) {
            return generator(List.of().iterator());
        }
        List<Object> rest = given.rest();
        int used = byAttribute ? 1 : 0;
        if (rest.size() < used) {
            throw ValueErrors.type("Missing parameter for attribute name");
        }
        Object path = byAttribute ? rest.getFirst() : null;
        Predicate<@Nullable Object> predicate;
        if (rest.size() == used) {
            predicate = Values::truthy;
        } else {
            Builtins.TestBody test = Builtins.test(site, Strings.text(rest.get(used)));
            Arguments arguments = rest(given, used + 1);
            predicate = item -> test.check(site, item, arguments);
        }
        return Generator.of(
                "generator object",
                Sequences.iterate(value),
                item ->
                        placed(
                                site,
                                () ->
                                        predicate.test(Attributes.get(item, path)) == wanted
                                                ? item
                                                : Missing.VALUE));
    }

    private static Object unique(@Nullable Object value, Signature.Given given) {
        Set<Object> seen = new HashSet<>();
        return Generator.of(
                "generator object",
                Sequences.iterate(value),
                item -> {
                    Object key = Attributes.fold(Attributes.get(item, given.get(1)), given.flag(0));
                    return Dicts.add(seen, key instanceof Undefined ? Missing.VALUE : key)
                            ? item
                            : Missing.VALUE;
                });
    }

    /** One group: a pair that also has names. */
    private static final class Group extends Tuple implements PyObject {
        Group(@Nullable Object grouper, List<Object> items) {
            super(Arrays.asList(grouper, items));
        }

        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "grouper" -> get(0);
                case "list" -> get(1);
                default -> Missing.VALUE;
            };
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            int position = Numbers.integral(key) ? Sequences.position(key, 2) : -1;
            return position < 0 ? Missing.VALUE : get(position);
        }

        @Override
        public String representation() {
            return "(" + Values.representation(get(0)) + ", " + Values.representation(get(1)) + ")";
        }

        @Override
        public String typeName() {
            return "tuple";
        }

        @Override
        public int length() {
            return 2;
        }
    }

    private static Object groupBy(@Nullable Object value, Signature.Given given) {
        Object absent = given.given(1) ? given.get(1) : Missing.VALUE;
        boolean caseSensitive = given.flag(2);
        List<Object> items = Values.list(value);
        List<Object> keys = new ArrayList<>(items.size());
        for (Object item : items) {
            keys.add(Attributes.fold(Attributes.get(item, given.get(0), absent), caseSensitive));
        }
        Comparison.sort(items, keys, false);
        List<Object> groups = new ArrayList<>();
        List<Object> members = new ArrayList<>();
        Object last = Missing.VALUE;
        for (Object item : items) {
            Object own = Attributes.get(item, given.get(0), absent);
            Object key = Attributes.fold(own, caseSensitive);
            if (last == Missing.VALUE || !Comparison.equal(last, key)) {
                members = new ArrayList<>();
                groups.add(new Group(own, members));
                last = key;
            }
            members.add(item);
        }
        return groups;
    }
}
