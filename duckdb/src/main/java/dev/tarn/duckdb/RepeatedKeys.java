package dev.tarn.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.duckdb.DuckDBConnection;

/**
 * Queries that number the rows of each key, mostly to keep one of them, where nearly every key has
 * one row anyway. DuckDB sorts whole rows for that, or gathers them in a hash table of as many
 * groups. Here the keys are counted first; rows whose key stands alone pass as they come, in the
 * order of their files, and only the others are numbered.
 *
 * <p>Whether that is quicker is judged by a sample: it counts every key, so that it costs more
 * where many rows have the same. What it gives is the same in any case.
 */
final class RepeatedKeys {
    private static final int SAMPLE = 1 << 18;
    private static final long FEWEST_ROWS = 50_000;
    private static final double MOSTLY_ALONE = 0.8;
    private static final String REPEATED = "__tarn_repeated";

    /** What reads and passes on row by row: to do it twice costs little. */
    private static final Set<String> PASSING =
            Set.of("PROJECTION", "FILTER", "UNION", "READ_PARQUET", "TABLE_SCAN", "SEQ_SCAN");

    private static final Set<ErrorCode> STOPS = Set.of(ErrorCode.INTERRUPTED, ErrorCode.TIMEOUT);

    private final Workspace here;
    private final StatementReader reader;

    RepeatedKeys(Workspace here, StatementReader reader) {
        this.here = here;
        this.reader = reader;
    }

    /**
     * Does something with a query, or with one that gives the same rows sooner. What goes wrong is
     * told of the query as it was written.
     */
    <T> T using(SqlText query, Function<SqlText, T> work) {
        Optional<SqlText> sooner = sooner(query);
        if (sooner.isPresent()) {
            try {
                return work.apply(sooner.get());
            } catch (TarnException e) {
                if (STOPS.contains(e.code())) {
                    throw e;
                }
            }
        }
        return work.apply(query);
    }

    /** The other query; empty when there is none, or when it is not worth it. */
    Optional<SqlText> sooner(SqlText query) {
        if (!query.sql().toLowerCase(Locale.ROOT).contains("partition")) {
            return Optional.empty();
        }
        try {
            JsonNode tree = reader.parsed(connection(), query.sql());
            for (RankedRows ranked : RankedRows.in(tree)) {
                if (isWorthIt(ranked)) {
                    return apart(ranked);
                }
            }
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.empty();
        } catch (TarnException e) {
            if (STOPS.contains(e.code())) {
                throw e;
            }
            // A query that stands for itself only, such as one that needs names of the whole.
            return Optional.empty();
        }
    }

    private DuckDBConnection connection() {
        return here.runner.connection();
    }

    private boolean isWorthIt(RankedRows ranked) throws SQLException {
        String keys = text(ranked.keysOnly());
        Plan plan = Plan.of(explained(keys));
        if (!PASSING.containsAll(plan.operators) || plan.rows < FEWEST_ROWS) {
            return false;
        }
        Plan whole = Plan.of(explained(text(ranked.alone())));
        List<String> others = new ArrayList<>(whole.operators);
        others.removeAll(PASSING);
        // Where DuckDB finds one row of each key first and reads the others not at all, it joins.
        boolean numbersOnly = others.size() == 1 || others.stream().allMatch("WINDOW"::equals);
        return numbersOnly
                && QueryJudgement.of(SqlText.of(keys), here).unsteady().isEmpty()
                && share(keys, plan.rows) >= MOSTLY_ALONE;
    }

    private JsonNode explained(String sql) throws SQLException {
        return StatementReader.json(
                here.runner.query(
                        "EXPLAIN (FORMAT json) " + sql,
                        Source.OURS,
                        rows -> rows.next() ? rows.getString(2) : "[]"));
    }

    /** About how many keys there are for each row; a sample says what the rest is like. */
    private double share(String keys, long rows) {
        String sample =
                "SELECT count(*), sum(c), count(*) FILTER (c = 1), count(*) FILTER (c = 2)"
                        + " FROM (SELECT count(*) AS c, k.* FROM ("
                        + keys
                        + " LIMIT "
                        + SAMPLE
                        + ") AS k GROUP BY ALL)";
        return here.runner.query(
                sample,
                Source.OURS,
                result -> {
                    result.next();
                    double seen = result.getLong(1);
                    double sampled = result.getLong(2);
                    double once = result.getLong(3);
                    double twice = result.getLong(4);
                    // As many are unseen as the keys that were seen once and twice tell (Chao).
                    double unseen = once * Math.max(0, once - 1) / (2 * (twice + 1));
                    boolean all = sampled < SAMPLE;
                    double keysThere = all ? seen : seen + unseen;
                    double rowsThere = all ? sampled : Math.max(sampled, (double) rows);
                    return Math.min(1, keysThere / Math.max(1, rowsThere));
                });
    }

    /** The other query; empty when DuckDB would write it down as one that means something else. */
    private Optional<SqlText> apart(RankedRows ranked) throws SQLException {
        List<String> same = new ArrayList<>();
        List<JsonNode> keys = ranked.keys();
        for (int i = 0; i < keys.size(); i++) {
            List<String> name = new ArrayList<>();
            keys.get(i).path("column_names").forEach(part -> name.add(Sql.name(part.asText())));
            same.add(
                    "%s.%s%d IS NOT DISTINCT FROM %s"
                            .formatted(REPEATED, RankedRows.KEY, i, String.join(".", name)));
        }
        String known =
                "EXISTS (SELECT 1 FROM %s WHERE %s)"
                        .formatted(REPEATED, String.join(" AND ", same));
        JsonNode frame =
                StatementReader.tree(
                        connection(),
                        ("WITH %s AS MATERIALIZED (SELECT k.* FROM (%s) AS k GROUP BY ALL"
                                        + " HAVING count(*) > 1)"
                                        + " SELECT 1 WHERE true AND NOT %s"
                                        + " UNION ALL SELECT 1 WHERE true AND %s")
                                .formatted(REPEATED, text(ranked.keysOnly()), known, known));
        JsonNode one =
                StatementReader.tree(connection(), "SELECT CAST(1 AS BIGINT)")
                        .at("/statements/0/node/select_list/0");
        JsonNode meant = RankedRows.unplaced(ranked.apart(frame, one));
        String sql = text(meant);
        JsonNode written = RankedRows.unplaced(StatementReader.tree(connection(), sql));
        return written.equals(meant) ? Optional.of(SqlText.of(sql)) : Optional.empty();
    }

    /** A tree as SQL. */
    private String text(JsonNode tree) throws SQLException {
        try (PreparedStatement question =
                connection().prepareStatement("SELECT json_deserialize_sql(?::VARCHAR::JSON)")) {
            question.setString(1, tree.toString());
            try (ResultSet result = question.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    /** What a plan does, from the top, and how many rows DuckDB expects. */
    private record Plan(List<String> operators, long rows) {
        static Plan of(JsonNode plan) {
            List<String> operators = new ArrayList<>();
            collect(plan, operators);
            String rows = plan.path(0).path("extra_info").path("Estimated Cardinality").asText("0");
            return new Plan(operators, Long.parseLong(rows));
        }

        private static void collect(JsonNode node, List<String> operators) {
            String name = node.path("name").asText().strip();
            if (!name.isEmpty()) {
                operators.add(name);
            }
            for (JsonNode child : node.isArray() ? node : node.path("children")) {
                collect(child, operators);
            }
        }
    }
}
