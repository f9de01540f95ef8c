package dev.tarn.project;

import dev.tarn.model.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value of a YAML file together with where it stands. */
sealed interface YamlValue {
    Place place();

    /** The value as templates see it: null, Boolean, Long, Double, String, List or Map. */
    @Nullable Object plain();

    /** What a message calls it. */
    String kind();

    /** Keys and values, in the file's order. */
    record Mapping(Place place, List<Entry> entries) implements YamlValue {
        public Mapping {
            entries = List.copyOf(entries);
        }

        Optional<Entry> find(String key) {
            for (Entry entry : entries) {
                if (entry.key().equals(key)) {
                    return Optional.of(entry);
                }
            }
            return Optional.empty();
        }

        @Override
        public Map<Object, @Nullable Object> plain() {
            Map<Object, @Nullable Object> map = new LinkedHashMap<>();
            for (Entry entry : entries) {
                map.put(entry.plainKey(), entry.value().plain());
            }
            return map;
        }

        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /** Values, in the file's order. */
    record Sequence(Place place, List<YamlValue> items) implements YamlValue {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public List<@Nullable Object> plain() {
            List<@Nullable Object> list = new ArrayList<>();
            for (YamlValue item : items) {
                list.add(item.plain());
            }
            return list;
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /**
     * One value without parts.
     *
     * @param text as it stands in the file, quotes and escapes aside
     */
    record Scalar(Place place, @Nullable Object plain, String text) implements YamlValue {
        boolean isNull() {
            return plain == null;
        }

        @Override
        public String kind() {
            return switch (plain) {
                case null -> "nothing";
                case Boolean flag -> "a truth value";
                case Number number -> "a number";
                default -> "text";
            };
        }
    }

    /** A key with its value. */
    record Entry(String key, Object plainKey, Place keyPlace, YamlValue value) {
        /** Where the value stands; the key's place when the value is empty. */
        Place place() {
            return value instanceof Scalar s && s.isNull() ? keyPlace : value.place();
        }
    }
}
