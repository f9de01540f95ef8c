package dev.tarn.project;

import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Words of the semantic layer that mean the same in capitals, such as {@code agg: SUM}. */
final class SemanticWords {
    private static final Map<String, Set<String>> KEYS =
            Map.of(
                    "semantic_models",
                    Set.of("type", "agg", "time_granularity", "window_choice"),
                    "metrics",
                    Set.of("type", "period_agg", "calculation"));

    /** What somebody says here is theirs. */
    private static final String FREE = "meta";

    private SemanticWords() {}

    /** The same with these words in small letters. */
    static Mapping small(String kind, Mapping said) {
        Set<String> keys = KEYS.getOrDefault(kind, Set.of());
        return keys.isEmpty() ? said : small(said, keys);
    }

    private static Mapping small(Mapping said, Set<String> keys) {
        List<Entry> entries = new ArrayList<>();
        for (Entry e : said.entries()) {
            YamlValue value = keys.contains(e.key()) ? word(e.value()) : within(e.value(), keys);
            entries.add(
                    e.key().equals(FREE)
                            ? e
                            : new Entry(e.key(), e.plainKey(), e.keyPlace(), value));
        }
        return new Mapping(said.place(), entries);
    }

    private static YamlValue within(YamlValue value, Set<String> keys) {
        return switch (value) {
            case Mapping mapping -> small(mapping, keys);
            case Sequence list ->
                    new Sequence(
                            list.place(), list.items().stream().map(i -> within(i, keys)).toList());
            case Scalar scalar -> scalar;
        };
    }

    private static YamlValue word(YamlValue value) {
        return value instanceof Scalar scalar && scalar.plain() instanceof String text
                ? YamlRendering.of(scalar.place(), text.toLowerCase(Locale.ROOT))
                : value;
    }
}
