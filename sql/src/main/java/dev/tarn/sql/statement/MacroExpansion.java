package dev.tarn.sql.statement;

import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts the bodies of macros into queries that call them, so that a query needs nothing but itself.
 * The engine refuses macros whose parameters are names of columns in them, so a parameter's name in
 * a body is the parameter. Calls that are written in other ways are left as they are.
 */
public final class MacroExpansion {
    private static final int DEPTH_MAX = 32;

    private final Map<String, MacroDefinition> macros = new HashMap<>();

    /**
     * @param told what made and dropped macros, the first before the last
     */
    public MacroExpansion(List<Statement.Vocabulary> told) {
        for (Statement.Vocabulary one : told) {
            String name = key(one.name().table());
            macros.remove(name);
            if (one.made() && one.what().equals("macro")) {
                definition(one).ifPresent(d -> macros.put(name, d));
            }
        }
    }

    private static Optional<MacroDefinition> definition(Statement.Vocabulary made) {
        try {
            return MacroDefinition.of(made);
        } catch (TarnException e) {
            // The engine took it, so it is written in a way that is not known here.
            return Optional.empty();
        }
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** A part of a text, for the place of a parameter's name. */
    private interface Part {
        void addTo(SqlPieces out);
    }

    /** A query, or an expression, with every call replaced that can be. */
    public SqlText expand(SqlText query) {
        SqlPieces out = new SqlPieces();
        add(out, query, Map.of(), 0);
        return out.text();
    }

    private void add(SqlPieces out, SqlText sql, Map<String, Part> parameters, int depth) {
        List<Token> tokens = Tokens.of(sql);
        int copied = 0;
        for (int i = 0; i < tokens.size(); i++) {
            Call call = depth < DEPTH_MAX ? callAt(sql, tokens, i) : null;
            if (call != null) {
                out.add(cut(sql, copied, tokens.get(i).start()));
                List<Part> values = new ArrayList<>();
                for (MacroDefinition.Argument argument : call.arguments()) {
                    values.add(o -> add(o, argument.value(), parameters, depth));
                }
                replace(out, call, values, depth);
                i = call.last();
                copied = tokens.get(i).end();
                continue;
            }
            Part value = isParameter(tokens, i) ? parameters.get(key(tokens.get(i).name())) : null;
            if (value != null) {
                out.add(cut(sql, copied, tokens.get(i).start()));
                value.addTo(out);
                copied = tokens.get(i).end();
            }
        }
        out.add(cut(sql, copied, sql.sql().length()));
    }

    /**
     * A call that can be replaced.
     *
     * @param last index of its last token
     */
    private record Call(
            MacroDefinition macro,
            MacroDefinition.Overload overload,
            List<MacroDefinition.Argument> arguments,
            int last) {}

    /** The call that begins at a token, with the schema in front of its name if there is one. */
    private @Nullable Call callAt(SqlText sql, List<Token> tokens, int i) {
        if (!tokens.get(i).isName() || (i > 0 && tokens.get(i - 1).is("."))) {
            return null;
        }
        boolean qualified =
                i + 2 < tokens.size() && tokens.get(i + 1).is(".") && tokens.get(i + 2).isName();
        int at = qualified ? i + 2 : i;
        MacroDefinition macro = macros.get(key(tokens.get(at).name()));
        if (macro == null
                || at + 1 >= tokens.size()
                || !tokens.get(at + 1).is("(")
                || (qualified && !macro.schema().equalsIgnoreCase(tokens.get(i).name()))) {
            return null;
        }
        Cursor cursor = new Cursor(sql, tokens, at + 1, tokens.size());
        List<MacroDefinition.Argument> arguments = MacroDefinition.arguments(cursor);
        return macro.fitting(arguments)
                .map(fits -> new Call(macro, fits, arguments, cursor.at() - 1))
                .orElse(null);
    }

    private void replace(SqlPieces out, Call call, List<Part> values, int depth) {
        Map<String, Part> parameters = new HashMap<>();
        for (MacroDefinition.Parameter parameter : call.overload().parameters()) {
            parameter
                    .standard()
                    .ifPresent(text -> parameters.put(key(parameter.name()), o -> o.add(text)));
        }
        for (int i = 0; i < values.size(); i++) {
            Optional<String> named = call.arguments().get(i).name();
            int position = i;
            String name = named.orElseGet(() -> call.overload().parameters().get(position).name());
            parameters.put(key(name), values.get(i));
        }
        parameters.replaceAll((name, part) ->
                o -> {
                    o.add("(");
                    part.addTo(o);
                    o.add(")");
                });
        out.add("(");
        add(out, call.overload().body(), parameters, depth + 1);
        out.add(")");
    }

    /** Whether a name stands here that can be a parameter's: no part of a path, no label. */
    private static boolean isParameter(List<Token> tokens, int i) {
        if (!tokens.get(i).isName()) {
            return false;
        }
        Token before = i > 0 ? tokens.get(i - 1) : tokens.get(i);
        boolean colon = i + 1 < tokens.size() && tokens.get(i + 1).is(":");
        boolean label =
                colon
                        && (before.is("{")
                                || before.is(",")
                                || (i + 2 < tokens.size() && tokens.get(i + 2).is("=")));
        boolean callOrPath =
                i + 1 < tokens.size() && (tokens.get(i + 1).is("(") || tokens.get(i + 1).is("."));
        return !label && !callOrPath && !before.is(".") && !before.is("as");
    }

    private static SqlText cut(SqlText text, int from, int to) {
        return new SqlText(text.sql().substring(from, to), o -> text.locate(from + o));
    }
}
