package dev.tarn.duckdb;

import dev.tarn.model.PointInTime;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.TableScan;
import dev.tarn.spi.Relation;
import dev.tarn.spi.RelationResolver;
import dev.tarn.sql.statement.TimeTravel;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The relations of one workspace: what names stand for, and what DuckDB binds them to, made when a
 * statement first needs them.
 */
final class SessionRelations implements AutoCloseable {
    /** Planning again costs more than reading the statistics of a few files. */
    static final int PRUNE_FROM_FILES = 8;

    private final StatementRunner runner;
    private final StatementReader reader;
    private final RelationMaker maker;
    private final FilterProbe probe;
    private final PastTables past;
    private final Map<TableName, KnownRelation> known = new HashMap<>();
    private final Map<TableName, TableName> standIns = new HashMap<>();
    private @Nullable RelationResolver resolver;

    SessionRelations(
            String database, StatementRunner runner, StatementReader reader, Reading reading) {
        this.runner = runner;
        this.reader = reader;
        this.past = new PastTables(runner);
        this.maker = new RelationMaker(database, runner, reader, reading);
        this.probe = new FilterProbe(database + "_probe", runner, reader, reading);
    }

    void resolver(RelationResolver newResolver) {
        this.resolver = newResolver;
    }

    /** Goes on with another resolver; what it no longer has, or has otherwise, is forgotten. */
    void moveTo(RelationResolver other) {
        resolver = other;
        for (TableName name : List.copyOf(known.keySet())) {
            if (!(Objects.requireNonNull(known.get(name)).relation instanceof Relation.Table table)
                    || !has(other, name, table)) {
                forget(name);
            }
        }
        planAgain();
    }

    @SuppressWarnings("ReferenceEquality") // Equal ones may plan their files otherwise.
    private static boolean has(RelationResolver resolver, TableName name, Relation.Table table) {
        try {
            return resolver.resolve(name).filter(found -> found == table).isPresent();
        } catch (TarnException e) {
            // Whoever reads it will be told.
            return false;
        }
    }

    /** Whether names are looked up by an equal resolver. */
    boolean resolvedBy(RelationResolver other) {
        return resolver != null && resolver.equals(other);
    }

    /** Plans tables again when they are next read: files may have been moved meanwhile. */
    void planAgain() {
        known.values().forEach(entry -> entry.scan = null);
    }

    void define(TableName name, Relation relation) {
        forget(name);
        known.put(name, new KnownRelation(timeless(name, relation)));
    }

    /** Without windows, and with tables of other times as tables of their own, made known here. */
    SqlText timeless(SqlText asked) {
        SqlText text = dev.tarn.sql.statement.Windows.plain(asked);
        return TimeTravel.of(text)
                .map(rewritten -> {
                    rewritten.wanted().forEach(this::standIn);
                    return rewritten.text();
                })
                .orElse(text);
    }

    /** The same with long chains in groups; for whoever may read anything. */
    SqlText meant(SqlText asked) {
        SqlText query = timeless(asked);
        if (LongUnions.mayBeIn(query)) {
            reads(query).forEach(this::make);
        }
        return maker.inGroups(query);
    }

    private Relation timeless(TableName name, Relation relation) {
        return relation instanceof Relation.View view
                ? ErrorTranslator.inView(name, () -> timeless(SqlText.of(view.sql())))
                : relation;
    }

    private void standIn(TimeTravel.Wanted wanted) {
        TableName name = new TableName(TimeTravel.SCHEMA, wanted.standIn());
        if (known.containsKey(name)) {
            return;
        }
        SqlText written = wanted.name().written();
        TableReference reference = new TableReference(wanted.name().parts(), 0);
        PointInTime point = past.point(wanted);
        TableName meant =
                resolve(reference, written).orElseGet(() -> unresolved(reference, written));
        Relation relation;
        try {
            relation =
                    then(meant, point)
                            .or(() ->
                                    Optional.ofNullable(known.get(meant))
                                            .flatMap(k -> k.columnsOnly(wanted.unit())))
                            .orElseThrow(() ->
                                    find(meant)
                                            ? EngineErrors.noPast(meant)
                                            : missing(reference, written));
        } catch (TarnException e) {
            throw PastTables.at(wanted, e);
        }
        known.put(name, new KnownRelation(timeless(name, relation)));
        standIns.put(name, meant);
    }

