package dev.tarn.project;

import dev.tarn.project.PropertyFile.ColumnEntry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What manifests say of columns. */
final class FactColumns {
    private FactColumns() {}

    /** The tags of the source and the column which a test is about. */
    static List<Object> tags(Draft draft) {
        Set<Object> tags = new TreeSet<>();
        draft.subject
                .flatMap(Draft.Subject::source)
                .ifPresent(s -> {
                    tags.addAll(s.source().words().tags());
                    tags.addAll(s.table().words().tags());
                });
        draft.subject.flatMap(Draft.Subject::column).ifPresent(c -> tags.addAll(tags(c)));
        return new ArrayList<>(tags);
    }

    private static List<Object> tags(ColumnEntry column) {
        List<Object> tags = new ArrayList<>(column.words().tags());
        configOf(column)
                .flatMap(m -> m.find("tags"))
                .map(e -> e.value().plain())
                .ifPresent(t -> tags.addAll(t instanceof List<?> l ? l : List.of(t)));
        return tags;
    }

    private static Optional<Mapping> configOf(ColumnEntry column) {
        return column.mapping()
                .find("config")
                .map(YamlValue.Entry::value)
                .filter(Mapping.class::isInstance)
                .map(Mapping.class::cast);
    }

    /** Everything that is known of columns, by their names. */
    static Map<Object, @Nullable Object> columns(
            List<ColumnEntry> entries,
            String packageName,
            java.util.function.Function<ColumnEntry, String> described) {
        Map<Object, @Nullable Object> columns = new LinkedHashMap<>();
        for (ColumnEntry column : entries) {
            Map<Object, @Nullable Object> c = new LinkedHashMap<>();
            c.put("name", column.name());
            c.put("description", described.apply(column));
            Map<Object, @Nullable Object> meta = new LinkedHashMap<>();
            column.words().meta().map(Mapping::plain).ifPresent(meta::putAll);
            Optional<Mapping> said = configOf(column);
            said.flatMap(m -> m.find("meta"))
                    .map(YamlValue.Entry::value)
                    .filter(Mapping.class::isInstance)
                    .ifPresent(m -> meta.putAll(((Mapping) m).plain()));
            List<Object> tags = tags(column);
            c.put("meta", meta);
            c.put("data_type", column.dataType().orElse(null));
            c.put(
                    "constraints",
                    NodeFacts.constraints(
                            column.mapping().find("constraints").map(YamlValue.Entry::value)));
            c.put("quote", column.quoted() ? (Object) true : null);
            Map<Object, @Nullable Object> config = new LinkedHashMap<>();
            config.put("meta", meta);
            config.put("tags", tags);
            c.put("config", config);
            c.put("tags", new ArrayList<>(tags));
            c.put(
                    "granularity",
                    column.mapping()
                            .find("granularity")
                            .map(YamlValue.Entry::value)
                            .filter(Scalar.class::isInstance)
                            .map(YamlValue::plain)
                            .orElse(null));
            c.put("doc_blocks", FactTexts.docBlocks(column.words().description(), packageName));
            columns.put(column.name(), c);
        }
        return columns;
    }
}
