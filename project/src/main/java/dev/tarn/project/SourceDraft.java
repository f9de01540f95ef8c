package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.graph.NodeId;
import dev.tarn.project.PropertyFile.SourceEntry;
import dev.tarn.project.PropertyFile.TableEntry;
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
        WrittenSettings written,
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
        return SourceFacts.of(this);
    }
}
