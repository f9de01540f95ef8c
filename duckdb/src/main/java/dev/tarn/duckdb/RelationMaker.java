package dev.tarn.duckdb;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableScan.DataFile;
import dev.tarn.spi.Relation;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes relations in a database of DuckDB's, and knows which are there. */
final class RelationMaker implements AutoCloseable {
    /**
     * DuckDB counts places in a view from the start of the view's own text. Blank space before it
     * keeps them apart from places in the statement that reads the view.
     */
    static final String VIEW_MARGIN = " ".repeat(20_000);

    private final String database;
    private final StatementRunner runner;
    private final Reading reading;
    private final LongUnions unions;
    private final Map<TableName, Made> made = new HashMap<>();
    private final Set<String> schemas = new LinkedHashSet<>();
    private List<String> searchPath = List.of();

    /** What a name is in the database. */
    private sealed interface Made {
        /** A view over the files of a table, or a table without rows where there are no files. */
        record Files(TableScan scan, DeletedRowsFunction.Registrations deletions, boolean isTable)
                implements Made {}

        /** A view over a query, or over anything else that does not change. */
        record View() implements Made {}

        record Table() implements Made {}
    }

    RelationMaker(
            String database, StatementRunner runner, StatementReader reader, Reading reading) {
        this.database = database;
        this.runner = runner;
        this.reading = reading;
        this.unions = new LongUnions(runner, reader);
    }

    String full(TableName name) {
        return Sql.name(database, name);
    }

    boolean has(TableName name) {
        return made.containsKey(name);
    }

    /** Makes the schema a name needs. */
    void schema(String schema) {
        if (schemas.add(schema)) {
            runner.update(
                    "CREATE SCHEMA IF NOT EXISTS " + Sql.name(database) + "." + Sql.name(schema),
                    Source.OURS);
        }
    }

    /** A view over files, unless there is one over the same. */
    void files(TableName name, TableScan scan, Optional<PlacedRows> placed) {
        @Nullable Made before = made.get(name);
        if (before instanceof Made.Files files && same(files.scan(), scan)) {
            return;
        }
        schema(name.schema());
        boolean wasTable = before != null && isTable(before);
        boolean isTable = scan.files().isEmpty() && placed.isEmpty();
        if (before != null && (wasTable || isTable)) {
            drop(name);
            before = null;
        }
        DeletedRowsFunction.Registrations deletions = reading.deletedRows().registrations();
        if (isTable) {
            create(name, scan.schema());
        } else {
            select(name, new ParquetScan(deletions, placed).select(scan, reading.shapes(), runner));
        }
        made.put(name, new Made.Files(scan, deletions, isTable));
        release(before);
        unions.forget();
    }

    private static boolean isTable(Made made) {
        return made instanceof Made.Table || (made instanceof Made.Files files && files.isTable());
    }

    /** Whether two plans for one state of a table lead to the same rows. */
    private static boolean same(TableScan made, TableScan wanted) {
        if (made.files().size() != wanted.files().size()
                || made.uniform() != wanted.uniform()
                || !made.schema().equals(wanted.schema())) {
            return false;
        }
        for (int i = 0; i < made.files().size(); i++) {
            DataFile one = made.files().get(i);
            DataFile other = wanted.files().get(i);
            if (!one.path().equals(other.path())
                    || one.deleted().isPresent() != other.deleted().isPresent()
                    || !one.foreign().equals(other.foreign())) {
                return false;
            }
        }
        return true;
    }

    /** A view that never changes. */
    void fixed(TableName name, String select) {
        if (!has(name)) {
            schema(name.schema());
            select(name, select);
            made.put(name, new Made.View());
        }
    }

    private void select(TableName name, String select) {
        runner.update("CREATE OR REPLACE VIEW " + full(name) + " AS " + select, Source.OURS);
    }

    /** A view as somebody wrote it; what it reads must be there. */
    void view(TableName name, Relation.View view) {
        if (!has(name)) {
            schema(name.schema());
            SqlText text = inGroups(SqlText.of(view.sql()));
            String prefix = "CREATE VIEW " + full(name) + " AS " + VIEW_MARGIN;
            runner.update(prefix + text.sql() + "\n", Source.of(text).inView(name).after(prefix));
            made.put(name, new Made.View());
        }
    }

    /** A query of which all relations are made, with long chains of it in groups. */
    SqlText inGroups(SqlText query) {
        return unions.inGroups(query);
    }

    /** An empty table. */
    void table(TableName name, Schema columns) {
        if (!has(name)) {
            schema(name.schema());
            create(name, columns);
            made.put(name, new Made.Table());
        }
    }

    private void create(TableName name, Schema columns) {
        runner.update("CREATE TABLE " + full(name) + Sql.columns(columns), Source.OURS);
    }

    /** Takes note of a table that somebody else made. */
    void made(TableName name) {
        made.put(name, new Made.Table());
    }

    void madeView(TableName name) {
        made.put(name, new Made.View());
    }

    void drop(TableName name) {
        Made before = made.remove(name);
        if (before != null) {
            String what = isTable(before) ? "TABLE" : "VIEW";
            runner.update("DROP " + what + " IF EXISTS " + full(name), Source.OURS);
            release(before);
            unions.forget();
        }
    }

    private static void release(@Nullable Made before) {
        if (before instanceof Made.Files files) {
            files.deletions().close();
        }
    }

    /** Lets names without a schema be found in these schemas, in order. */
    void useSearchPath(Collection<String> path) {
        Set<String> wanted = new LinkedHashSet<>();
        path.forEach(s -> wanted.add(s.toLowerCase(Locale.ROOT)));
        wanted.forEach(this::schema);
        wanted.addAll(schemas);
        wanted.add("main");
        List<String> names = List.copyOf(wanted);
        if (!names.equals(searchPath)) {
            setSearchPath(names);
            searchPath = names;
        }
    }

    /** Uses the same path again, after another database's was used. */
    void enterSearchPath() {
        setSearchPath(searchPath.isEmpty() ? List.of("main") : searchPath);
    }

    private void setSearchPath(List<String> names) {
        runner.update("SET search_path = " + Sql.literal(pathOf(names)), Source.OURS);
    }

    private String pathOf(List<String> names) {
        return names.stream()
                .map(s -> Sql.name(database) + "." + Sql.name(s))
                .collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        made.values().forEach(RelationMaker::release);
        made.clear();
    }
}
