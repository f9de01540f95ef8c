package dev.tarn.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Decides whether a query that somebody typed may run. Everything in its tree must be known to be
 * harmless: kinds of nodes and functions are listed, and what is not listed is refused.
 */
final class AccessCheck {
    private static final Set<String> QUERY_NODES =
            Set.of("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE");
    private static final Set<String> SOURCES =
            Set.of(
                    "BASE_TABLE",
                    "SUBQUERY",
                    "JOIN",
                    "TABLE_FUNCTION",
                    "EMPTY",
                    "EMPTY_FROM",
                    "EXPRESSION_LIST",
                    "PIVOT",
                    "SHOW_REF");
    private static final Set<String> ORDERS = Set.of("ORDER_DEFAULT", "ASCENDING", "DESCENDING");

    private static final Set<String> MODIFIERS =
            Set.of(
                    "ORDER_MODIFIER",
                    "LIMIT_MODIFIER",
                    "LIMIT_PERCENT_MODIFIER",
                    "DISTINCT_MODIFIER");
    private static final Set<String> EXPRESSIONS =
            Set.of(
                    "BETWEEN",
                    "CASE",
                    "CAST",
                    "COLLATE",
                    "COLUMN_REF",
                    "COMPARISON",
                    "CONJUNCTION",
                    "CONSTANT",
                    "DEFAULT",
                    "FUNCTION",
                    "LAMBDA",
                    "LAMBDA_REF",
                    "OPERATOR",
                    "POSITIONAL_REFERENCE",
                    "STAR",
                    "SUBQUERY",
                    "TYPE",
                    "WINDOW");
    private static final Pattern SYSTEM =
            Pattern.compile(
                    "(?i)(information_schema|pg_catalog)\\..*|(duckdb|pragma|sqlite|pg)_.*");
    private static final Set<String> SHOWN = Set.of("DESCRIBE", "SUMMARY");

    private final AllowedFunctions functions;

    AccessCheck(AllowedFunctions functions) {
        this.functions = functions;
    }

    /** Whether all of some functions are known to look at nothing but what they are given. */
    boolean knows(Set<String> names) {
        return names.stream()
                .allMatch(n -> functions.anywhere().contains(n) || functions.asTable().contains(n));
    }

    /** Looks up a relation of the session by the parts of its name. */
    interface Relations {
        Optional<TableName> find(TableReference reference);
    }

    /**
     * Refuses a query that is not allowed, and text that is no single query.
     *
     * @return whether the tree says all that the query does, views aside
     */
    boolean check(
            JsonNode tree, SqlText text, Relations relations, Supplier<Set<TableName>> names) {
        if (StatementReader.interpret(tree) instanceof StatementReader.Statement.Broken broken) {
            throw ErrorTranslator.translate(broken.error(), Source.of(text), null);
        }
        if (tree.path("error").asBoolean()) {
            throw RefusedSql.notAQuery(text.locate(0));
        }
        JsonNode statements = tree.path("statements");
        if (statements.size() != 1) {
            throw RefusedSql.severalStatements(statements.size(), text.locate(0));
        }
        walk(statements.get(0), text);
        for (TableReference reference : StatementReader.references(statements)) {
            Optional<Place> place = Source.of(text).locate(reference.position());
            String written = String.join(".", reference.path());
            if (reference.path().size() > 2) {
                throw RefusedSql.table(written, place);
            }
            if (relations.find(reference).isEmpty()) {
                throw ofTheSystem(written) || looksLikeFile(written)
                        ? RefusedSql.table(written, place)
                        : EngineErrors.tableNotFound(written, names.get(), place);
            }
        }
        return PlainQuery.is(statements.get(0));
    }

    /** Whether a name belongs to the engine's own catalog. */
    static boolean ofTheSystem(String name) {
        return SYSTEM.matcher(name).matches();
    }

    private void walk(JsonNode node, SqlText text) {
        if (node.isObject()) {
            kind(node, text);
        }
        for (JsonNode child : node) {
            walk(child, text);
        }
    }

    private void kind(JsonNode node, SqlText text) {
        String type = node.path("type").asText("");
        if (node.has("class")) {
            expression(node, node.path("class").asText(), text);
        } else if (type.equals("TABLE_FUNCTION")) {
            JsonNode function = node.path("function");
            name(function, functions.asTable(), node, text);
        } else if (type.equals("SHOW_REF")) {
            boolean query = node.path("query").isObject();
            if (!query || !SHOWN.contains(node.path("show_type").asText())) {
                throw RefusedSql.show(text.locate(0));
            }
        } else if (!type.isEmpty() && node.path("type").isTextual() && !known(node, type)) {
            throw RefusedSql.construct(type, place(node, text));
        }
        if (node.path("at_clause").isObject()) {
            throw RefusedSql.timeTravel(place(node, text));
        }
    }

    /** Types of nodes; other objects use the word too, for types of values and orders. */
    private static boolean known(JsonNode node, String type) {
        boolean order = ORDERS.contains(type) && node.has("null_order");
        boolean sample = node.has("sample_size");
        return QUERY_NODES.contains(type)
                || SOURCES.contains(type)
                || MODIFIERS.contains(type)
                || order
                || sample;
    }

    private void expression(JsonNode node, String kind, SqlText text) {
        if (kind.equals("PARAMETER")) {
            throw RefusedSql.parameter(place(node, text));
        }
        if (!EXPRESSIONS.contains(kind)) {
            throw RefusedSql.construct(kind, place(node, text));
        }
        if (node.has("function_name") && !node.path("function_name").asText().isEmpty()) {
            boolean inTable = functions.asTable().contains(name(node));
            if (!inTable) {
                name(node, functions.anywhere(), node, text);
            }
        }
    }

    private static String name(JsonNode function) {
        return function.path("function_name").asText().toLowerCase(Locale.ROOT);
    }

    private static void name(JsonNode function, Set<String> allowed, JsonNode place, SqlText text) {
        JsonNode path = function.path("qualified_name").path("path");
        if (!allowed.contains(name(function)) || path.size() > 1) {
            throw RefusedSql.function(function.path("function_name").asText(), place(place, text));
        }
    }

    private static Optional<Place> place(JsonNode node, SqlText text) {
        long position = node.path("query_location").asLong(-1);
        return position < 0 || position > Integer.MAX_VALUE
                ? Optional.empty()
                : Source.of(text).locate((int) position);
    }

    /** Whether a table's name is rather the path of a file. */
    static boolean looksLikeFile(String name) {
        return List.of('/', '\\', '*', '?').stream().anyMatch(c -> name.indexOf(c) >= 0)
                || name.matches(
                        "(?i).*\\.(parquet|csv|tsv|json|ndjson|jsonl|db|duckdb|txt|gz|zst)");
    }
}
