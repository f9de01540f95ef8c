package dev.tarn.run;

import dev.tarn.model.PointInTime;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Relation;
import dev.tarn.spi.RelationResolver;
import dev.tarn.spi.TableReads;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Lets an engine's session read the tables and views of one state of a ref. Two of them are equal
 * when they show equal states. Safe for use by many threads.
 */
public final class CatalogRelations implements RelationResolver {
    private final CatalogView view;
    private final TableReads tables;
    private final RunTables states;
    private final RunRequest.Substitutes substitutes;
    private final Optional<PastStates> past;
    private final Map<TableName, Relation> parts = new ConcurrentHashMap<>();
    private final Map<TableName, Versioned> found = new ConcurrentHashMap<>();
    private @Nullable Shown shown;

    /** All names of the state: asked for each name of each statement, so they are read once. */
    private record Shown(Set<TableName> names, List<String> schemas) {}

    public CatalogRelations(CatalogView view, TableReads tables) {
        this(
                view,
                tables,
                RunTables.ofQueries(tables),
                RunRequest.Substitutes.NONE,
                Optional.empty());
    }

    /** The same, where queries may also ask for other states of tables. */
    public CatalogRelations(CatalogView view, TableReads tables, PastStates past) {
        this(
                view,
                tables,
                RunTables.ofQueries(tables),
                RunRequest.Substitutes.NONE,
                Optional.of(past));
    }

    /**
     * @param states what others that read much the same have asked for
     * @param substitutes tables that are read in the place of others
     */
    CatalogRelations(
            CatalogView view,
            TableReads tables,
            RunTables states,
            RunRequest.Substitutes substitutes,
            Optional<PastStates> past) {
        this.view = view;
        this.tables = tables;
        this.states = states;
        this.substitutes = substitutes;
        this.past = past;
    }

    @Override
    public Optional<Relation> resolveAt(TableName name, PointInTime point) {
        if (point instanceof PointInTime.Changes changes) {
            Optional<ChangeRelations.Told> told = past.map(p -> p.changed(view, name, changes));
            told.ifPresent(t -> parts.putAll(t.parts()));
            return told.map(ChangeRelations.Told::rows);
        }
        return past.flatMap(p -> p.find(view.ref(), name, point));
    }

    @Override
    public Optional<Relation> resolve(TableName name) {
        TableName other = substitutes.instead().get(name);
        if (other != null && substitutes.always()) {
            return find(other);
        }
        return find(name).or(() -> other == null ? Optional.empty() : find(other));
    }

    private Optional<Relation> find(TableName name) {
        Relation part = parts.get(name);
        if (part != null) {
            return Optional.of(part);
        }
        return name.schema().equals(ContentsViews.SCHEMA)
                ? new ContentsViews(view, tables, past).find(name.table())
                : entry(name).flatMap(this::relation);
    }

    /** What a name stands for; of the others only the names are read. */
    private Optional<Versioned> entry(TableName name) {
        if (!shown().names().contains(name)) {
            return Optional.empty();
        }
        Versioned known = found.get(name);
        if (known == null) {
            known = view.find(EntryKey.of(name)).orElse(null);
            if (known != null) {
                found.put(name, known);
            }
        }
        return Optional.ofNullable(known);
    }

    @Override
    public List<String> searchPath() {
        return shown().schemas();
    }

    @Override
    public Set<TableName> names() {
        return shown().names();
    }

    private synchronized Shown shown() {
        Shown all = shown;
        if (all == null) {
            Set<TableName> names = new LinkedHashSet<>();
            Set<String> schemas = new TreeSet<>();
            for (String each : view.names(EntryKey.Kind.RELATION, "")) {
                TableName name = TableName.parse(each);
                names.add(name);
                schemas.add(name.schema());
            }
            all = new Shown(Collections.unmodifiableSet(names), List.copyOf(schemas));
            shown = all;
        }
        return all;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CatalogRelations o
                && view.equals(o.view)
                && tables.equals(o.tables)
                && substitutes.equals(o.substitutes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(view, tables, substitutes);
    }

    private static Relation view(EntryKey key, Entry.View view) {
        String dialect = view.attributes().get(Entry.View.DIALECT);
        if (dialect != null) {
            throw RunErrors.viewOfAnotherEngine(key, dialect);
        }
        return new Relation.View(view.sql());
    }

    private Relation table(EntryKey key, Entry.Table table) {
        try {
            return states.relation(table.pointer());
        } catch (TarnException e) {
            throw past.map(p -> p.gone(view, TableName.parse(key.name()), e)).orElse(e);
        }
    }

    private Optional<Relation> relation(Versioned found) {
        return switch (found.entry()) {
            case Entry.Table table -> Optional.of(table(found.key(), table));
            case Entry.View v -> Optional.of(view(found.key(), v));
            case Entry.Position p -> Optional.empty();
            case Entry.Judgement j -> Optional.empty();
            case Entry.Namespace n -> Optional.empty();
        };
    }
}
