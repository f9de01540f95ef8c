package dev.tarn.duckdb;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.sql.statement.UnionChains;
import dev.tarn.sql.statement.UnionChains.Branch;
import dev.tarn.sql.statement.UnionChains.Chain;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts long chains of UNION ALL in groups. DuckDB plans a chain in a time that grows with the
 * square of its branches; one whose branches are chains themselves has fewer of them at each place.
 *
 * <p>A parenthesis takes the place of a blank, so that what is told of the query is told of the
 * characters that somebody wrote. Only neighbours with columns of the same types form a group:
 * values of another type could be turned into that of the group, and then into that of all.
 */
final class LongUnions {
    static final int FEWEST = 100;
    private static final Pattern UNION_ALL =
            Pattern.compile("\\bunion\\s+all\\b", Pattern.CASE_INSENSITIVE);

    /** Groups of fewer, and one more, are left as they are. */
    private static final int WORTH = 3;

    /** So many branches are looked at in one question. */
    private static final int AT_ONCE = 16;

    /** The type of a column in which there are nulls and nothing else. */
    private static final String NULLS = "\"NULL\"";

    private final StatementRunner runner;
    private final StatementReader reader;
    private @Nullable Answer newest;

    private record Answer(String asked, String grouped) {}

    LongUnions(StatementRunner runner, StatementReader reader) {
        this.runner = runner;
        this.reader = reader;
    }

    /** Whether a text is worth a look. */
    static boolean mayBeIn(SqlText text) {
        Matcher each = UNION_ALL.matcher(text.sql());
        int count = 1;
        while (count < FEWEST && each.find()) {
            count++;
        }
        return count >= FEWEST;
    }

    /**
     * Returns a query that gives the same rows in the same order, as the same columns. What it
     * reads has to be there.
     */
    SqlText inGroups(SqlText text) {
        if (!mayBeIn(text)) {
            return text;
        }
        Answer last = newest;
        if (last == null || !last.asked().equals(text.sql())) {
            last = new Answer(text.sql(), inGroups(text.sql()));
            newest = last;
        }
        return new SqlText(last.grouped(), text.origin());
    }

    /** Looks at types again: relations have changed. */
    void forget() {
        newest = null;
    }

    private String inGroups(String sql) {
        if (!isOneQuery(sql)) {
            return sql;
        }
        try {
            StringBuilder changed = new StringBuilder(sql);
            for (Chain chain : UnionChains.of(SqlText.of(sql), FEWEST)) {
                group(sql, chain, changed);
            }
            String grouped = changed.toString();
            return !grouped.equals(sql) && types(sql).equals(types(grouped)) ? grouped : sql;
        } catch (TarnException e) {
            if (e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.TIMEOUT) {
                throw e;
            }
            // Whoever runs the query will be told what is wrong with it.
            return sql;
        }
    }

    /** DuckDB runs each of several statements, so that none may hide in what is asked. */
    private boolean isOneQuery(String sql) {
        try {
            return reader.read(runner.connection(), sql)
                            instanceof StatementReader.Statement.Queries queries
                    && queries.count() == 1;
        } catch (SQLException e) {
            return false;
        }
    }

    /** The types of a query's columns. */
    private List<String> types(String sql) {
        if (!isOneQuery(sql)) {
            throw EngineErrors.notAQuery(Optional.empty());
        }
        return runner.query(
                "DESCRIBE " + Statements.trimmed(sql),
                Source.OURS,
                rows -> {
                    List<String> types = new ArrayList<>();
                    while (rows.next()) {
                        types.add(rows.getString(2));
                    }
                    return types;
                });
    }

    /** The types of the columns of each branch. */
    private List<List<String>> types(String sql, String scope, List<Branch> branches) {
        List<List<String>> all = new ArrayList<>();
        for (int first = 0; first < branches.size(); first += AT_ONCE) {
            List<Branch> some = branches.subList(first, Math.min(branches.size(), first + AT_ONCE));
            String each =
                    some.stream()
                            .map(b -> "(" + sql.substring(b.from(), b.to()) + "\n)")
                            .collect(Collectors.joining(", "));
            List<String> types = types(scope + " SELECT * FROM " + each);
            int width = types.size() / some.size();
            for (int i = 0; i < some.size(); i++) {
                all.add(types.subList(i * width, (i + 1) * width));
            }
        }
        return all;
    }

    /** Leaves the first and the last branch alone: what else a query says stands with them. */
    private void group(String sql, Chain chain, StringBuilder changed) {
        List<Branch> branches = chain.branches().subList(1, chain.branches().size() - 1);
        List<List<String>> types = types(sql, chain.scope(), branches);
        int size = Math.max(8, (int) Math.ceil(1.2 * Math.cbrt(branches.size())));
        int first = 0;
        while (first < branches.size()) {
            if (!isBlank(changed, branches.get(first).from())) {
                first++;
                continue;
            }
            int end = end(types, first, Math.min(branches.size(), first + size));
            int last = end - 1;
            while (last > first && !isBlank(changed, branches.get(last).to())) {
                last--;
            }
            if (last - first >= WORTH) {
                changed.setCharAt(branches.get(first).from(), '(');
                changed.setCharAt(branches.get(last).to(), ')');
            }
            first = last + 1;
        }
    }

    /** One byte, as what takes its place: DuckDB counts bytes. */
    private static boolean isBlank(CharSequence text, int at) {
        return text.charAt(at) <= ' ';
    }

    /** The first branch after one that cannot be in a group with it. */
    private static int end(List<List<String>> types, int first, int most) {
        List<String> group = new ArrayList<>(types.get(first));
        int end = first + 1;
        while (end < most) {
            Optional<List<String>> both = both(group, types.get(end));
            if (both.isEmpty()) {
                return end;
            }
            group = both.get();
            end++;
        }
        return end;
    }

    private static Optional<List<String>> both(List<String> one, List<String> other) {
        List<String> both = new ArrayList<>();
        for (int i = 0; i < one.size(); i++) {
            if (one.get(i).equals(other.get(i)) || other.get(i).equals(NULLS)) {
                both.add(one.get(i));
            } else if (one.get(i).equals(NULLS)) {
                both.add(other.get(i));
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(both);
    }
}
