package dev.tarn.project;

import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Fills in the templates inside YAML values and keeps the places. */
final class YamlRendering {
    private YamlRendering() {}

    /** Whether a text has anything to fill in. */
    static boolean isTemplate(String text) {
        return text.contains("{{") || text.contains("{%") || text.contains("{#");
    }

    /**
     * @param evaluate the value of a text that is a template
     */
    static UnaryOperator<YamlValue> with(Function<Scalar, @Nullable Object> evaluate) {
        return value -> render(value, evaluate);
    }

    /** Renders all but the values of some keys, at any depth but inside of settings. */
    static YamlValue except(YamlValue value, Set<String> keys, UnaryOperator<YamlValue> render) {
        return switch (value) {
            case Scalar scalar -> render.apply(scalar);
            case Sequence list ->
                    new Sequence(
                            list.place(),
                            list.items().stream().map(i -> except(i, keys, render)).toList());
            case Mapping mapping -> {
                List<Entry> entries = new ArrayList<>();
                for (Entry e : mapping.entries()) {
                    YamlValue inner =
                            keys.contains(e.key())
                                    ? e.value()
                                    : except(e.value(), within(e.key(), keys), render);
                    entries.add(new Entry(e.key(), e.plainKey(), e.keyPlace(), inner));
                }
                yield new Mapping(mapping.place(), entries);
            }
        };
    }

    /** Inside of settings a key such as {@code description} is only a name, but hooks are hooks. */
    private static Set<String> within(String key, Set<String> keys) {
        if (key.equals("metrics") || key.equals("saved_queries")) {
            // Conditions of the semantic layer are templates of its own language.
            Set<String> more = new HashSet<>(keys);
            more.add("filter");
            more.add("where");
            return more;
        }
        return key.equals("config")
                ? keys.stream().filter(YamlRendering::isCode).collect(Collectors.toSet())
                : keys;
    }

    private static boolean isCode(String key) {
        return key.contains("hook") || key.equals("loaded_at_query");
    }

    private static YamlValue render(YamlValue value, Function<Scalar, @Nullable Object> evaluate) {
        return switch (value) {
            case Scalar scalar ->
                    scalar.plain() instanceof String text && isTemplate(text)
                            ? of(scalar.place(), evaluate.apply(scalar))
                            : scalar;
            case Sequence list ->
                    new Sequence(
                            list.place(),
                            list.items().stream().map(i -> render(i, evaluate)).toList());
            case Mapping mapping ->
                    new Mapping(
                            mapping.place(),
                            mapping.entries().stream()
                                    .map(e ->
                                            new Entry(
                                                    e.key(),
                                                    e.plainKey(),
                                                    e.keyPlace(),
                                                    render(e.value(), evaluate)))
                                    .toList());
        };
    }

    /** A plain value as if it stood in a file at a place. */
    static YamlValue of(dev.tarn.model.Place place, @Nullable Object value) {
        return switch (value) {
            case null -> new Scalar(place, null, "");
            case List<?> list -> new Sequence(place, list.stream().map(i -> of(place, i)).toList());
            case Map<?, ?> map -> {
                List<Entry> entries = new ArrayList<>();
                map.forEach((k, v) -> {
                    Object key = k == null ? "" : k;
                    entries.add(new Entry(text(key), key, place, of(place, v)));
                });
                yield new Mapping(place, entries);
            }
            case Moment moment -> new Scalar(place, moment.iso("T"), moment.iso("T"));
            default -> new Scalar(place, value, text(value));
        };
    }

    private static String text(Object value) {
        return value instanceof Boolean flag ? (flag ? "True" : "False") : value.toString();
    }
}
