package dev.tarn.sql.statement;

import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Type;
import dev.tarn.sql.statement.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the tables in a query that are wanted as they were, in any of the usual spellings, and puts
 * stand-ins in their place: {@code t AT (VERSION => 3)}, {@code t VERSION AS OF 3}, {@code t FOR
 * SYSTEM_TIME AS OF …}, and the same with TIMESTAMP, REF and RUN. {@code t CHANGES (FROM => 3, TO
 * => 5)} wants the rows that changed.
 */
public final class TimeTravel {
    /** The schema of the stand-ins. */
    public static final String SCHEMA = "tarn_at";

    private static final Pattern MAYBE =
            Pattern.compile(
                    "\\bat\\s*\\(|\\bas\\s+of\\b|\\bchanges\\s*\\(", Pattern.CASE_INSENSITIVE);

    private final SqlText text;
    private final List<Token> tokens;
    private final Map<String, Wanted> found = new LinkedHashMap<>();

    /** What is said about the time. */
    public enum Unit {
        VERSION,
        TIMESTAMP,
        REF,
        RUN,
        /** The rows that changed between two versions. */
        CHANGES
    }

    /**
     * A table as it was.
     *
     * @param standIn the table that the query reads now, in {@link #SCHEMA}
     * @param value an expression without tables
     */
    public record Wanted(String standIn, Name name, Unit unit, SqlText value) {}

    /** The query without clauses about time, and the tables it wants as they were. */
    public record Rewritten(SqlText text, List<Wanted> wanted) {}

    /** Where a clause stands, from its first token to the one after its last. */
    private record Clause(int from, int to, Unit unit, SqlText value) {}

    private TimeTravel(SqlText text, List<Token> tokens) {
        this.text = text;
        this.tokens = tokens;
    }

    /** The token behind a clause about time that begins at a token, or that token. */
    static int end(SqlText text, List<Token> tokens, int at) {
        return new TimeTravel(text, tokens).clause(at).map(Clause::to).orElse(at);
    }

    /** Empty when the text says nothing about time. */
    public static Optional<Rewritten> of(SqlText text) {
        if (!MAYBE.matcher(text.sql()).find()) {
            return Optional.empty();
        }
        TimeTravel travel = new TimeTravel(text, Tokens.of(text));
        SqlText rewritten = travel.rewritten();
        return travel.found.isEmpty()
                ? Optional.empty()
                : Optional.of(new Rewritten(rewritten, List.copyOf(travel.found.values())));
    }

    private SqlText rewritten() {
        SqlPieces pieces = new SqlPieces();
        int copied = 0;
        for (int i = 1; i < tokens.size(); i++) {
            Optional<Clause> clause = clause(i);
            if (clause.isEmpty()) {
                continue;
            }
            Optional<Named> named = nameBefore(i);
            if (named.isEmpty()) {
                continue;
            }
            Wanted wanted = wanted(named.get().name(), clause.get());
            int start = tokens.get(named.get().from()).start();
            copy(pieces, copied, start);
            pieces.add(SCHEMA + "." + Type.quoted(wanted.standIn()));
            named.get().alias().ifPresent(a -> pieces.add(" as ").add(a));
            if (named.get().alias().isEmpty() && !aliasFollows(clause.get().to())) {
                pieces.add(" as " + Type.quoted(wanted.name().table()));
            }
            copied = tokens.get(clause.get().to() - 1).end();
            i = clause.get().to() - 1;
        }
        copy(pieces, copied, text.sql().length());
        return pieces.text();
    }

    private void copy(SqlPieces pieces, int from, int to) {
        if (to > from) {
            pieces.add(
                    new SqlText(
                            text.sql().substring(from, to), offset -> text.locate(from + offset)));
        }
    }

    private Wanted wanted(Name name, Clause clause) {
        String point = clause.unit() + " " + clause.value().sql();
        String key = name.toString().toLowerCase(Locale.ROOT) + " " + point;
        return found.computeIfAbsent(
                key,
                k ->
                        new Wanted(
                                name.table() + "@" + Integer.toHexString(key.hashCode()),
                                name,
                                clause.unit(),
                                clause.value()));
    }

    private boolean is(int index, String... words) {
        for (int w = 0; w < words.length; w++) {
            if (index + w >= tokens.size() || !tokens.get(index + w).is(words[w])) {
                return false;
            }
        }
        return true;
    }

