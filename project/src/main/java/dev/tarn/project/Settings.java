package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of one node while it comes together: what is said later wins, except that tags
 * and hooks add up, and that {@code meta} and its like merge. Each value knows where it was said
 * last.
 */
final class Settings {
    private static final Set<String> ADDED = Set.of("tags", "pre-hook", "post-hook", "packages");
    private static final Set<String> MERGED =
            Set.of("meta", "docs", "table_properties", "quoting", "column_types", "contract");

    private static final Set<String> EMPTIED = Set.of("schema", "alias", "database");

    private final Map<String, YamlValue> values = new LinkedHashMap<>();

    Settings() {}

    /** A copy to go on with. */
    Settings(Settings other) {
        values.putAll(other.values);
    }

    /** What was remembered of others. */
    Settings(Map<String, YamlValue> values) {
        this.values.putAll(values);
    }

    /** All of them, in the order in which they were said. */
    Map<String, YamlValue> values() {
        return Collections.unmodifiableMap(values);
    }

    /** What a key is called where settings come together. */
    static String name(String key) {
        return key.equals("pre_hook") ? "pre-hook" : key.equals("post_hook") ? "post-hook" : key;
    }

    void put(String key, YamlValue value) {
        String name = name(key);
        YamlValue before = values.get(name);
        if (ADDED.contains(name)) {
            values.put(name, before == null ? listed(value) : added(before, value));
        } else if (name.equals("grants") && value instanceof Mapping mapping) {
            values.put(name, granted(before instanceof Mapping old ? old : null, mapping));
        } else if (MERGED.contains(name)
                && before instanceof Mapping old
                && value instanceof Mapping mapping) {
            values.put(name, merged(old, mapping));
        } else {
            values.put(name, value);
        }
    }

    /** Takes over every key of a mapping. */
    void putAll(Mapping mapping) {
        mapping.entries().forEach(e -> putOrEmpty(e.key(), e.value()));
    }

    /**
     * Takes over a value. Nothing as a value takes back what was said of names, and of settings
     * that only the project knows; of all others it says nothing.
     */
    void putOrEmpty(String key, YamlValue value) {
        if (!(value instanceof Scalar s && s.isNull())) {
            put(key, value);
        } else if (EMPTIED.contains(key) || !MisspeltSettings.isKnown(name(key))) {
            values.put(key, value);
        }
    }

    /**
     * Takes over what a tree of the project file says about a node, from the outermost level to the
     * innermost.
     */
    void putTree(Mapping tree, List<String> fqn) {
        levels(tree, fqn, this::putOrEmpty);
    }

    /** Tells what a tree says about a node, from the outermost level to the innermost. */
    static void levels(Mapping tree, List<String> fqn, BiConsumer<String, YamlValue> told) {
        Mapping level = tree;
        level(level, told);
        for (String part : fqn) {
            Optional<Entry> next = level.find(part);
            if (next.isEmpty() || !(next.get().value() instanceof Mapping inner)) {
                return;
            }
            level = inner;
            level(level, told);
        }
    }

    private static void level(Mapping level, BiConsumer<String, YamlValue> told) {
        for (Entry entry : level.entries()) {
            if (entry.key().startsWith("+")) {
                told.accept(entry.key().substring(1), entry.value());
            } else if (!(entry.value() instanceof Mapping)) {
                told.accept(entry.key(), entry.value());
            }
        }
    }

    private static Sequence listed(YamlValue value) {
        return value instanceof Sequence list ? list : new Sequence(value.place(), List.of(value));
    }

    private static Sequence added(YamlValue before, YamlValue value) {
        List<YamlValue> all = new ArrayList<>(listed(before).items());
        for (YamlValue item : listed(value).items()) {
            if (all.stream().noneMatch(i -> java.util.Objects.equals(i.plain(), item.plain()))) {
                all.add(item);
            }
        }
        return new Sequence(value.place(), all);
    }

    /** Grantees by privilege: said again they are replaced, or added to when it begins with +. */
    private static Mapping granted(@Nullable Mapping before, Mapping value) {
        Map<String, Entry> all = new LinkedHashMap<>();
        if (before != null) {
            before.entries().forEach(e -> all.put(e.key(), e));
        }
        for (Entry e : value.entries()) {
            boolean adds = e.key().startsWith("+");
            String privilege = adds ? e.key().substring(1) : e.key();
            Entry old = adds ? all.get(privilege) : null;
            Sequence grantees = old == null ? listed(e.value()) : added(old.value(), e.value());
            all.put(privilege, new Entry(privilege, privilege, e.keyPlace(), grantees));
        }
        return new Mapping(value.place(), new ArrayList<>(all.values()));
    }

    private static Mapping merged(Mapping before, Mapping value) {
        Map<String, Entry> all = new LinkedHashMap<>();
        before.entries().forEach(e -> all.put(e.key(), e));
        value.entries().forEach(e -> all.put(e.key(), e));
        return new Mapping(value.place(), new ArrayList<>(all.values()));
    }

    Optional<YamlValue> find(String key) {
        return Optional.ofNullable(values.get(key))
                .filter(v -> !(v instanceof Scalar s && s.isNull()));
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** The plain value of a key, as templates see it. */
    @Nullable Object plain(String key) {
        YamlValue value = values.get(key);
        return value == null ? null : value.plain();
    }

    Optional<String> text(String key, Problems problems) {
        return find(key)
                .flatMap(v -> {
                    if (v instanceof Scalar s) {
                        return Optional.of(s.text());
                    }
                    problems.add(
                            YamlErrors.wrongKind(v.place(), "Setting '" + key + "'", "text", v));
                    return Optional.empty();
                });
    }

    List<String> texts(String key, Problems problems) {
        return find(key)
                .map(v -> YamlSection.texts("setting '" + key + "'", v, problems))
                .orElse(List.of());
    }

    Map<String, String> textMap(String key, Problems problems) {
        Map<String, String> texts = new LinkedHashMap<>();
        find(key)
                .ifPresent(v -> {
                    if (!(v instanceof Mapping mapping)) {
                        problems.add(
                                YamlErrors.wrongKind(
                                        v.place(), "Setting '" + key + "'", "a mapping", v));
                        return;
                    }
                    for (Entry e : mapping.entries()) {
                        if (e.value() instanceof Scalar s && !s.isNull()) {
                            texts.put(e.key(), s.text());
                        }
                    }
                });
        return texts;
    }

    /** A truth value; the words {@code true} and {@code false} count too. */
    boolean flag(String key, boolean otherwise, Problems problems) {
        Optional<YamlValue> value = find(key);
        if (value.isEmpty()) {
            return otherwise;
        }
        if (value.get() instanceof Scalar s) {
            if (s.plain() instanceof Boolean flag) {
                return flag;
            }
            if (s.text().strip().equalsIgnoreCase("true")) {
                return true;
            }
            if (s.text().strip().equalsIgnoreCase("false") || s.text().isBlank()) {
                return false;
            }
        }
        problems.add(
                YamlErrors.wrongKind(
                        value.get().place(),
                        "Setting '" + key + "'",
                        "true or false",
                        value.get()));
        return otherwise;
    }

    /** Where a setting was said; another place when it was not. */
    Place place(String key, Place otherwise) {
        return find(key).map(YamlValue::place).orElse(otherwise);
    }

    /** All of them, as templates see them. */
    Map<Object, @Nullable Object> plain() {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        values.forEach((k, v) -> map.put(k, v.plain()));
        return map;
    }
}
