package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.model.graph.NodeId;
import dev.tarn.project.PropertyFile.SourceEntry;
import dev.tarn.project.PropertyFile.TableEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        Databases databases,
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

    /** The warehouse's schema for it. */
    String schema() {
        return databases.schema(source.database().orElse(null), own());
    }

    /** The schema where the table comes from. */
    private String own() {
        return source.schema().orElse(source.name());
    }

    String database() {
        return databases.name(source.database().orElse(null));
    }

    /** Where its rows are when they are in another database. */
    Optional<ExternalSpec> attached() {
        return databases.rows(source.database().orElse(null), own(), identifier(), place());
    }

    String identifier() {
        return table.identifier().orElse(table.name());
    }

    RelationValue relationValue() {
        return RelationValue.of(schema(), identifier(), "table").in(database());
    }

    Map<Object, @Nullable Object> asMap() {
        return SourceFacts.of(this);
    }
}
