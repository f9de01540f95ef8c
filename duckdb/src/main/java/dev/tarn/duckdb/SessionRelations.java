package dev.tarn.duckdb;

import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.TableScan;
import dev.tarn.spi.Relation;
import dev.tarn.spi.RelationResolver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The relations of one session: what names stand for, and the views and tables in the session's own
 * database that DuckDB binds them to, made when a statement first needs them.
 */
final class SessionRelations {
    /**
     * DuckDB counts places in a view from the start of the view's own text. Blank space before it
     * keeps them apart from places in the statement that reads the view.
     */
    static final String VIEW_MARGIN = " ".repeat(20_000);

    /** Planning again costs more than reading the statistics of a few files. */
    static final int PRUNE_FROM_FILES = 8;

    private final String database;
    private final StatementRunner runner;
    private final StatementReader reader;
    private final ParquetScan scans;
    private final Map<TableName, Known> known = new HashMap<>();
    private final Set<String> schemas = new LinkedHashSet<>();
    private @Nullable RelationResolver resolver;
    private List<String> searchPath = List.of();

    /** One relation; {@code made} says what it is in the database. */
    private static final class Known {
        private final @Nullable Relation relation;
        private Made made = Made.NOTHING;
        private @Nullable TableScan scan;
        private List<Predicate> predicates = List.of();

        private Known(@Nullable Relation relation) {
            this.relation = relation;
        }
    }

    private enum Made {
        NOTHING,
        VIEW,
        TABLE
    }

    SessionRelations(
            String database, StatementRunner runner, StatementReader reader, ParquetScan scans) {
        this.database = database;
        this.runner = runner;
        this.reader = reader;
        this.scans = scans;
    }

    void resolver(RelationResolver newResolver) {
        this.resolver = newResolver;
    }

    void define(TableName name, Relation relation) {
        forget(name);
        known.put(name, new Known(relation));
    }

    /** Takes note of a table that was made in the session's database. */
    void staged(TableName name) {
        Known entry = new Known(null);
        entry.made = Made.TABLE;
        known.put(name, entry);
    }

    /** Removes a relation, so that another can take its name. */
    void forget(TableName name) {
        Known entry = known.remove(name);
        if (entry != null) {
            drop(name, entry);
            // Views may read it and remember its columns.
            known.forEach((other, view) -> {
                if (view.relation instanceof Relation.View) {
                    drop(other, view);
                }
            });
        }
    }

    private void drop(TableName name, Known entry) {
        String what =
                switch (entry.made) {
                    case NOTHING -> "";
                    case VIEW -> "VIEW";
                    case TABLE -> "TABLE";
                };
        if (!what.isEmpty()) {
            runner.update("DROP " + what + " IF EXISTS " + full(name), Source.OURS);
            entry.made = Made.NOTHING;
            entry.scan = null;
            entry.predicates = List.of();
        }
    }

    String full(TableName name) {
        return Sql.name(database, name);
    }

    /** Makes the schema a name needs. */
    void schema(String schema) {
        if (schemas.add(schema)) {
            runner.update(
                    "CREATE SCHEMA IF NOT EXISTS " + Sql.name(database) + "." + Sql.name(schema),
                    Source.OURS);
        }
    }

