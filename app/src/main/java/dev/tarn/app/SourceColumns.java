package dev.tarn.app;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Tables;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The columns of sources, and of other tables, as they are in one state of the warehouse, or are
 * about to become.
 */
final class SourceColumns implements Function<NodeId, Optional<Schema>> {
    private final Project project;
    private final CatalogView view;
    private final Tables tables;
    private final Ingestion ingestion;
    private final List<Node.Source> ahead;

    /**
     * Looks at the files that are about to land.
     *
     * @param lands which sources' new files land now; of others they count only where there is no
     *     table yet
     */
    SourceColumns(
            Project project,
            CatalogView view,
            Tables tables,
            Ingestion ingestion,
            Predicate<Node.Source> lands,
            int parallelism) {
        this.project = project;
        this.view = view;
        this.tables = tables;
        this.ingestion = ingestion;
        this.ahead =
                project.nodes().values().stream()
                        .filter(Node.Source.class::isInstance)
                        .map(Node.Source.class::cast)
                        .filter(s -> s.ingest().isPresent())
                        .filter(s ->
                                lands.test(s) || view.find(EntryKey.of(s.relation())).isEmpty())
                        .toList();
        ingestion.lookAhead(ahead, view, parallelism);
    }

    /** What a project makes itself is bound from its code; asked for is what reads its own rows. */
    @Override
    public Optional<Schema> apply(NodeId id) {
        return project.find(id)
                .flatMap(node ->
                        switch (node) {
                            case Node.Source source ->
                                    isAhead(source)
                                            ? ingestion.columnsAhead(source, view)
                                            : now(source.relation());
                            case Node.Model model -> now(model.relation());
                            case Node.Seed seed -> Optional.<Schema>empty();
                            case Node.Check check -> Optional.<Schema>empty();
                        });
    }

    private boolean isAhead(Node.Source source) {
        return source.ingest().isPresent() ? ahead.contains(source) : source.isLoaded();
    }

    private Optional<Schema> now(TableName relation) {
        return view.find(EntryKey.of(relation))
                .flatMap(found ->
                        switch (found.entry()) {
                            case Entry.Table table ->
                                    Optional.of(
                                            tables.state(table.pointer()).definition().schema());
                            case Entry.View v -> Optional.of(v.schema());
                            case Entry.Position p -> Optional.<Schema>empty();
                            case Entry.Judgement j -> Optional.<Schema>empty();
                            case Entry.Namespace n -> Optional.<Schema>empty();
                        });
    }
}
