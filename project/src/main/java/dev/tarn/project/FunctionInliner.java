package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Puts the bodies of functions into the queries that call them, as the engine does with its own
 * macros: each argument, cast to its type, stands where the body names it, and the whole is cast to
 * what the function returns. So a view that calls a function needs nothing but itself.
 */
final class FunctionInliner {
    private static final int DEPTH_MAX = 32;

    /** Words that end the list of a select: a body with one of them is a query of its own. */
    private static final Set<String> CLAUSES =
            Set.of(
                    "from",
                    "where",
                    "group",
                    "having",
                    "union",
                    "intersect",
                    "except",
                    "order",
                    "limit",
                    "qualify",
                    "window");

    private final NodeIndex nodes;
    private final Map<Draft, TableFunction> tables = new LinkedHashMap<>();
    private boolean known;

    FunctionInliner(NodeIndex nodes) {
        this.nodes = nodes;
    }

    /** A part of a text, for the place of an argument's name. */
    interface Part {
        void addTo(SqlPieces out);
    }

    /**
     * The query with every call replaced.
     *
     * @throws TarnException when a call has another number of arguments
     */
    SqlText inline(SqlText sql) {
        if (!known) {
            nodes.tableFunctions().forEach(d -> tables.put(d, new TableFunction(d)));
            known = true;
        }
        if (Stream.concat(nodes.functions().stream(), tables.keySet().stream())
                .noneMatch(f -> sql.sql().contains(f.identifier))) {
            return sql;
        }
        SqlPieces out = new SqlPieces();
        add(out, sql, 0, sql.sql().length(), Map.of(), 0);
        return out.build();
    }

    /** A query that calls a function with arguments of its types: it shows whether it can be. */
    SqlText probe(Draft function) {
        FunctionSignature signature = FunctionSignature.of(function, new Problems());
        SqlPieces out = new SqlPieces();
        out.add("select ");
        List<Part> arguments = new ArrayList<>();
        signature.arguments().forEach(a -> arguments.add(o -> o.add("null")));
        call(out, function, arguments, 0);
        out.add(" as " + SqlNames.always(function.name));
        return out.build();
    }

    private void add(
            SqlPieces out, SqlText sql, int from, int to, Map<String, Part> names, int depth) {
        List<SqlToken> tokens = SqlToken.of(sql.sql(), from, to);
        int copied = from;
        for (int i = 0; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            Draft function = depth < DEPTH_MAX ? calledAt(tokens, i) : null;
            if (function != null) {
                out.addPart(sql, copied, token.start());
                int open = i + 3;
                int close = SqlToken.closing(tokens, open);
                List<Part> arguments = new ArrayList<>();
                Map<String, Part> named = new LinkedHashMap<>();
                TableFunction table = tables.get(function);
                for (int[] range : SqlToken.list(tokens, open, close)) {
                    int assign =
                            table == null
                                    ? -1
                                    : TableFunction.assignment(tokens, range[0], range[1]);
                    int start = tokens.get(assign < 0 ? range[0] : assign + 2).start();
                    int end = tokens.get(range[1]).end();
                    Part value = o -> add(o, sql, start, end, names, depth);
                    if (assign < 0) {
                        arguments.add(value);
                    } else {
                        named.put(tokens.get(range[0]).name(), value);
                    }
                }
                if (table == null) {
                    requireCount(function, arguments.size(), sql, token.start());
                    call(out, function, arguments, depth + 1);
                } else {
                    Place place = sql.locate(token.start()).orElse(function.place);
                    rows(out, function, table.bind(arguments, named, place), depth + 1);
                }
                i = close;
                copied = tokens.get(close).end();
            } else if (isName(tokens, i) && names.containsKey(token.name())) {
                out.addPart(sql, copied, token.start());
                names.get(token.name()).addTo(out);
                copied = token.end();
            }
        }
        out.addPart(sql, copied, to);
    }