    /** The relation a reference means, if the session can find it. */
    Optional<TableName> find(TableReference reference, SqlText text) {
        return resolve(reference, text);
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
            Optional<TableReference> missing = firstMissing(text);
            if (missing.isEmpty() || !tried.add(missing.get().path().toString())) {
                return tried.size() > 1;
            }
            Optional<TableName> name = resolve(missing.get(), text);
            if (name.isEmpty()) {
                return tried.size() > 1;
            }
            make(name.get(), List.of(), new LinkedHashSet<>());
            useSearchPath();
        }
    }

    @SuppressWarnings("try")
    private Optional<TableReference> firstMissing(SqlText text) {
        try {
            runner.connection().prepare(text.sql()).close();
            return Optional.empty();
        } catch (SQLException e) {
            RawError error = RawError.of(e);
            String written = Source.of(text).excerpt(error.position(), error.length());
            boolean table = error.is("Catalog") && error.message().startsWith("Table with name");
            return table && !written.isEmpty()
                    ? Optional.of(TableReference.parse(written, error.position()))
                    : Optional.empty();
        }
    }

    /** Makes every relation that a statement reads; returns their names. */
    Set<TableName> prepare(SqlText text) {
        Set<TableName> read = reads(text);
        Map<TableName, List<Predicate>> predicates = predicates(text, read);
        for (TableName name : read) {
            make(name, predicates.getOrDefault(name, List.of()), new LinkedHashSet<>());
        }
        useSearchPath();
        return read;
    }

    private void make(SqlText text, Set<TableName> makers) {
        for (TableName name : reads(text)) {
            make(name, List.of(), makers);
        }
    }

    /**
     * What a statement's own conditions say of its tables. Nothing when it reads a view, which may
     * read the same table, and nothing for a table that it reads more than once.
     */
    private Map<TableName, List<Predicate>> predicates(SqlText text, Set<TableName> read) {
        Map<TableName, List<Predicate>> predicates = new HashMap<>();
        if (read.stream().anyMatch(this::isView)
                || !(statement(text) instanceof StatementReader.Statement.Queries queries)) {
            return predicates;
        }
        for (TableFilter filter : queries.filters()) {
            Optional<TableName> name = resolve(filter.table(), text);
            long uses =
                    queries.references().stream()
                            .filter(r -> resolve(r, text).equals(name))
                            .count();
            Known entry = name.map(known::get).orElse(null);
            if (uses == 1 && entry != null && entry.relation instanceof Relation.Table table) {
                predicates.put(name.orElseThrow(), filter.predicates(table.schema()));
            }
        }
        return predicates;
    }

    /** What a statement reads that the session can find, itself and through views. */
    Map<TableName, Relation> reached(SqlText text) {
        Map<TableName, Relation> reached = new HashMap<>();
        reach(text, reached);
        return reached;
    }

    private void reach(SqlText text, Map<TableName, Relation> reached) {
        for (TableName name : reads(text)) {
            Known entry = known.get(name);
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

    private boolean isView(TableName name) {
        Known entry = known.get(name);
        return entry != null && entry.relation instanceof Relation.View;
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
                found.add(name.get());
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

    private Optional<TableName> resolve(TableReference reference, SqlText text) {
        if (reference.qualified()) {
            TableName name = new TableName(reference.schema(), reference.table());
            if (find(name)) {
                return Optional.of(name);
            }
            return Optional.empty();
        }
        for (String schema : path()) {
            TableName name = new TableName(schema, reference.table());
            if (find(name)) {
                return Optional.of(name);
            }
        }
        String table = reference.table().toLowerCase(Locale.ROOT);
        List<TableName> candidates =
                known.keySet().stream().filter(n -> n.table().equals(table)).sorted().toList();
        if (candidates.size() > 1) {
            throw EngineErrors.ambiguousTable(
                    reference.table(), candidates, place(reference, text));
        }
        return candidates.stream().findFirst();
    }

    private TarnException missing(TableReference reference, SqlText text) {
        return EngineErrors.tableNotFound(
                String.join(".", reference.path()), names(), place(reference, text));
    }

    private static Optional<Place> place(TableReference reference, SqlText text) {
        return Source.of(text).locate(reference.position());
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
        relation.ifPresent(r -> known.put(name, new Known(r)));
        return relation.isPresent();
    }

    /** What a statement reads and might have meant, for messages. */
    Source.Known knownTo(Set<TableName> read) {
        return new Source.Known() {
            @Override
            public List<TableName> read() {
                return List.copyOf(read);
            }

            @Override
            public Collection<String> columns() {
                return read.stream().flatMap(n -> columnsOf(n).stream()).toList();
            }

            @Override
            public Collection<TableName> all() {
                return names();
            }
        };
    }

    private List<String> columnsOf(TableName name) {
        Known entry = known.get(name);
        Relation relation = entry == null ? null : entry.relation;
        return switch (relation) {
            case null -> List.of();
            case Relation.Table table -> table.schema().names();
            case Relation.Shape shape -> shape.schema().names();
            case Relation.View view -> List.of();
        };
    }

    /** Every name there is, for suggestions. */
    Set<TableName> names() {
        Set<TableName> names = new TreeSet<>(known.keySet());
        if (resolver != null) {
            names.addAll(resolver.names());
        }
        return names;
    }

    private void make(TableName name, List<Predicate> predicates, Set<TableName> makers) {
        Known entry = known.get(name);
        if (entry == null || entry.relation == null) {
            return;
        }
        if (entry.made != Made.NOTHING) {
            if (entry.relation instanceof Relation.Table table
                    && !entry.predicates.equals(predicates)) {
                view(name, entry, table, predicates);
            }
            return;
        }
        if (!makers.add(name)) {
            throw EngineErrors.viewCycle(makers, name);
        }
        schema(name.schema());
        switch (entry.relation) {
            case Relation.Shape shape -> {
                runner.update(
                        "CREATE TABLE " + full(name) + Sql.columns(shape.schema()), Source.OURS);
                entry.made = Made.TABLE;
            }
            case Relation.Table table -> {
                view(name, entry, table, predicates);
                entry.made = Made.VIEW;
            }
            case Relation.View view -> {
                SqlText text = SqlText.of(view.sql());
                make(text, makers);
                useSearchPath();
                String prefix = "CREATE VIEW " + full(name) + " AS " + VIEW_MARGIN;
                runner.update(
                        prefix + view.sql() + "\n", Source.of(text).inView(name).after(prefix));
                entry.made = Made.VIEW;
            }
        }
        makers.remove(name);
    }

    /** Makes the view of a table; of a large one, only over the files that can have wanted rows. */
    private void view(
            TableName name, Known entry, Relation.Table table, List<Predicate> predicates) {
        TableScan scan = full(entry, table);
        boolean prune = scan.totalFiles() > PRUNE_FROM_FILES && !predicates.isEmpty();
        if (entry.made != Made.NOTHING && !prune && entry.predicates.isEmpty()) {
            return;
        }
        TableScan wanted = prune ? table.scan().plan(predicates) : scan;
        runner.update(
                "CREATE OR REPLACE VIEW " + full(name) + " AS " + scans.select(wanted),
                Source.OURS);
        entry.predicates = prune ? predicates : List.of();
    }

    private static TableScan full(Known entry, Relation.Table table) {
        TableScan scan = entry.scan;
        if (scan == null) {
            scan = table.scan().plan(List.of());
            entry.scan = scan;
        }
        return scan;
    }

    /** The files behind a table that can have wanted rows, when the name is a table's. */
    Optional<TableScan> scan(TableName name, List<Predicate> predicates) {
        Known entry = find(name) ? known.get(name) : null;
        if (entry == null || !(entry.relation instanceof Relation.Table table)) {
            return Optional.empty();
        }
        TableScan scan = full(entry, table);
        return Optional.of(
                predicates.isEmpty() || scan.totalFiles() <= PRUNE_FROM_FILES
                        ? scan
                        : table.scan().plan(predicates));
    }

    private void useSearchPath() {
        LinkedHashMap<String, Boolean> wanted = new LinkedHashMap<>();
        path().forEach(s -> wanted.put(s.toLowerCase(Locale.ROOT), true));
        wanted.keySet().forEach(this::schema);
        schemas.forEach(s -> wanted.put(s, true));
        List<String> schemaNames = new ArrayList<>(wanted.keySet());
        schemaNames.add("main");
        if (!schemaNames.equals(searchPath)) {
            String path =
                    schemaNames.stream()
                            .map(s -> Sql.name(database) + "." + Sql.name(s))
                            .collect(Collectors.joining(","));
            runner.update("SET search_path = " + Sql.literal(path), Source.OURS);
            searchPath = schemaNames;
        }
    }
}