    private Optional<Relation> then(TableName name, PointInTime point) {
        return resolver == null ? Optional.empty() : resolver.resolveAt(name, point);
    }

    /** Whether tables of other times were read: what they are may change. */
    boolean hasTravelled() {
        return !standIns.isEmpty();
    }

    /** It may be gone by now. */
    private TableName unresolved(TableReference reference, SqlText written) {
        if (!reference.qualified()) {
            throw missing(reference, written);
        }
        return new TableName(reference.schema(), reference.table());
    }

    /** Takes note of a table that was made in the session's database. */
    void staged(TableName name) {
        known.put(name, new KnownRelation(null));
        maker.made(name);
    }

    /** The same for a view that somebody else made. */
    void fed(TableName name) {
        known.put(name, new KnownRelation(null));
        maker.madeView(name);
    }

    /** Removes a relation, so that another can take its name. */
    void forget(TableName name) {
        if (known.remove(name) != null) {
            drop(name);
            // Views may read it and remember its columns.
            known.forEach((other, view) -> {
                if (view.relation instanceof Relation.View) {
                    drop(other);
                }
            });
        }
    }

    private void drop(TableName name) {
        maker.drop(name);
        probe.drop(name);
    }

    String full(TableName name) {
        return maker.full(name);
    }

    /** Makes the schema a name needs. */
    void schema(String schema) {
        maker.schema(schema);
    }

    /**
     * Makes the relations of a statement whose tree the parser does not hand out, such as PIVOT or
     * COPY: DuckDB is asked to bind it, and names what it misses, one by one.
     *
     * @return whether one was made
     */
    boolean discover(SqlText text) {
        Set<String> tried = new HashSet<>();
        while (true) {
            Optional<TableReference> missing = TableQuestions.first(runner, text);
            if (missing.isEmpty() || !tried.add(missing.get().path().toString())) {
                return tried.size() > 1;
            }
            Optional<TableName> name = resolve(missing.get(), text);
            if (name.isEmpty()) {
                return tried.size() > 1;
            }
            make(name.get());
        }
    }

    /** Makes every relation that a statement reads; returns their names. */
    Set<TableName> prepare(SqlText text) {
        Set<TableName> read = reads(text);
        Map<TableName, Relation> closure = new LinkedHashMap<>();
        Set<TableName> makers = new LinkedHashSet<>();
        read.forEach(name -> close(name, closure, makers));
        makeAll(closure, pruned(text, closure));
        return read;
    }

    /** Makes a relation with all its rows, and before it what it reads. */
    private void make(TableName name) {
        Map<TableName, Relation> closure = new LinkedHashMap<>();
        close(name, closure, new LinkedHashSet<>());
        makeAll(closure, Map.of());
    }

    /** Adds a relation, and before it what it reads. */
    private void close(TableName name, Map<TableName, Relation> closure, Set<TableName> makers) {
        KnownRelation entry = known.get(name);
        if (entry == null || entry.relation == null || closure.containsKey(name)) {
            return;
        }
        if (!makers.add(name)) {
            throw EngineErrors.viewCycle(makers, name);
        }
        if (entry.relation instanceof Relation.View view) {
            reads(SqlText.of(view.sql())).forEach(inner -> close(inner, closure, makers));
        }
        makers.remove(name);
        closure.put(name, entry.relation);
    }

