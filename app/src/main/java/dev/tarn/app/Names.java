package dev.tarn.app;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.Project;
import dev.tarn.spi.CatalogView;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds the table that somebody means.
 *
 * @param project compiled when a name is not one of the warehouse
 */
record Names(Looking looking, Supplier<Project> project) {
    TableName named(String text, At at) {
        CatalogView view = looking.view(at);
        TableName name = looking.named(text, view);
        return view.find(EntryKey.of(name)).isPresent() ? name : ofSource(name).orElse(name);
    }

    /** The table of a source that the project calls by this name. */
    private Optional<TableName> ofSource(TableName name) {
        Project compiled;
        try {
            compiled = project.get();
        } catch (TarnException e) {
            // Whoever builds it will be told.
            return Optional.empty();
        }
        return compiled.nodes().values().stream()
                .filter(Node.Source.class::isInstance)
                .map(Node.Source.class::cast)
                .filter(s -> s.name().equalsIgnoreCase(name.toString()))
                .map(Node.Source::relation)
                .findFirst();
    }
}
