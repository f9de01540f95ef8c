package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.model.graph.NodeId;
import dev.tarn.project.PropertyFile.SourceEntry;
import dev.tarn.project.PropertyFile.TableEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A source's table on its way to the graph.
 *
 * @param apart its table in the warehouse, where another source or node has its own name
 */
record SourceDraft(
        NodeId id,
        String packageName,
        List<String> fqn,
        SourceEntry source,
        TableEntry table,
        Settings settings,
        WrittenSettings written,
        Databases databases,
        boolean enabled,
        Optional<String> apart) {
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

    /** Its table in the warehouse. */
    TableName relation() {
        return new TableName(schema(), apart.orElse(identifier()));
    }

    /** Whether its rows are read from elsewhere, and kept by that name here. */
    boolean isKept() {
        return table.external().isPresent()
                || (table.ingest().isEmpty()
                        && (ExternalLocation.isSaid(settings) || attached().isPresent()));
    }

    /** The same, kept under another name. */
    SourceDraft keptAs(String name) {
        return new SourceDraft(
                id,
                packageName,
                fqn,
                source,
                table,
                settings,
                written,
                databases,
                enabled,
                Optional.of(name));
    }

    RelationValue relationValue() {
        return RelationValue.of(schema(), apart.orElse(identifier()), "table").in(database());
    }

    Map<Object, @Nullable Object> asMap() {
        return SourceFacts.of(this);
    }
}