    private void makeAll(Map<TableName, Relation> closure, Map<TableName, TableScan> pruned) {
        closure.forEach((name, relation) -> {
            switch (relation) {
                case Relation.Shape shape -> maker.table(name, shape.schema());
                case Relation.Table table -> {
                    KnownRelation entry = entry(name);
                    entry.read = pruned.getOrDefault(name, full(name, table));
                    maker.files(name, entry.read, entry.placed());
                }
                case Relation.View view -> {
                    maker.useSearchPath(path());
                    maker.view(name, view);
                }
            }
        });
        maker.useSearchPath(path());
    }

    /** The large tables of a query whose own conditions leave files out, without those files. */
    private Map<TableName, TableScan> pruned(SqlText text, Map<TableName, Relation> closure) {
        Map<TableName, Relation.Table> large = new LinkedHashMap<>();
        closure.forEach((name, relation) -> {
            if (relation instanceof Relation.Table table
                    && full(name, table).totalFiles() > PRUNE_FROM_FILES) {
                large.put(name, table);
            }
        });
        if (large.isEmpty()
                || !(statement(text) instanceof StatementReader.Statement.Queries queries)
                || queries.count() != 1) {
            return Map.of();
        }
        Map<TableName, TableScan> pruned = new HashMap<>();
        Map<TableName, Integer> uses = new HashMap<>();
        count(text, uses);
        try {
            Map<TableName, Relation> all = new LinkedHashMap<>(staged(uses.keySet()));
            all.putAll(closure);
            probe.filters(text, all, path(), uses)
                    .forEach((name, each) -> {
                        Relation.Table table = large.get(name);
                        if (table != null) {
                            pruned.put(name, Scans.matchingAny(table, each));
                        }
                    });
        } finally {
            maker.enterSearchPath();
        }
        return pruned;
    }

    /** The columns of staged tables, which the probe has to know to plan the query. */
    private Map<TableName, Relation> staged(Set<TableName> names) {
        Map<TableName, Relation> staged = new LinkedHashMap<>();
        for (TableName name : names) {
            KnownRelation entry = known.get(name);
            if (entry != null && entry.relation == null) {
                staged.put(name, new Relation.Shape(TableQuestions.columns(runner, full(name))));
            }
        }
        return staged;
    }

    /** How often a statement names each relation, itself and through views. */
    private void count(SqlText text, Map<TableName, Integer> uses) {
        for (TableReference reference : references(text)) {
            resolve(reference, text)
                    .ifPresent(name -> {
                        uses.merge(name, 1, Integer::sum);
                        KnownRelation entry = known.get(name);
                        if (entry != null && entry.relation instanceof Relation.View view) {
                            count(SqlText.of(view.sql()), uses);
                        }
                    });
        }
    }

    /** What a statement reads that the session can find, itself and through views. */
    Map<TableName, Relation> reached(SqlText text) {
        Map<TableName, Relation> reached = new HashMap<>();
        reach(text, reached);
        return reached;
    }

    private void reach(SqlText text, Map<TableName, Relation> reached) {
        for (TableName name : reads(text)) {
            KnownRelation entry = known.get(name);
            Relation relation = entry == null ? null : entry.relation;
            if (relation != null
                    && reached.put(name, relation) == null
                    && relation instanceof Relation.View view) {
                reach(SqlText.of(view.sql()), reached);
            }
        }
    }

    List<String> searchPath() {
        return List.copyOf(path());
    }

    /** The relations a statement reads that the session can find. */
    Set<TableName> reads(SqlText text) {
        Set<TableName> found = new TreeSet<>();
        for (TableReference reference : references(text)) {
            resolve(reference, text).ifPresent(found::add);
        }
        return found;
    }