    /** A clause that begins at a token. */
    private Optional<Clause> clause(int at) {
        if (is(at, "at", "(")) {
            for (Unit unit : Unit.values()) {
                if (is(at + 2, unit.name(), "=>")) {
                    return parenthesised(at, unit);
                }
            }
            return Optional.empty();
        }
        if (is(at, "changes", "(") && is(at + 2, "from", "=>")) {
            int close = closing(at + 1);
            return Optional.of(new Clause(at, close + 1, Unit.CHANGES, fragment(at + 2, close)));
        }
        int i = is(at, "for") ? at + 1 : at;
        Unit unit;
        if (is(i, "version", "as", "of") || is(i, "system_version", "as", "of")) {
            unit = Unit.VERSION;
        } else if (is(i, "timestamp", "as", "of") || is(i, "system_time", "as", "of")) {
            unit = Unit.TIMESTAMP;
        } else {
            return Optional.empty();
        }
        int end = valueEnd(i + 3);
        if (end == i + 3) {
            return Optional.empty();
        }
        // Elsewhere names of branches are versions, too.
        boolean name = unit == Unit.VERSION && tokens.get(i + 3).kind() == Kind.TEXT;
        return Optional.of(new Clause(at, end, name ? Unit.REF : unit, fragment(i + 3, end)));
    }

    private Optional<Clause> parenthesised(int at, Unit unit) {
        int close = closing(at + 1);
        if (close == at + 4) {
            throw SyntaxErrors.expected(text, tokens.get(close).start(), "a value", ")");
        }
        return Optional.of(new Clause(at, close + 1, unit, fragment(at + 4, close)));
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

    /** The token after a literal, a call or a difference of such and intervals. */
    private int valueEnd(int at) {
        int i = primaryEnd(at);
        while (i > at && (is(i, "-", "interval") || is(i, "+", "interval"))) {
            int amount = primaryEnd(i + 2);
            boolean unit =
                    amount < tokens.size()
                            && tokens.get(amount)
                                    .text()
                                    .toLowerCase(Locale.ROOT)
                                    .matches("(second|minute|hour|day|week|month|year)s?");
            i = unit ? amount + 1 : amount;
        }
        return i;
    }

    private int primaryEnd(int at) {
        if (at >= tokens.size()) {
            return at;
        }
        Token token = tokens.get(at);
        if (token.kind() == Kind.TEXT || token.kind() == Kind.NUMBER) {
            return at + 1;
        }
        if (token.is("(")) {
            return closing(at) + 1;
        }
        boolean typed = token.is("timestamp") || token.is("timestamptz") || token.is("date");
        if (typed && at + 1 < tokens.size() && tokens.get(at + 1).kind() == Kind.TEXT) {
            return at + 2;
        }
        if (token.kind() == Kind.WORD && is(at + 1, "(")) {
            return closing(at + 1) + 1;
        }
        return token.is("current_timestamp") || token.is("current_date") ? at + 1 : at;
    }

    private SqlText fragment(int from, int to) {
        return new Cursor(text, tokens, from, to).fragment(from, to);
    }

    /** A table's name, from which token on it stands, and another name that was given before. */
    private record Named(int from, Name name, Optional<SqlText> alias) {}

    private Optional<Named> nameBefore(int clause) {
        int last = clause - 1;
        if (last < 0 || !tokens.get(last).isName()) {
            return Optional.empty();
        }
        Optional<SqlText> alias = Optional.empty();
        if (last >= 2 && is(last - 1, "as") && tokens.get(last - 2).isName()) {
            alias = Optional.of(fragment(last, last + 1));
            last -= 2;
        } else if (last >= 1 && tokens.get(last - 1).isName() && !isBeforeTable(last - 1)) {
            alias = Optional.of(fragment(last, last + 1));
            last -= 1;
        }
        int first = last;
        List<String> parts = new ArrayList<>();
        parts.add(tokens.get(last).name());
        while (first >= 2 && is(first - 1, ".") && tokens.get(first - 2).isName()) {
            first -= 2;
            parts.addFirst(tokens.get(first).name());
        }
        return Optional.of(new Named(first, new Name(parts, fragment(first, last + 1)), alias));
    }

    private boolean isBeforeTable(int index) {
        Token token = tokens.get(index);
        return token.is("from")
                || token.is("join")
                || token.is("using")
                || token.is("into")
                || token.is("table")
                || token.is("lateral");
    }

    private boolean aliasFollows(int index) {
        if (index >= tokens.size()) {
            return false;
        }
        Token token = tokens.get(index);
        return token.is("as") || (token.isName() && !Keywords.afterTable(token));
    }
}
