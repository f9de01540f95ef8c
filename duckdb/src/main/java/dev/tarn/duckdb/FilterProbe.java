package dev.tarn.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.spi.Relation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Learns from DuckDB's own optimiser which conditions of a query restrict the rows that it reads
 * from a table: it plans the query over tables of the same columns that have no rows and no
 * statistics, and looks which conditions it pushes into each scan. Whatever stands between a
 * condition and a table, be it a join, a view or a subquery, it knows what may pass.
 */
final class FilterProbe implements AutoCloseable {
    /** Each table's scans carry a condition of their own, by which they are known in the plan. */
    private static final String MARK = "file_row_number > -";

    private static final Pattern MARKED =
            Pattern.compile("(?:optional: )?\\(file_row_number > -(\\d+)\\)");
    private static final Pattern SIMPLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final String OPTIONAL = "optional: ";
    private static final String FUNCTION = "READ_PARQUET";

    private final String database;
    private final StatementRunner runner;
    private final Reading reading;
    private final RelationMaker maker;
    private final List<TableName> marks = new ArrayList<>();
    private boolean attached;

    FilterProbe(String database, StatementRunner runner, StatementReader reader, Reading reading) {
        this.database = database;
        this.runner = runner;
        this.reading = reading;
        this.maker = new RelationMaker(database, runner, reader, reading);
    }

    /** One read of a table in a plan, with the conditions that DuckDB wrote down. */
    private record Read(TableName table, List<String> conditions) {}

    /**
     * What is required of rows, for each read of a table. A table that is not among the keys has to
     * be read as a whole.
     *
     * @param relations what the query reads, each after what it reads itself
     * @param uses how often the query names each of them
     */
    Map<TableName, List<List<Predicate>>> filters(
            SqlText query,
            Map<TableName, Relation> relations,
            Collection<String> path,
            Map<TableName, Integer> uses) {
        try {
            attach();
            relations.forEach((name, relation) -> make(name, relation, path));
            maker.useSearchPath(path);
            maker.enterSearchPath();
            String head = "EXPLAIN (FORMAT json) ";
            String plan =
                    runner.query(
                            head + query.sql(),
                            Source.of(query).after(head),
                            rows -> rows.next() ? rows.getString(2) : "[]");
            List<Read> reads = new ArrayList<>();
            if (!collect(StatementReader.json(plan), reads)) {
                return Map.of();
            }
            return judged(reads, relations, uses);
        } catch (SQLException e) {
            return Map.of();
        } catch (TarnException e) {
            if (e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.TIMEOUT) {
                throw e;
            }
            // Whoever runs the query will be told what is wrong with it.
            return Map.of();
        }
    }

    private void attach() {
        if (!attached) {
            runner.update("ATTACH ':memory:' AS " + Sql.name(database), Source.OURS);
            attached = true;
        }
    }

    private void make(TableName name, Relation relation, Collection<String> path) {
        switch (relation) {
            case Relation.Shape shape -> table(name, shape.schema());
            case Relation.Table table -> table(name, table.columns());
            case Relation.View view -> {
                maker.useSearchPath(path);
                maker.enterSearchPath();
                maker.view(name, view);
            }
        }
    }

    /** In the file, columns have names that need no quotes: conditions are written with them. */
    private void table(TableName name, Schema schema) {
        if (maker.has(name)) {
            return;
        }
        marks.add(name);
        List<Field> plain = new ArrayList<>();
        StringJoiner columns = new StringJoiner(", ", "SELECT ", "");
        for (Field field : schema.fields()) {
            columns.add(plainName(plain.size()) + " AS " + Sql.name(field.name()));
            // Columns of staged tables have no ids of their own.
            plain.add(
                    new Field(
                            plain.size() + 1,
                            plainName(plain.size()),
                            field.type(),
                            false,
                            Optional.empty(),
                            Optional.empty()));
        }
        maker.fixed(
                name,
                columns
                        + ParquetScan.read(
                                new Schema(plain), List.of(reading.empty().path(runner)), true)
                        + " WHERE "
                        + MARK
                        + marks.size());
    }

    private static String plainName(int column) {
        return "c" + column;
    }

    private static Map<String, Field> plainNames(Schema schema) {
        Map<String, Field> names = new HashMap<>();
        for (Field field : schema.fields()) {
            names.put(plainName(names.size()), field);
        }
        return names;
    }

