package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.graph.NodeId;
import dev.tarn.project.PropertyFile.SourceEntry;
import dev.tarn.project.PropertyFile.TableEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A source's table on its way to the graph. */
record SourceDraft(
        NodeId id,
        String packageName,
        List<String> fqn,
        SourceEntry source,
        TableEntry table,
        Settings settings,
        boolean enabled) {
    String sourceName() {
        return source.name();
    }

    String tableName() {
        return table.name();
    }

    Place place() {
        return table.place();
    }

    String schema() {
        return source.schema().orElse(source.name());
    }

    String identifier() {
        return table.identifier().orElse(table.name());
    }

    RelationValue relationValue() {
        return RelationValue.of(schema(), identifier(), "table");
    }

    Map<Object, @Nullable Object> asMap() {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        map.put("unique_id", id.value());
        map.put("name", tableName());
        map.put("source_name", sourceName());
        map.put("resource_type", "source");
        map.put("package_name", packageName);
        map.put("database", RelationValue.DATABASE);
        map.put("schema", schema());
        map.put("identifier", identifier());
        map.put("description", table.words().description());
        map.put("fqn", new java.util.ArrayList<>(fqn));
        map.put("config", settings.plain());
        map.put("original_file_path", place().file());
        return map;
    }
}
