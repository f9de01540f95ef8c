package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Relation;
import dev.tarn.spi.RelationResolver;
import dev.tarn.spi.Tables;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets an engine's session read the tables and views of one state of a ref. */
public final class CatalogRelations implements RelationResolver {
    private final CatalogView view;
    private final Tables tables;
    private @Nullable List<TableName> names;

    public CatalogRelations(CatalogView view, Tables tables) {
        this.view = view;
        this.tables = tables;
    }

    @Override
    public Optional<Relation> resolve(TableName name) {
        return name.schema().equals(ContentsViews.SCHEMA)
                ? new ContentsViews(view, tables).find(name.table())
                : view.find(EntryKey.of(name)).flatMap(this::relation);
    }

    @Override
    public Collection<String> searchPath() {
        return names().stream().map(TableName::schema).distinct().sorted().toList();
    }

    /** Asked for each name of each statement, so the catalog is read once. */
    @Override
    public synchronized List<TableName> names() {
        List<TableName> all = names;
        if (all == null) {
            all =
                    view.list(EntryKey.Kind.RELATION, "").stream()
                            .map(v -> TableName.parse(v.key().name()))
                            .toList();
            names = all;
        }
        return all;
    }

    private Optional<Relation> relation(Versioned found) {
        return switch (found.entry()) {
            case Entry.Table table ->
                    Optional.of(
                            new Relation.Table(
                                    tables.state(table.pointer()).definition().schema(),
                                    predicates ->
                                            tables.scan(
                                                    table.pointer(),
                                                    Optional.empty(),
                                                    predicates)));
            case Entry.View v -> Optional.of(new Relation.View(v.sql()));
            case Entry.Position p -> Optional.empty();
            case Entry.Judgement j -> Optional.empty();
        };
    }
}