    /** The function whose name stands in front of a parenthesis here. */
    private @org.jspecify.annotations.Nullable Draft calledAt(List<SqlToken> tokens, int i) {
        if (i + 3 >= tokens.size()
                || !tokens.get(i + 1).is(".")
                || !tokens.get(i + 3).is("(")
                || (i > 0 && tokens.get(i - 1).is("."))) {
            return null;
        }
        String schema = tokens.get(i).name();
        String name = tokens.get(i + 2).name();
        return Stream.concat(nodes.functions().stream(), tables.keySet().stream())
                .filter(f ->
                        f.schema.equalsIgnoreCase(schema) && f.identifier.equalsIgnoreCase(name))
                .findFirst()
                .orElse(null);
    }

    /** The query of a table function, with the values of a call, where a table stands. */
    private void rows(SqlPieces out, Draft function, Map<String, Part> values, int depth) {
        SqlText body =
                new EphemeralInliner(nodes)
                        .inline(function, function.full.orElse(SqlText.of("select null")));
        out.add("(");
        add(out, body, 0, body.sql().length(), values, depth);
        out.add("\n)");
    }

    private static boolean isName(List<SqlToken> tokens, int i) {
        return tokens.get(i).isName()
                && !(i > 0 && (tokens.get(i - 1).is(".") || tokens.get(i - 1).is("as")))
                && !(i + 1 < tokens.size()
                        && (tokens.get(i + 1).is("(") || tokens.get(i + 1).is(".")));
    }

    private static void requireCount(Draft function, int given, SqlText sql, int offset) {
        List<FunctionSignature.Argument> wanted =
                FunctionSignature.of(function, new Problems()).arguments();
        long least = wanted.stream().filter(a -> a.standard().isEmpty()).count();
        if (given < least || given > wanted.size()) {
            Place place = sql.locate(offset).orElse(function.place);
            throw new TarnException(
                    ProjectErrors.argumentCount(
                            place,
                            function.name,
                            wanted.stream().map(FunctionSignature.Argument::name).toList(),
                            given));
        }
    }

    private void call(SqlPieces out, Draft function, List<Part> given, int depth) {
        FunctionSignature signature = FunctionSignature.of(function, new Problems());
        Map<String, Part> names = new LinkedHashMap<>();
        List<FunctionSignature.Argument> arguments = signature.arguments();
        for (int i = 0; i < arguments.size(); i++) {
            FunctionSignature.Argument argument = arguments.get(i);
            Part value =
                    i < given.size()
                            ? given.get(i)
                            : o -> o.add(argument.standard().orElse("null"));
            names.put(
                    argument.name().toLowerCase(Locale.ROOT),
                    o -> {
                        o.add("cast(");
                        value.addTo(o);
                        o.add(" as " + argument.type() + ")");
                    });
        }
        SqlText body = function.full.orElse(SqlText.of("null"));
        List<SqlToken> tokens = SqlToken.of(body.sql(), 0, body.sql().length());
        int[] expression = expression(tokens);
        out.add("cast((");
        if (expression[1] > expression[0]) {
            add(
                    out,
                    body,
                    tokens.get(expression[0]).start(),
                    tokens.get(expression[1] - 1).end(),
                    names,
                    depth);
        }
        out.add(") as " + signature.returns() + ")");
    }

    /**
     * The words of a body that are its value: of a bare {@code select x as y} only {@code x}, which
     * the engine computes without a query of its own.
     */
    private static int[] expression(List<SqlToken> tokens) {
        int[] all = {0, tokens.size()};
        if (tokens.isEmpty()) {
            return all;
        }
        if (tokens.getFirst().is("return")) {
            return new int[] {1, tokens.size()};
        }
        if (!tokens.getFirst().is("select") || tokens.size() < 2 || tokens.get(1).is("distinct")) {
            return all;
        }
        int end = tokens.size();
        int depth = 0;
        for (int i = 1; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            if (token.is("(") || token.is("[")) {
                depth++;
            } else if (token.is(")") || token.is("]")) {
                depth--;
            } else if (depth == 0
                    && (CLAUSES.contains(token.text().toLowerCase(Locale.ROOT)) || token.is(","))) {
                return all;
            } else if (depth == 0 && token.is("as") && i == tokens.size() - 2) {
                end = i;
            }
        }
        return new int[] {1, end};
    }
}
