package dev.tarn.project;

import dev.tarn.project.YamlValue.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is said about a source's table, in the shape of dbt's manifest. */
final class SourceFacts {
    private SourceFacts() {}

    static Map<Object, @Nullable Object> of(SourceDraft draft) {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        map.put("database", draft.database());
        map.put("schema", draft.schema());
        map.put("name", draft.tableName());
        map.put("resource_type", "source");
        map.put("package_name", draft.packageName());
        map.put("path", FactTexts.inPackage(draft.place().file()));
        map.put("original_file_path", FactTexts.inPackage(draft.place().file()));
        map.put("unique_id", draft.id().value());
        map.put("fqn", new ArrayList<>(draft.fqn()));
        map.put("source_name", draft.sourceName());
        map.put("source_description", draft.source().words().description());
        map.put("loader", text(draft, "loader").orElse(""));
        map.put("identifier", draft.identifier());
        Map<Object, @Nullable Object> quoting = new LinkedHashMap<>();
        for (String key : List.of("database", "schema", "identifier", "column")) {
            quoting.put(key, null);
        }
        map.put("quoting", quoting);
        map.put("loaded_at_field", loaded(draft, "loaded_at_field", "loaded_at_query"));
        map.put("loaded_at_query", loaded(draft, "loaded_at_query", "loaded_at_field"));
        map.put("freshness", freshness(draft));
        map.put("external", null);
        map.put("description", draft.table().words().description());
        map.put(
                "columns",
                FactColumns.columns(
                        draft.table().columns(),
                        draft.packageName(),
                        c -> c.words().description()));
        Map<Object, @Nullable Object> config = new LinkedHashMap<>();
        config.put("enabled", draft.enabled());
        config.put("event_time", null);
        config.put("freshness", map.get("freshness"));
        config.put("loaded_at_field", map.get("loaded_at_field"));
        config.put("loaded_at_query", map.get("loaded_at_query"));
        config.put("meta", new LinkedHashMap<>());
        config.put("tags", new ArrayList<>());
        Object freshness = map.get("freshness");
        draft.settings().plain().forEach(config::put);
        config.put("freshness", freshness);
        map.put("meta", config.getOrDefault("meta", new LinkedHashMap<>()));
        map.put("source_meta", meta(draft.source().words(), draft.source().config()));
        Object tags = config.get("tags");
        config.put(
                "tags",
                tags instanceof List<?> list
                        ? new ArrayList<>(list.stream().map(String::valueOf).sorted().toList())
                        : tags);
        map.put("tags", config.getOrDefault("tags", new ArrayList<>()));
        map.put("config", config);
        map.put("patch_path", null);
        map.put("unrendered_config", written(draft, map));
        map.put(
                "relation_name",
                "\"%s\".\"%s\".\"%s\""
                        .formatted(draft.database(), draft.schema(), draft.identifier()));
        map.put("created_at", 0.0);
        map.put(
                "doc_blocks",
                FactTexts.docBlocks(draft.table().words().description(), draft.packageName()));
        map.put("unrendered_database", draft.source().database().orElse(null));
        map.put("unrendered_schema", draft.source().schema().orElse(null));
        return map;
    }

    /** What is said beside the settings and in them. */
    private static Map<Object, @Nullable Object> meta(
            PropertyFile.Words words, Optional<Mapping> config) {
        Map<Object, @Nullable Object> meta = new LinkedHashMap<>();
        words.meta().ifPresent(m -> meta.putAll(m.plain()));
        config.flatMap(c -> c.find("meta"))
                .map(YamlValue.Entry::value)
                .filter(Mapping.class::isInstance)
                .ifPresent(m -> meta.putAll(((Mapping) m).plain()));
        return meta;
    }

    /** Meta and tags of the source and its table together, and how the age of rows is known. */
    private static Map<Object, @Nullable Object> written(
            SourceDraft draft, Map<Object, @Nullable Object> facts) {
        Map<Object, @Nullable Object> written = new LinkedHashMap<>(draft.written().plain());
        Map<Object, @Nullable Object> meta = new LinkedHashMap<>();
        if (written.get("meta") instanceof Map<?, ?> said) {
            said.forEach(meta::put);
        }
        meta.putAll(meta(draft.source().words(), draft.source().config()));
        meta.putAll(meta(draft.table().words(), draft.table().config()));
        written.put("meta", meta);
        written.put("tags", facts.get("tags"));
        written.putIfAbsent("loaded_at_field", facts.get("loaded_at_field"));
        written.putIfAbsent("loaded_at_query", facts.get("loaded_at_query"));
        return written;
    }

    /** The table, its config, the source, and that one's config. */
    private static List<Optional<Mapping>> places(SourceDraft draft) {
        return List.of(
                Optional.of(draft.table().mapping()),
                draft.table().config(),
                Optional.of(draft.source().mapping()),
                draft.source().config());
    }

    private static Optional<YamlValue> find(SourceDraft draft, String key) {
        for (Optional<Mapping> place : places(draft)) {
            Optional<YamlValue.Entry> entry = place.flatMap(m -> m.find(key));
            if (entry.isPresent()) {
                return Optional.of(entry.get().value());
            }
        }
        return Optional.empty();
    }

    /** A table that tells its age in one way does not tell it in the other that its source has. */
    private static @Nullable String loaded(SourceDraft draft, String key, String other) {
        for (Optional<Mapping> place : places(draft)) {
            if (place.flatMap(m -> m.find(key)).isPresent()) {
                return text(draft, key).orElse(null);
            }
            if (place.flatMap(m -> m.find(other)).isPresent()) {
                return null;
            }
        }
        return null;
    }

    private static Optional<String> text(SourceDraft draft, String key) {
        return find(draft, key)
                .filter(YamlValue.Scalar.class::isInstance)
                .map(YamlValue.Scalar.class::cast)
                .filter(s -> !s.isNull())
                .map(YamlValue.Scalar::text);
    }

    /**
     * When rows count as too old; nothing when the table says so. What a project file says counts
     * where nothing else is said.
     */
    private static @Nullable Object freshness(SourceDraft draft) {
        Optional<YamlValue> said = find(draft, "freshness");
        Optional<YamlValue> effective = said.or(() -> draft.settings().find("freshness"));
        if (effective.isPresent() && !(effective.get() instanceof Mapping)) {
            return null;
        }
        Map<Object, @Nullable Object> all = new LinkedHashMap<>();
        if (said.isEmpty() && effective.orElse(null) instanceof Mapping given) {
            given.plain().forEach(all::put);
        }
        for (Optional<Mapping> place :
                List.of(
                        draft.source().config(),
                        Optional.of(draft.source().mapping()),
                        draft.table().config(),
                        Optional.of(draft.table().mapping()))) {
            place.flatMap(m -> m.find("freshness"))
                    .map(YamlValue.Entry::value)
                    .filter(Mapping.class::isInstance)
                    .ifPresent(m -> ((Mapping) m).plain().forEach(all::put));
        }
        Map<Object, @Nullable Object> freshness = new LinkedHashMap<>();
        for (String when : List.of("warn_after", "error_after")) {
            if (all.containsKey(when) && all.get(when) == null) {
                freshness.put(when, null);
                continue;
            }
            Map<Object, @Nullable Object> limit = new LinkedHashMap<>();
            Map<?, ?> given = all.get(when) instanceof Map<?, ?> m ? m : Map.of();
            limit.put("count", given.get("count"));
            limit.put("period", given.get("period"));
            freshness.put(when, limit);
        }
        freshness.put("filter", all.get("filter"));
        return freshness;
    }
}
