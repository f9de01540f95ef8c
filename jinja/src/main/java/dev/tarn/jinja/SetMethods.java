package dev.tarn.jinja;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of set, and those of the views of a dict. */
final class SetMethods {
    static final Map<String, Methods.Method<Set<Object>>> TABLE =
            new Methods.Table<Set<Object>>()
                    .add("add", "value", (set, a) -> nothing(Dicts.add(set, a.get(0))))
                    .add("discard", "value", (set, a) -> nothing(set.remove(a.get(0))))
                    .add("remove", "value", SetMethods::remove)
                    .add("pop", "", SetMethods::pop)
                    .add("clear", "", (set, a) -> nothing(set.removeIf(item -> true)))
                    .add("copy", "", (set, a) -> new LinkedHashSet<>(set))
                    .add("update", "*others", (set, a) -> nothing(addAll(set, a.rest())))
                    .add("union", "*others", (set, a) -> union(set, a.rest()))
                    .add("intersection", "*others", (set, a) -> keep(set, a.rest(), true))
                    .add("difference", "*others", (set, a) -> keep(set, a.rest(), false))
                    .add("symmetric_difference", "other", (set, a) -> either(set, a.get(0)))
                    .add(
                            "intersection_update",
                            "*others",
                            (set, a) -> nothing(set.retainAll(keep(set, a.rest(), true))))
                    .add(
                            "difference_update",
                            "*others",
                            (set, a) -> nothing(set.retainAll(keep(set, a.rest(), false))))
                    .add("issubset", "other", (set, a) -> within(set, members(a.get(0))))
                    .add("issuperset", "other", (set, a) -> within(members(a.get(0)), set))
                    .add("isdisjoint", "other", (set, a) -> apart(set, a.get(0)))
                    .build();

    static final Map<String, Methods.Method<Collection<Object>>> VIEW =
            new Methods.Table<Collection<Object>>()
                    .add("isdisjoint", "other", (view, a) -> apart(view, a.get(0)))
                    .build();

    private SetMethods() {}

    private static @Nullable Object nothing(boolean ignored) {
        return null;
    }

    /** Returns set(value). */
    static Set<Object> members(@Nullable Object value) {
        Set<Object> members = new LinkedHashSet<>();
        Sequences.iterate(value).forEachRemaining(item -> Dicts.add(members, item));
        return members;
    }

    private static @Nullable Object remove(Set<Object> set, Signature.Given given) {
        if (!set.remove(given.get(0))) {
            throw ValueErrors.key(given.get(0));
        }
        return null;
    }

    private static @Nullable Object pop(Set<Object> set, Signature.Given given) {
        if (set.isEmpty()) {
            throw ValueErrors.key("pop from an empty set");
        }
        Object first = set.iterator().next();
        set.remove(first);
        return first;
    }

    private static boolean addAll(Set<Object> set, List<Object> others) {
        others.forEach(other -> members(other).forEach(item -> Dicts.add(set, item)));
        return true;
    }

    private static Set<Object> union(Set<Object> set, List<Object> others) {
        Set<Object> union = new LinkedHashSet<>(set);
        addAll(union, others);
        return union;
    }

    private static Set<Object> keep(Set<Object> set, List<Object> others, boolean shared) {
        Set<Object> kept = new LinkedHashSet<>(set);
        for (Object other : others) {
            Set<Object> members = members(other);
            kept.removeIf(item -> Dicts.member(members, item) != shared);
        }
        return kept;
    }

    private static Set<Object> either(Set<Object> set, @Nullable Object other) {
        Set<Object> members = members(other);
        Set<Object> either = new LinkedHashSet<>(set);
        either.removeIf(item -> Dicts.member(members, item));
        members.removeIf(item -> Dicts.member(set, item));
        either.addAll(members);
        return either;
    }

    private static boolean within(Collection<Object> small, Collection<Object> large) {
        return small.stream().allMatch(item -> Dicts.member(large, item));
    }

    private static boolean apart(Collection<Object> set, @Nullable Object other) {
        return members(other).stream().noneMatch(item -> Dicts.member(set, item));
    }
}
