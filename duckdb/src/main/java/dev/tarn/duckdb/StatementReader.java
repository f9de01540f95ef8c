package dev.tarn.duckdb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Reads statements through DuckDB's own parser. Remembers what the newest texts refer to. Safe for
 * use by many threads.
 */
final class StatementReader {
    private static final int REMEMBERED = 512;
    private static final long REMEMBERED_CHARACTERS = 4_000_000;
    private static final Set<String> SPECIAL = Set.of("SHOW_REF", "PIVOT");
    private static final int DEPTH_MAX = 4_000;
    private static final ObjectMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEPTH_MAX)
                                                    .build())
                                    .build())
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build();

    private static final String PLAN =
            "SELECT json_serialize_plan(?::VARCHAR, skip_null := true, skip_empty := true,"
                    + " skip_default := true)";

    private static final String PARSE = "SELECT json_serialize_sql(?::VARCHAR)";

    private final Map<DuckDBConnection, PreparedStatement> questions = new ConcurrentHashMap<>();
    private final Map<String, Statement> remembered = new LinkedHashMap<>(64, 0.75f, true);
    private long characters;
    private @Nullable Parsed newest;

    /** A text and its tree. */
    private record Parsed(String sql, JsonNode tree) {}

    /** What a text is. */
    sealed interface Statement {
        /**
         * Queries whose tables are known.
         *
         * @param functions names of all functions, operators among them, in lower case
         * @param plain whether there is nothing in them that shows what the engine holds, or turns
         *     rows into columns
         */
        record Queries(
                int count, List<TableReference> references, Set<String> functions, boolean plain)
                implements Statement {}

        /** Something that is not a query, or a query of a form the parser does not hand out. */
        record Other(String reason) implements Statement {}

        /** No SQL. */
        record Broken(RawError error) implements Statement {}
    }

    /** Parses a text; each connection prepares the question once, which is half of its cost. */
    private JsonNode asked(DuckDBConnection connection, String sql) throws SQLException {
        PreparedStatement question = questions.get(connection);
        if (question == null || question.isClosed()) {
            question = connection.prepareStatement(PARSE);
            questions.put(connection, question);
        }
        return answer(question, sql);
    }

    /** Lets go of a connection that is about to be closed. */
    void forget(DuckDBConnection connection) throws SQLException {
        PreparedStatement question = questions.remove(connection);
        if (question != null) {
            question.close();
        }
    }

    Statement read(DuckDBConnection connection, String sql) throws SQLException {
        synchronized (remembered) {
            Statement known = remembered.get(sql);
            if (known != null) {
                return known;
            }
        }
        JsonNode tree = asked(connection, sql);
        Statement statement = interpret(tree);
        synchronized (remembered) {
            newest = new Parsed(sql, tree);
            remember(sql, statement);
        }
        return statement;
    }

    private void remember(String sql, Statement statement) {
        if (remembered.put(sql, statement) == null) {
            characters += sql.length();
        }
        Iterator<String> eldest = remembered.keySet().iterator();
        while (remembered.size() > REMEMBERED || characters > REMEMBERED_CHARACTERS) {
            characters -= eldest.next().length();
            eldest.remove();
        }
    }

    /** The tree of a text; without asking the parser when it is the text that was read last. */
    JsonNode parsed(DuckDBConnection connection, String sql) throws SQLException {
        synchronized (remembered) {
            if (newest != null && newest.sql().equals(sql)) {
                return newest.tree();
            }
        }
        return asked(connection, sql);
    }

    /** The parser's tree, or its error, as it says it. */
    static JsonNode tree(DuckDBConnection connection, String sql) throws SQLException {
        return json(connection, PARSE, sql);
    }

    /** The bound plan of a query, or the binder's error. */
    static JsonNode plan(DuckDBConnection connection, String sql) throws SQLException {
        return json(connection, PLAN, sql);
    }

    /** The same when its text holds a word; else nothing, which is quicker. */
    static JsonNode plan(Connection connection, String sql, String word) throws SQLException {
        try (PreparedStatement question = connection.prepareStatement(PLAN)) {
            question.setString(1, sql);
            try (ResultSet result = question.executeQuery()) {
                result.next();
                String text = result.getString(1);
                return text.contains(word) ? json(text) : MissingNode.getInstance();
            }
        }
    }

    private static JsonNode json(DuckDBConnection connection, String call, String sql)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(call)) {
            return answer(statement, sql);
        }
    }

    private static JsonNode answer(PreparedStatement question, String sql) throws SQLException {
        question.setString(1, sql);
        try (ResultSet result = question.executeQuery()) {
            result.next();
            return json(result.getString(1));
        }
    }

    /** A tree or plan that DuckDB wrote down. */
    static JsonNode json(String text) throws SQLException {
        try {
            return JSON.readTree(PlanText.mended(text));
        } catch (JsonProcessingException e) {
            throw new SQLException("DuckDB's tree cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    static Statement interpret(JsonNode tree) {
        if (tree.path("error").asBoolean()) {
            if (tree.path("error_type").asText().equals("parser")) {
                return new Statement.Broken(
                        new RawError(
                                "Parser",
                                tree.path("error_subtype").asText(""),
                                tree.path("error_message").asText(),
                                "",
                                "",
                                List.of(),
                                tree.path("position").asInt(-1),
                                0));
            }
            return new Statement.Other(tree.path("error_message").asText());
        }
        JsonNode statements = tree.path("statements");
        Found found = Found.in(statements);
        return new Statement.Queries(
                statements.size(),
                List.copyOf(found.references()),
                Set.copyOf(found.functions()),
                found.special().isEmpty());
    }

    /** The tables that statements name, other than their own common table expressions. */
    static List<TableReference> references(JsonNode statements) {
        return List.copyOf(Found.in(statements).references());
    }

    private record Found(
            List<TableReference> references, Set<String> functions, Set<String> special) {
        static Found in(JsonNode statements) {
            Found found = new Found(new ArrayList<>(), new HashSet<>(), new HashSet<>());
            collect(statements, Set.of(), found);
            return found;
        }
    }

    private static void collect(JsonNode node, Set<String> ctes, Found found) {
        if (node.isArray()) {
            for (JsonNode child : node) {
                collect(child, ctes, found);
            }
            return;
        }
        if (!node.isObject()) {
            return;
        }
        String type = node.path("type").asText();
        if (type.equals("BASE_TABLE")) {
            reference(node, ctes).ifPresent(found.references()::add);
        } else if (SPECIAL.contains(type)) {
            found.special().add(type);
        }
        JsonNode function = node.path("function_name");
        if (function.isTextual() && !function.asText().isEmpty()) {
            found.functions().add(function.asText().toLowerCase(Locale.ROOT));
        }
        Set<String> inner = ctes;
        JsonNode own = node.path("cte_map").path("map");
        for (JsonNode cte : own) {
            String name = cte.path("key").asText().toLowerCase(Locale.ROOT);
            JsonNode query = cte.path("value").path("query_node");
            Set<String> outer = inner;
            inner = new HashSet<>(inner);
            inner.add(name);
            boolean recursive = query.path("type").asText().equals("RECURSIVE_CTE_NODE");
            collect(query, recursive ? inner : outer, found);
        }
        Set<String> scope = inner;
        node.properties()
                .forEach(child -> {
                    if (!child.getKey().equals("cte_map")) {
                        collect(child.getValue(), scope, found);
                    }
                });
    }

    private static Optional<TableReference> reference(JsonNode node, Set<String> ctes) {
        List<String> path = new ArrayList<>();
        for (JsonNode part : node.path("qualified_name").path("path")) {
            path.add(part.asText());
        }
        boolean own = path.size() == 1 && ctes.contains(path.getFirst().toLowerCase(Locale.ROOT));
        if (path.isEmpty() || own) {
            return Optional.empty();
        }
        long position = node.path("query_location").asLong(-1);
        boolean known = position >= 0 && position < Integer.MAX_VALUE;
        return Optional.of(new TableReference(path, known ? (int) position : -1));
    }
}
