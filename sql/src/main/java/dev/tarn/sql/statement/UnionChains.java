package dev.tarn.sql.statement;

import dev.tarn.model.graph.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds long chains of UNION ALL in a query, wherever in it they stand. */
public final class UnionChains {
    private static final Set<String> QUERIES = Set.of("SELECT", "FROM", "VALUES", "TABLE", "(");
    private static final Set<String> OTHER_OPERATIONS = Set.of("UNION", "EXCEPT", "INTERSECT");

    private final String sql;
    private final List<Token> tokens;
    private final int fewest;
    private final List<Chain> found = new ArrayList<>();
    private int at;

    /** How many of the WITH RECURSIVE around are read just now. */
    private int readingThemselves;

    /** One query of a chain: where its text begins and ends, without the blanks behind it. */
    public record Branch(int from, int to) {}

    /**
     * Queries of which all rows are wanted, one after the other.
     *
     * @param scope the common table expressions that they may name, as a query begins with them, or
     *     nothing
     */
    public record Chain(String scope, List<Branch> branches) {
        public Chain {
            branches = List.copyOf(branches);
        }
    }

    private UnionChains(SqlText text, int fewest) {
        this.sql = text.sql();
        this.tokens = Tokens.of(text);
        this.fewest = fewest;
    }

    /**
     * Returns chains of at least some branches, the inner ones first. Those of expressions that may
     * read themselves are left out.
     */
    public static List<Chain> of(SqlText text, int fewest) {
        UnionChains chains = new UnionChains(text, fewest);
        while (chains.at < chains.tokens.size()) {
            chains.level(List.of());
            chains.at++; // A parenthesis that nobody opened is not ours to refuse.
        }
        return List.copyOf(chains.found);
    }

    /** Reads what stands between two parentheses, up to the one that closes. */
    private void level(List<String> outer) {
        List<String> scope = new ArrayList<>(outer);
        boolean recursive = is("WITH") && isNext("RECURSIVE");
        if (is("WITH")) {
            at += recursive ? 2 : 1;
            readingThemselves += recursive ? 1 : 0;
            expressions(scope);
            readingThemselves -= recursive ? 1 : 0;
        }
        List<Branch> branches = new ArrayList<>();
        boolean pure = !recursive && readingThemselves == 0;
        int from = at < tokens.size() ? tokens.get(at).start() : sql.length();
        int to = from;
        while (at < tokens.size() && !is(")")) {
            if (isUnionAll()) {
                branches.add(new Branch(from, to));
                from = tokens.get(at + 1).end();
                at += 2;
                continue;
            }
            if (is("(")) {
                inner(scope);
            } else if (OTHER_OPERATIONS.contains(word())) {
                pure = false;
            }
            if (at < tokens.size()) {
                to = tokens.get(at).end();
                at++;
            }
        }
        branches.add(new Branch(from, to));
        if (pure && branches.size() >= fewest) {
            found.add(
                    new Chain(scope.isEmpty() ? "" : "WITH " + String.join(", ", scope), branches));
        }
    }

    /** Reads common table expressions, each of which may name those before it. */
    private void expressions(List<String> scope) {
        int start = at;
        boolean ended = false;
        while (at < tokens.size() && !is(")") && !(ended && QUERIES.contains(word()))) {
            ended = is("(");
            if (ended) {
                inner(scope);
            } else if (is(",")) {
                scope.add(between(start, at));
                start = at + 1;
            }
            at = Math.min(at + 1, tokens.size());
        }
        scope.add(between(start, at));
    }

    /** Reads what an opening parenthesis holds; stands at the closing one then. */
    private void inner(List<String> scope) {
        at++;
        level(scope);
    }

    private String between(int first, int end) {
        return first < end
                ? sql.substring(tokens.get(first).start(), tokens.get(end - 1).end())
                : "";
    }

    private boolean isUnionAll() {
        return is("UNION")
                && isNext("ALL")
                && at + 2 < tokens.size()
                && !tokens.get(at + 2).is("BY");
    }

    private boolean is(String word) {
        return at < tokens.size() && tokens.get(at).is(word);
    }

    private boolean isNext(String word) {
        return at + 1 < tokens.size() && tokens.get(at + 1).is(word);
    }

    private String word() {
        return at < tokens.size() ? tokens.get(at).text().toUpperCase(Locale.ROOT) : "";
    }
}