    void drop(TableName name) {
        if (attached) {
            maker.drop(name);
        }
    }

    /** Gathers all reads of a plan; fails when it has one whose table is not known. */
    private boolean collect(JsonNode node, List<Read> reads) {
        JsonNode info = node.path("extra_info");
        boolean scan =
                info.path("Function").asText().equals(FUNCTION)
                        || node.path("name").asText().contains(FUNCTION);
        if (scan && !read(info.path("Filters"), reads)) {
            return false;
        }
        for (JsonNode child : node.isArray() ? node : node.path("children")) {
            if (!collect(child, reads)) {
                return false;
            }
        }
        return true;
    }

    private boolean read(JsonNode filters, List<Read> reads) {
        List<String> conditions = new ArrayList<>();
        int mark = 0;
        for (JsonNode filter : filters.isArray() ? filters : List.of(filters)) {
            String text = filter.asText();
            Matcher marked = MARKED.matcher(text);
            if (marked.matches()) {
                mark = Integer.parseInt(marked.group(1));
            } else {
                conditions.add(
                        text.startsWith(OPTIONAL) ? text.substring(OPTIONAL.length()) : text);
            }
        }
        if (mark < 1 || mark > marks.size()) {
            return false;
        }
        reads.add(new Read(marks.get(mark - 1), conditions));
        return true;
    }

    /**
     * A table counts when the plan has at least as many reads of it as the query, so that none can
     * be hidden in it, and when each of them is restricted.
     */
    private Map<TableName, List<List<Predicate>>> judged(
            List<Read> reads, Map<TableName, Relation> relations, Map<TableName, Integer> uses)
            throws SQLException {
        Map<TableName, List<List<Predicate>>> judged = new HashMap<>();
        Map<String, ScanFilter> known = new HashMap<>();
        for (Read read : reads) {
            List<Predicate> predicates = new ArrayList<>();
            if (relations.get(read.table()) instanceof Relation.Table table) {
                Map<String, Field> columns = plainNames(table.schema());
                List<String> odd = oddNames(table.schema());
                for (String condition : read.conditions()) {
                    if (odd.stream().anyMatch(condition::contains)) {
                        continue;
                    }
                    ScanFilter filter = known.get(condition);
                    if (filter == null) {
                        filter = filter(condition);
                        known.put(condition, filter);
                    }
                    predicates.addAll(filter.predicates(columns));
                }
            }
            judged.computeIfAbsent(read.table(), t -> new ArrayList<>()).add(predicates);
        }
        judged.entrySet()
                .removeIf(e ->
                        e.getValue().size() < uses.getOrDefault(e.getKey(), 1)
                                || e.getValue().stream().anyMatch(List::isEmpty));
        return judged;
    }

    /** Names of parts of structs that could be taken for something else in a condition. */
    private static List<String> oddNames(Schema schema) {
        List<String> odd = new ArrayList<>();
        schema.fields().forEach(field -> oddNames(field.type(), odd));
        return odd;
    }

    private static void oddNames(Type type, List<String> odd) {
        List<Field> parts =
                switch (type) {
                    case Type.Primitive p -> List.of();
                    case Type.Decimal d -> List.of();
                    case Type.Struct struct -> struct.fields();
                    case Type.ListOf list -> List.of(list.element());
                    case Type.MapOf map -> List.of(map.key(), map.value());
                };
        for (Field part : parts) {
            if (type instanceof Type.Struct && !SIMPLE.matcher(part.name()).matches()) {
                odd.add(part.name());
            }
            oddNames(part.type(), odd);
        }
    }

    private ScanFilter filter(String condition) throws SQLException {
        JsonNode tree = StatementReader.tree(runner.connection(), "SELECT " + condition);
        JsonNode statements = tree.path("statements");
        JsonNode expressions = statements.path(0).path("node").path("select_list");
        return statements.size() == 1 && expressions.size() == 1
                ? ScanFilter.of(List.of(expressions.get(0)))
                : new ScanFilter(List.of());
    }

    @Override
    public void close() {
        if (attached) {
            attached = false;
            runner.update("DETACH " + Sql.name(database), Source.OURS);
        }
        maker.close();
    }
}
