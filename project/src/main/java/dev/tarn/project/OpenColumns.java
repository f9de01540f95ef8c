package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Binds a query that reads relations whose columns nobody knows, such as those of Python models.
 * Such a relation is taken to have whatever the query asks of it. What is wrong whatever it may
 * have is told; where that is not certain, nothing is.
 */
final class OpenColumns {
    /** Stands for all columns that nobody asked for: where it turns up, a star was spread out. */
    private static final String MORE = "__tarn_more";

    private static final int TRIES = 400;
    private static final List<String> TYPES =
            List.of("VARCHAR", "DOUBLE", "TIMESTAMP", "BIGINT", "DATE", "BOOLEAN", "VARCHAR[]");
    private static final Pattern NO_COLUMN = Pattern.compile("^Column '(.+?)' does not exist");
    private static final Pattern NO_FUNCTION = Pattern.compile("^Function '(.+?)' does not exist");

    private final EngineSession session;
    private final SqlText sql;
    private final Map<TableName, Known> relations;
    private int left = TRIES;

    /**
     * What is known of a relation's columns.
     *
     * @param columns by name; without a type where that is not known
     * @param open whether there may be more
     */
    record Known(LinkedHashMap<String, Optional<Type>> columns, boolean open) {
        /** A relation of which nothing is known. */
        static Known nothing() {
            return new Known(new LinkedHashMap<>(), true);
        }

        /** All of it, when nothing is missing. */
        Optional<Schema> schema() {
            return open || columns.values().stream().anyMatch(Optional::isEmpty)
                    ? Optional.empty()
                    : Optional.of(shape());
        }

        /** Something to bind against, with texts where a type is not known. */
        Schema shape() {
            List<Field> fields = new ArrayList<>();
            columns.forEach((name, type) ->
                    fields.add(Field.of(name, type.orElse(Type.Primitive.VARCHAR))));
            return new Schema(fields);
        }
    }

    /**
     * What came of a query.
     *
     * @param wrong what is wrong with it for certain
     * @param columns its own; empty when nothing can be said
     */
    record Outcome(Optional<Problem> wrong, Optional<Known> columns) {}

    /** One unknown column as it is tried: its type in SQL, or null. */
    private final Map<TableName, Map<String, String>> tried = new LinkedHashMap<>();

    /**
     * @param relations those that are not known; grows by the columns that the query asks for
     */
    OpenColumns(EngineSession session, SqlText sql, Map<TableName, Known> relations) {
        this.session = session;
        this.sql = sql;
        this.relations = relations;
        relations.forEach((name, known) -> {
            Map<String, String> columns = new LinkedHashMap<>();
            known.columns()
                    .forEach((column, type) ->
                            columns.put(column, type.map(Type::sql).orElse("NULL")));
            tried.put(name, columns);
        });
    }

    Outcome bind() {
        Attempt attempt = attempt();
        while (attempt.problem().isPresent() && left > 0) {
            Problem problem = attempt.problem().get();
            Optional<String> missing = missing(problem);
            Optional<Attempt> next =
                    missing.isPresent() ? withColumn(missing.get(), problem) : withType(problem);
            if (next.isEmpty()) {
                return new Outcome(
                        isCertain(problem, missing) ? Optional.of(problem) : Optional.empty(),
                        Optional.empty());
            }
            attempt = next.get();
        }
        return attempt.columns().isEmpty()
                ? new Outcome(Optional.empty(), Optional.empty())
                : new Outcome(Optional.empty(), Optional.of(known(attempt.columns().get())));
    }

    private record Attempt(Optional<Problem> problem, Optional<Schema> columns) {
        boolean isOther(Problem before) {
            return problem.isEmpty() || !problem.get().equals(before);
        }
    }

    private Attempt attempt() {
        left--;
        relations.forEach((name, known) -> session.define(name, view(name, known.open())));
        try {
            return new Attempt(Optional.empty(), Optional.of(session.describe(sql)));
        } catch (TarnException e) {
            return new Attempt(Optional.of(e.problems().getFirst()), Optional.empty());
        }
    }

