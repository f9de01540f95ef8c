package dev.tarn.sql.statement;

import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Type;
import dev.tarn.sql.statement.WindowCall.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Finds the windows of a query, which stand where tables do: {@code tumble(t, at, interval '5
 * minutes')}, {@code hop}, {@code session} and {@code deduplicate}, and {@code stream(t)} for a
 * table that is followed. Anywhere but in a stream they are queries over the whole table.
 */
public final class Windows {
    /** The schema of what stands for followed tables while a stream works. */
    public static final String SCHEMA = "tarn_stream";

    private static final Pattern MAYBE =
            Pattern.compile(
                    "\\b(from|join|lateral)\\s+(stream|tumble|hop|session|deduplicate)\\s*\\(",
                    Pattern.CASE_INSENSITIVE);

    private final SqlText text;
    private final List<Token> tokens;
    private final List<WindowCall> calls = new ArrayList<>();

    private Windows(SqlText text) {
        this.text = text;
        this.tokens = Tokens.of(text);
    }

    /**
     * The windows that a query names, in their order.
     *
     * @throws dev.tarn.model.TarnException {@code SQL_INVALID} where one is not written as it must
     *     be
     */
    public static List<WindowCall> of(SqlText text) {
        if (!MAYBE.matcher(text.sql()).find()) {
            return List.of();
        }
        Windows windows = new Windows(text);
        windows.written(call -> Optional.empty());
        return List.copyOf(windows.calls);
    }

    /** The query over whole tables: with a query in the place of each window. */
    public static SqlText plain(SqlText text) {
        return MAYBE.matcher(text.sql()).find()
                ? new Windows(text).written(call -> Optional.empty())
                : text;
    }

    /**
     * The query with other tables in the place of windows.
     *
     * @param instead the SQL of a table; empty where a query over the whole table may stand
     */
    public static SqlText with(SqlText text, Function<WindowCall, Optional<String>> instead) {
        return new Windows(text).written(instead);
    }

    private SqlText written(Function<WindowCall, Optional<String>> instead) {
        SqlPieces pieces = new SqlPieces();
        int copied = 0;
        for (int i = 1; i < tokens.size(); i++) {
            if (!isTablePlace(i - 1) || !begins(i)) {
                continue;
            }
            int close = closing(i + 1);
            WindowCall call =
                    new WindowParser(text, tokens, i, close, calls.size()).call(aliasAt(close + 1));
            calls.add(call);
            copy(pieces, copied, tokens.get(i).start());
            Optional<String> other = instead.apply(call);
            if (other.isPresent()) {
                pieces.add(other.get());
            } else {
                over(pieces, call);
            }
            if (!aliasFollows(close + 1)) {
                pieces.add(" as " + Type.quoted(call.alias()));
            }
            copied = tokens.get(close).end();
            i = close;
        }
        copy(pieces, copied, text.sql().length());
        return pieces.text();
    }

    private static void over(SqlPieces pieces, WindowCall call) {
        SqlText input = plain(call.input());
        if (call.kind() == Kind.ROWS) {
            pieces.add(input);
            return;
        }
        String mark = "\u0000";
        String query = WindowSql.query(call, mark);
        int at = query.indexOf(mark);
        pieces.add(placed("(" + query.substring(0, at), call)).add(input);
        pieces.add(placed(query.substring(at + 1) + ")", call));
    }

    /** What nobody wrote, at the place of the window that it stands for. */
    private static SqlText placed(String sql, WindowCall call) {
        return new SqlText(sql, offset -> call.written().locate(0));
    }

    private void copy(SqlPieces pieces, int from, int to) {
        if (to > from) {
            pieces.add(
                    new SqlText(
                            text.sql().substring(from, to), offset -> text.locate(from + offset)));
        }
    }

    private boolean isTablePlace(int index) {
        Token token = tokens.get(index);
        return token.is("from") || token.is("join") || token.is("lateral");
    }

    private boolean begins(int index) {
        return index + 1 < tokens.size()
                && tokens.get(index + 1).is("(")
                && Kind.of(tokens.get(index)).isPresent();
    }

    private int closing(int open) {
        int depth = 0;
        for (int i = open; i < tokens.size(); i++) {
            if (tokens.get(i).is("(")) {
                depth++;
            } else if (tokens.get(i).is(")") && --depth == 0) {
                return i;
            }
        }
        throw SyntaxErrors.unended(text, tokens.get(open).start(), "parenthesis");
    }

    private boolean aliasFollows(int index) {
        if (index >= tokens.size()) {
            return false;
        }
        Token token = tokens.get(index);
        return token.is("as") || (token.isName() && !Keywords.afterTable(token));
    }

    private Optional<String> aliasAt(int index) {
        if (!aliasFollows(index)) {
            return Optional.empty();
        }
        int name = tokens.get(index).is("as") ? index + 1 : index;
        return name < tokens.size() && tokens.get(name).isName()
                ? Optional.of(tokens.get(name).name())
                : Optional.empty();
    }
}
