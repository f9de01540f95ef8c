package dev.tarn.sql.statement;

import dev.tarn.model.graph.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A macro as its statement says it.
 *
 * @param schema where it is
 * @param overloads what it is for different parameters
 */
record MacroDefinition(String schema, List<Overload> overloads) {
    /**
     * @param parameters those with a standard value after the others
     */
    record Overload(List<Parameter> parameters, SqlText body) {
        boolean takes(List<Argument> arguments) {
            List<String> given = new ArrayList<>();
            for (int i = 0; i < arguments.size(); i++) {
                Optional<String> name = arguments.get(i).name();
                if (i >= parameters.size() && name.isEmpty()) {
                    return false;
                }
                int position = i;
                given.add(
                        name.orElseGet(() -> parameters.get(position).name())
                                .toLowerCase(java.util.Locale.ROOT));
            }
            List<String> names =
                    parameters.stream()
                            .map(p -> p.name().toLowerCase(java.util.Locale.ROOT))
                            .toList();
            return names.containsAll(given)
                    && Set.copyOf(given).size() == given.size()
                    && parameters.stream()
                            .filter(p -> p.standard().isEmpty())
                            .allMatch(p ->
                                    given.contains(p.name().toLowerCase(java.util.Locale.ROOT)));
        }
    }

    /**
     * @param standard what it is when a call does not say
     */
    record Parameter(String name, Optional<SqlText> standard) {}

    /**
     * @param name of the parameter, where the call says it
     */
    record Argument(Optional<String> name, SqlText value) {}

    /** Empty when a parameter has a type: then a call may mean something else than its text. */
    static Optional<MacroDefinition> of(Statement.Vocabulary made) {
        SqlText text = made.text();
        List<Token> tokens = Tokens.of(text);
        Cursor cursor = new Cursor(text, tokens, 0, tokens.size());
        while (!cursor.have("(")) {
            cursor.next();
            if (cursor.atEnd()) {
                return Optional.empty();
            }
        }
        List<Overload> overloads = new ArrayList<>();
        do {
            List<Parameter> parameters = new ArrayList<>();
            for (List<Token> part : list(cursor)) {
                Optional<Parameter> parameter = parameter(text, part);
                if (parameter.isEmpty()) {
                    return Optional.empty();
                }
                parameters.add(parameter.get());
            }
            cursor.expect("as");
            SqlText body =
                    cursor.skip("table")
                            ? cursor.rest("a query")
                            : cursor.until("an expression", ",");
            overloads.add(new Overload(parameters, body));
        } while (cursor.skip(","));
        cursor.end();
        List<String> name = made.name().parts();
        return Optional.of(
                new MacroDefinition(
                        name.size() > 1 ? name.get(name.size() - 2) : "main", overloads));
    }

    private static Optional<Parameter> parameter(SqlText text, List<Token> part) {
        String name = part.getFirst().name();
        if (part.size() == 1) {
            return Optional.of(new Parameter(name, Optional.empty()));
        }
        int value = assigned(part);
        return value == 0
                ? Optional.empty()
                : Optional.of(new Parameter(name, Optional.of(from(text, part, value))));
    }

    /** The index behind {@code name :=} or {@code name =>}; 0 when there is no such thing. */
    private static int assigned(List<Token> part) {
        if (part.size() > 2 && part.get(1).is("=>")) {
            return 2;
        }
        return part.size() > 3 && part.get(1).is(":") && part.get(2).is("=") ? 3 : 0;
    }

    /** Passes the arguments of a call in their parentheses. */
    static List<Argument> arguments(Cursor cursor) {
        List<Argument> arguments = new ArrayList<>();
        for (List<Token> part : list(cursor)) {
            int value = part.getFirst().isName() ? assigned(part) : 0;
            Optional<String> name =
                    value > 0 ? Optional.of(part.getFirst().name()) : Optional.empty();
            arguments.add(new Argument(name, from(cursor.text(), part, value)));
        }
        return arguments;
    }

    private static SqlText from(SqlText text, List<Token> part, int first) {
        int start = part.get(first).start();
        return new SqlText(
                text.sql().substring(start, part.getLast().end()), o -> text.locate(start + o));
    }

    /** Passes a list in parentheses; its items as tokens. */
    private static List<List<Token>> list(Cursor cursor) {
        List<List<Token>> items = new ArrayList<>();
        cursor.expect("(");
        while (!cursor.have(")")) {
            List<Token> item = new ArrayList<>();
            int end = cursor.find(Set.of(","));
            while (cursor.at() < end) {
                item.add(cursor.next());
            }
            items.add(item);
            if (!cursor.skip(",")) {
                break;
            }
        }
        cursor.expect(")");
        return items;
    }

    /** What a call with these arguments means, if it is one. */
    Optional<Overload> fitting(List<Argument> arguments) {
        return overloads.stream().filter(o -> o.takes(arguments)).findFirst();
    }
}