    private Relation view(TableName name, boolean open) {
        List<String> columns = new ArrayList<>();
        tried.getOrDefault(name, Map.of())
                .forEach((column, type) ->
                        columns.add(
                                (type.equals("NULL") ? "NULL" : "CAST(NULL AS " + type + ")")
                                        + " AS "
                                        + SqlNames.always(column)));
        if (open) {
            columns.add("NULL AS " + MORE);
        }
        return new Relation.View("SELECT " + String.join(", ", columns));
    }

    private static Optional<String> missing(Problem problem) {
        Matcher matcher = NO_COLUMN.matcher(problem.message());
        return problem.code() == ErrorCode.COLUMN_NOT_FOUND && matcher.find()
                ? Optional.of(matcher.group(1))
                : Optional.empty();
    }

    /** Lets one of the relations have a column; none, when that helps with none of them. */
    private Optional<Attempt> withColumn(String column, Problem problem) {
        for (Map.Entry<TableName, Known> relation : relations.entrySet()) {
            Map<String, String> columns = columns(relation.getKey());
            boolean there = columns.keySet().stream().anyMatch(column::equalsIgnoreCase);
            if (!relation.getValue().open() || there) {
                continue;
            }
            columns.put(column, "NULL");
            Attempt attempt = attempt();
            if (attempt.isOther(problem)) {
                return Optional.of(attempt);
            }
            columns.remove(column);
        }
        return Optional.empty();
    }

    /** Lets one of the columns have a type; none, when that helps with none of them. */
    private Optional<Attempt> withType(Problem problem) {
        for (TableName name : relations.keySet()) {
            Map<String, String> columns = columns(name);
            for (String column : List.copyOf(columns.keySet())) {
                if (!"NULL".equals(columns.get(column))) {
                    continue;
                }
                for (String type : TYPES) {
                    columns.put(column, type);
                    Attempt attempt = attempt();
                    if (attempt.isOther(problem)) {
                        return Optional.of(attempt);
                    }
                }
                columns.put(column, "NULL");
            }
        }
        return Optional.empty();
    }

    private Map<String, String> columns(TableName name) {
        return tried.computeIfAbsent(name, n -> new LinkedHashMap<>());
    }

    /** Whether something is wrong whatever the columns are that nobody knows. */
    private boolean isCertain(Problem problem, Optional<String> missing) {
        return left > 0
                && (missing.isPresent()
                        || problem.code() == ErrorCode.SQL_SYNTAX
                        || NO_FUNCTION.matcher(problem.message()).find());
    }

    /** What is known of the query's own columns. */
    private Known known(Schema bound) {
        boolean guessed =
                relations.keySet().stream()
                        .anyMatch(name ->
                                columns(name).entrySet().stream()
                                        .anyMatch(c -> isGuessed(name, c.getKey(), c.getValue())));
        Optional<Schema> otherwise = guessed ? Optional.empty() : withTexts();
        LinkedHashMap<String, Optional<Type>> columns = new LinkedHashMap<>();
        boolean open = false;
        for (int i = 0; i < bound.fields().size(); i++) {
            Field field = bound.fields().get(i);
            if (field.name().toLowerCase(Locale.ROOT).contains(MORE)) {
                open = true;
                continue;
            }
            int at = i;
            columns.put(
                    field.name(),
                    otherwise
                            .filter(s -> s.fields().size() == bound.fields().size())
                            .map(s -> s.fields().get(at).type())
                            .filter(field.type()::equals));
        }
        tried.forEach((name, asked) -> {
            Known relation = relations.get(name);
            if (relation != null) {
                asked.keySet().forEach(c -> relation.columns().putIfAbsent(c, Optional.empty()));
            }
        });
        return new Known(columns, open);
    }

    private boolean isGuessed(TableName name, String column, String type) {
        Known relation = relations.get(name);
        return !type.equals("NULL")
                && relation != null
                && relation.columns().getOrDefault(column, Optional.empty()).isEmpty();
    }

    /** The same query where all unknown columns are texts: what differs depends on them. */
    private Optional<Schema> withTexts() {
        tried.values().forEach(c -> c.replaceAll((n, t) -> t.equals("NULL") ? "VARCHAR" : t));
        Optional<Schema> texts = attempt().columns();
        tried.forEach((name, columns) ->
                columns.replaceAll(
                        (column, type) -> isGuessed(name, column, type) ? "NULL" : type));
        return texts;
    }
}