    /** The relations a statement names, found or not. */
    Set<TableName> named(SqlText text) {
        Set<TableName> found = new TreeSet<>();
        for (TableReference reference : references(text)) {
            Optional<TableName> name = resolve(reference, text);
            if (name.isPresent()) {
                found.add(standIns.getOrDefault(name.get(), name.get()));
            } else if (reference.qualified()) {
                found.add(new TableName(reference.schema(), reference.table()));
            } else {
                throw missing(reference, text);
            }
        }
        return found;
    }

    private List<TableReference> references(SqlText text) {
        return switch (statement(text)) {
            case StatementReader.Statement.Queries queries -> queries.references();
            case StatementReader.Statement.Other other -> List.of();
            case StatementReader.Statement.Broken broken ->
                    throw ErrorTranslator.translate(broken.error(), Source.of(text), null);
        };
    }

    private StatementReader.Statement statement(SqlText text) {
        try {
            return reader.read(runner.connection(), text.sql());
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.of(text));
        }
    }

    /** The relation a reference means, if the session can find it. */
    Optional<TableName> resolve(TableReference reference, SqlText text) {
        if (reference.qualified()) {
            TableName name = new TableName(reference.schema(), reference.table());
            return find(name) ? Optional.of(name) : Optional.empty();
        }
        for (String schema : path()) {
            TableName name = new TableName(schema, reference.table());
            if (find(name)) {
                return Optional.of(name);
            }
        }
        String table = TableName.folded(reference.table());
        List<TableName> candidates =
                known.keySet().stream().filter(n -> n.table().equals(table)).sorted().toList();
        if (candidates.size() > 1) {
            throw EngineErrors.ambiguousTable(
                    reference.table(), candidates, Source.of(text).locate(reference.position()));
        }
        return candidates.stream().findFirst();
    }

    private TarnException missing(TableReference reference, SqlText text) {
        return EngineErrors.tableNotFound(
                String.join(".", reference.path()),
                names(),
                Source.of(text).locate(reference.position()));
    }

    private Collection<String> path() {
        return resolver == null ? List.of() : resolver.searchPath();
    }

    private boolean find(TableName name) {
        if (known.containsKey(name)) {
            return true;
        }
        if (resolver == null) {
            return false;
        }
        Optional<Relation> relation = resolver.resolve(name);
        relation.ifPresent(r -> known.put(name, new KnownRelation(timeless(name, r))));
        return relation.isPresent();
    }

    /** What a statement reads and might have meant, for messages. */
    Source.Known knownTo(Set<TableName> read) {
        List<KnownRelation> entries =
                read.stream().map(known::get).filter(Objects::nonNull).toList();
        return new KnownNames(List.copyOf(read), entries, this::names);
    }

    /** Every name there is, for suggestions. */
    Set<TableName> names() {
        Set<TableName> names = new TreeSet<>(known.keySet());
        if (resolver != null) {
            names.addAll(resolver.names());
        }
        return names;
    }

    private TableScan full(TableName name, Relation.Table table) {
        KnownRelation entry = known.get(name);
        TableScan scan = entry == null ? null : entry.scan;
        if (scan == null) {
            scan = table.scan().plan(List.of());
            if (entry != null) {
                entry.scan = scan;
            }
        }
        return scan;
    }

    /** What is known of a relation that a statement named. */
    KnownRelation entry(TableName name) {
        return Optional.ofNullable(known.get(name)).orElseThrow(() -> EngineErrors.notATable(name));
    }

    /** The files behind a table that can have wanted rows, when the name is a table's. */
    Optional<TableScan> scan(TableName name, List<Predicate> predicates) {
        KnownRelation entry = find(name) ? known.get(name) : null;
        if (entry == null || !(entry.relation instanceof Relation.Table table)) {
            return Optional.empty();
        }
        TableScan scan = full(name, table);
        return Optional.of(
                predicates.isEmpty() || scan.totalFiles() <= PRUNE_FROM_FILES
                        ? scan
                        : table.scan().plan(predicates));
    }

    @Override
    public void close() {
        try {
            probe.close();
        } finally {
            maker.close();
        }
    }
}
